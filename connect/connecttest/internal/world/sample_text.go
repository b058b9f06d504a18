package world

// samplePerson is one of the built-in team.
type samplePerson struct {
	username, name, zone, locale string
}

// The built-in, invented team. Their places in the list matter, see the
// constants below.
func sampleTeam() []samplePerson {
	return []samplePerson{
		{"mlindqvist", "Mara Lindqvist", "Europe/Stockholm", "en_GB"},
		{"iokonjo", "Idris Okonjo", "Africa/Lagos", "en_GB"},
		{"ytanabe", "Yuki Tanabe", "Asia/Tokyo", "ja_JP"},
		{"praghunathan", "Priya Raghunathan", "Asia/Kolkata", "en_GB"},
		{"creyes", "Callum Reyes", "America/New_York", "en_US"},
		{"sbeltran", "Sofía Beltrán", "America/Argentina/Buenos_Aires", "es_ES"},
		{"jahlgrim", "Jonas Ahlgrim", "Europe/Berlin", "de_DE"},
		{"adevries", "Anneke de Vries-Oosterhout", "Europe/Amsterdam", "en_GB"},
		{"nhaddad", "Nadia Haddad", "Africa/Cairo", "en_GB"},
		{"rpetrie", "Rowan Petrie", "America/Los_Angeles", "en_US"},
		{"tfaleolo", "Tevita Faleolo", "Pacific/Auckland", "en_GB"},
		{"wcastellane", "Wren Castellane", "Europe/Lisbon", "pt_PT"},
		{"shipbot", "Shipbot", "Etc/UTC", "en_US"},
	}
}

// Places in the team.
const (
	sampleLead     = 0
	sampleAdmin    = 1
	sampleBusiest  = 3
	sampleLogsOnly = 5  // may log work but not change it afterwards
	sampleOutsider = 9  // has no role in the private project
	sampleIdle     = 10 // has nothing open, and may not browse users
	sampleInactive = 11
	sampleBot      = 12
)

// sampleProject is one of the built-in projects; summaries are made of an
// action and a subject.
type sampleProject struct {
	key, name, description, category string
	issues                           int
	access                           Access
	team                             []int // places of those who work on it
	actions, subjects                []string
}

func sampleProjects() []sampleProject {
	return []sampleProject{
		{
			key: "HARB", name: "Harbour", category: "Customer",
			description: "The portal where freight customers book and follow their shipments.",
			issues:      130, access: AccessOpen, team: []int{0, 2, 3, 4, 5, 6, 9, 11},
			actions: []string{
				"Fix wrong total on", "Show an empty state for", "Speed up", "Add keyboard navigation to", "Translate",
				"Remember the last filter of", "Handle a lost connection on", "Write tests for", "Redesign", "Make a printable version of",
				"Remove the old code of", "Fix time zone of dates on", "Validate input of",
			},
			subjects: []string{
				"the booking form", "the shipment list", "the invoice page", "the quay calendar", "the customs checklist",
				"the tracking map", "the notification settings", "the container search", "the address book", "the sign-in page",
				"the tariff table", "the claims form", "the delivery receipt", "the partner directory",
			},
		},
		{
			key: "LANT", name: "Lantern", category: "Platform",
			description: "The data platform: events in, reports out.",
			issues:      110, access: AccessOpen, team: []int{0, 2, 3, 6, 7, 8, 10},
			actions: []string{
				"Split", "Add metrics to", "Reduce memory use of", "Retry failed runs of", "Document", "Upgrade the client of",
				"Back-fill two years of", "Alert when delayed:", "Partition", "Rename the columns of", "Drop the unused part of",
				"Fix duplicate rows in", "Load test",
			},
			subjects: []string{
				"the event collector", "the nightly export", "the revenue report", "the position feed", "the schema registry",
				"the retention job", "the vessel dimension", "the port statistics", "the query gateway", "the audit trail",
				"the forecast model", "the late-arrivals queue",
			},
		},
		{
			key: "VALT", name: "Vault", category: "Platform",
			description: "Security work that is not for everybody's eyes.",
			issues:      60, access: AccessPrivate, team: []int{0, 4, 7, 8},
			actions: []string{
				"Rotate", "Review access to", "Close the finding about", "Write the runbook for", "Replace", "Restrict", "Test the restore of",
			},
			subjects: []string{
				"the signing keys", "the payment gateway", "the staff directory", "the backup store", "the build agents",
				"the partner tokens", "the admin console", "the incident channel", "the shared mailbox", "the bastion hosts",
			},
		},
	}
}

func sampleComments() []string {
	return []string{
		"", "", "Paired on the fix.", "Reproduced it, see the branch.", "Review and second round of comments.",
		"Wrote the tests.", "Call with the customer.\nThey want it before the quarter ends.", "Looked for the cause.", "Cleaned up after the release.",
	}
}

// sampleFile is a file of a built-in issue.
type sampleFile struct {
	issue, name, kind, content string
}

func sampleFiles() []sampleFile {
	return []sampleFile{
		{"HARB-1", "totals.csv", "text/csv", "booking,shown,expected\n20417,312.40,321.40\n20422,98.00,98.00\n"},
		{"HARB-1", "steps.txt", "text/plain", "Open the booking form, add two containers, go back once.\n"},
		{"LANT-2", "event.json", "application/json", "{\"event\":\"arrived\",\"quay\":7}\n"},
		{"VALT-1", "audit notes.txt", "text/plain", "Keys were rotated on Monday; two accounts are left.\n"},
	}
}
