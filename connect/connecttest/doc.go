// Package connecttest is a little Atlassian Cloud site in memory, for
// developing and testing Connect apps: no account, no tunnel, no internet.
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
// What the app did, and what was refused and why, is in [Site.Requests].
// Failures on demand come from [Site.AddFault]; tokens that only the host can
// make, for tests that need wrong ones, from [Site.SignHost] and
// [Site.InstallKey]. The same is there over HTTP, under /-/, for programs in
// other languages.
//
// The site hashes and signs with code of its own, so that a wrong idea of the
// protocol in the framework does not find its like here.
package connecttest
