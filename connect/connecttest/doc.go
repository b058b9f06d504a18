// Package connecttest is a small Atlassian Cloud site in memory, for developing
// and testing Connect apps: no account, no tunnel, no internet.
//
// A [Site] is an [net/http.Handler]. It installs apps from their descriptor as
// Jira does, signs and checks tokens, places gadgets on dashboards, serves the
// REST APIs over sample data, sends webhooks, exchanges assertions for user
// tokens, and runs a chat with glances and configuration states. It is strict:
// a wrong signature, a wrong query string hash, a missing scope or permission
// fail as they fail on the real site.
//
// In a test, [NewSite] starts one:
//
//	site := connecttest.NewSite(t)
//	app, err := site.Install(ctx, descriptorURL)
//	address, err := site.ModuleURL(app.Key, "my-gadget", account, "10000", item)
//
// The same people have a Confluence, under /wiki/rest/api, and a Jira Data
// Center, under /dc/rest/api/2, where they log in with user name and token.
// Changes to Data Center's users do not change the Cloud site.
//
// Rooms of the chat are created, changed and deleted with
// [Site.CreateConversation] and its neighbours, and apps are told by webhooks.
// [Site.Handle] adds a test's own page or call to the site's origin.
//
// The site is also Forge for apps with a backend of their own:
// [Site.InstallForge] installs one from its manifest, [Site.Invoke] makes the
// call that a page makes with invokeRemote, [Site.ForgeTick] sends the scheduled
// triggers, [Site.ForgeUpgrade] moves a Connect installation on. Changes are told
// as Forge's events. The key set of the invocation tokens is at [ForgeKeysPath].
// Calls bring the OAuth tokens that their endpoint asks for: the app's in the
// header X-Forge-Oauth-System, the person's in X-Forge-Oauth-User. These open the
// REST API below [ForgeAPIPath] and the cloud id, within the manifest's scopes:
// each operation needs one of read:jira-work, write:jira-work, read:jira-user and
// manage:jira-configuration. So anybody's Forge Remote backend can be tested
// without an account:
//
//	app, err := site.InstallForge(ctx, connecttest.ForgeInstall{Source: connecttest.ForgeSource{Dir: "app"}})
//	got, err := site.Invoke(ctx, app.AppID, account, "my-page", connecttest.ForgeCall{Path: "/api/hello"})
//
// The example ForgeRemote does all of it: it installs an app from the text of its
// manifest, calls its page, sends the tick and uninstalls it. A call that the site
// refused, for example for a missing scope, is in [Site.Requests] with the reason.
//
// In a browser, dashboards show Forge gadgets, and /jira/apps/ and
// /jira/settings/apps/ show the pages for everybody and for administrators, in
// sandboxed frames under Forge's own policy. The site plays the host that
// @forge/bridge talks to: view.getContext, submit, close, refresh and
// theme.enable, router, and invokeRemote. If a page's bridge.js was not built
// and only imports the package, the site serves a stand-in.
//
// [Site.Requests] tells what the app did, what was refused and why.
// [Site.AddFault] makes failures on demand; [Site.SignHost] and
// [Site.InstallKey] make tokens that only the host can make, for tests that
// need wrong ones. All of it is available over HTTP as well, for programs in
// other languages and for trying things out: GET /-/ lists those calls, with a
// line about each. On the site's page "Apps" an administrator does by mouse what
// they do: installs and uninstalls apps, sends scheduled triggers, and upgrades
// a Connect app to the versions that [Site.ForgeDeploy] offers.
//
// [Options.Quota] counts what apps spend of Jira's points and refuses calls as Jira
// does beyond its limits, with its headers. Several sites may share one account:
//
//	quota := &connecttest.Quota{Global: 500} // so that a test need not spend 65,000
//	one, two := connecttest.NewSite(t, connecttest.Options{Quota: quota}), …
//
// [Options] has two switches for tests of clients: Strict refuses parameters
// and fields that an operation does not have, and Check gets every answer, to
// compare with a specification. [Site.SetSettings] has what administrators may
// turn off, [Site.SetSecurity] who may see single issues.
//
// Many types are aliases of types in internal packages. "go doc" shows their
// fields under that name, for example
//
//	go doc github.com/sightline-go/sightline/connect/connecttest/internal/faults.Fault
//
// The site hashes and signs with its own code, so that the framework's mistakes
// about the protocol are not repeated here.
package connecttest
