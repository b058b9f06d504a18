package doctor

import "context"

// Check is one row of the table of checks.
type Check struct {
	// Name is what its line is called. About says what is checked, Do what to do about
	// a fault unless the line says something better.
	Name, About, Do string

	run func(v *visit, ctx context.Context) []Line
	// last has it made after all others.
	last bool
}

// Checks is the table of what is checked.
func Checks() []Check {
	return []Check{
		{"settings", "each setting of `serve`, in a line of its own", "Correct it; the README's table says what it may be.", (*visit).eachSetting, false},
		{"names", "settings that are set twice or for something that is off", "Remove what has no effect.", (*visit).names, false},

		{"database", "the database answers and takes writes, and its schema is this program's", "See that SIGHTLINE_DATABASE_URL names the right database and that it runs; `sightline serve` makes or migrates it when it starts.", (*visit).database, false},
		{"secrets", "the keys open every stored secret", "Put the missing key back into SIGHTLINE_SECRET_KEYS. If it is lost, `sightline rekey --forget ID` lists what has to be done.", (*visit).secrets, false},
		{"programs", "programs work on the database, all of one version", "Start `sightline serve`, or restart those that are of another version.", (*visit).programs, false},

		{"clock", "this machine's clock is that of the services outside", "Have the clock set by NTP: tokens are valid for minutes only.", (*visit).clock, true},
		{"install keys", "the host of Connect's install keys answers", "Let the machine reach SIGHTLINE_INSTALL_KEYS_URL, perhaps through HTTPS_PROXY.", (*visit).installKeys, false},
		{"impersonation", "the endpoint for tokens of people answers", "Let the machine reach SIGHTLINE_OAUTH_TOKEN_URL, perhaps through HTTPS_PROXY.", (*visit).impersonation, false},
		{"host script", "the script that Connect's pages load is there", "Correct SIGHTLINE_ACJS_URL; without the script gadgets stay blank.", (*visit).hostScript, false},
		{"forge keys", "Forge's key set answers and has keys", "Let the machine reach SIGHTLINE_FORGE_JWKS_URL, perhaps through HTTPS_PROXY.", (*visit).forgeKeys, false},
		{"forge api", "the API that Forge's calls name answers", "Let the machine reach SIGHTLINE_FORGE_API_URL, perhaps through HTTPS_PROXY.", (*visit).forgeAPI, false},
		{"chat token", "the chat's token endpoint takes the chat app's credentials", "Compare SIGHTLINE_CHAT_CLIENT_ID and SIGHTLINE_CHAT_CLIENT_SECRET with the chat app's.", (*visit).chatToken, false},
		{"chat api", "the chat platform answers", "Let the machine reach SIGHTLINE_CHAT_API_URL, perhaps through HTTPS_PROXY.", (*visit).chatAPI, false},
		{"slack api", "Slack's Web API answers", "Let the machine reach SIGHTLINE_SLACK_API_URL, perhaps through HTTPS_PROXY.", (*visit).slackAPI, false},
		{"slack page", "Slack's authorization page answers", "Correct SIGHTLINE_SLACK_AUTHORIZE_URL.", (*visit).slackPage, false},
		{"traces", "where OpenTelemetry's variables ask for traces, the collector takes a span", "Let the machine reach the collector's port for OTLP over HTTP, usually 4318, and give OTEL_EXPORTER_OTLP_HEADERS what it asks for; or unset OTEL_EXPORTER_OTLP_ENDPOINT.", (*visit).traces, false},
		{"calendars", "the private hosts that calendars may be read from take connections", "Correct SIGHTLINE_CALENDAR_HOSTS, or let the machine reach the host; until then capacity lacks the absences in its calendars.", (*visit).calendars, false},
		{"reports", "the places are there where stored accounts are reported", "Let the machine reach the site and SIGHTLINE_FORGE_API_URL. If Atlassian has no such place, set SIGHTLINE_REPORT_ACCOUNTS=off and report by another way.", (*visit).reports, false},
		{"sites", "the Jira sites of up to three tenants answer, under the cloud id that is stored", "See whether the site still exists; a site that was renamed or imported has to install the app again.", (*visit).sites, false},

		{"address", "the public address answers, over TLS with a certificate that lasts", "Point the name at the proxy, and the proxy at SIGHTLINE_ADDR with the path unchanged; renew the certificate.", (*visit).address, false},
		{"headers", "the proxy neither removes the headers that protect pages nor adds one that forbids frames", "Take the rule about this header out of the proxy's configuration.", (*visit).headers, false},
		{"liveness", "/healthz says that the process is up", "Start `sightline serve`; its log says why it ended.", (*visit).liveness, false},
		{"readiness", "/readyz says that the program can serve", "See the program's log: it says why the database is not ready.", (*visit).readiness, false},
		{"descriptor", "the Connect descriptor is served as this program would", "Give the doctor the settings that the program runs with, or restart it; see that the proxy caches nothing.", (*visit).descriptor, false},
		{"manifest", "the Forge manifest is served as this program would", "Give the doctor the settings that the program runs with, or restart it.", (*visit).manifest, false},
		{"chat descriptor", "the chat's descriptor is served as this program would", "Give the doctor the settings that the program runs with, or restart it.", (*visit).chatDescriptor, false},
		{"lifecycle", "calls of Connect's lifecycle that are not signed, or wrongly, are refused", "Something in front answers for the program, or it is not Sightline: take it off the internet until it refuses.", (*visit).lifecycle, false},
		{"invocations", "calls of Forge that are not signed, or wrongly, are refused", "Something in front answers for the program, or it is not Sightline: take it off the internet until it refuses.", (*visit).invocations, false},
		{"metrics", "metrics cannot be read at the public address", "Listen for metrics on an address of their own that the proxy does not serve.", (*visit).metrics, false},
	}
}
