// Package connect speaks the Atlassian Connect protocol from the app's side,
// and verifies the calls of Forge. It works with any router and any storage,
// and needs the standard library, golang-jwt and x/sync.
//
// A first app needs five names:
//
//   - [NewApp] puts an app together from its descriptor, its address and its
//     storage, as [AppConfig] says. The [App] is an [net/http.Handler] that
//     serves the descriptor and is told of installs and uninstalls.
//   - [Installations] is the storage: three methods. [Memory] is enough to begin
//     with; package connect/sqlstore has one in a database.
//   - [App.Page] serves a page that Jira shows in an iframe, to verified requests
//     only.
//   - [Caller] is who looks at it: a [Tenant], that is one site with the app, and
//     the person's account id.
//   - [Caller.API] calls the site's REST API as that person, and [App.Client] as
//     the app. Both are an [net/http.Client], so that package connect/jira and
//     any other client of the API works on top.
//
// [App.Context] and [App.Session] serve the calls of a page's script. [NewForgeApp]
// is the same for a backend that Forge calls; the folder examples/hello has both.
//
// Behind an App are parts that can be used apart from it: [Verifier] checks each
// kind of token, [Lifecycle] stores what the host tells, [Sessions] are tokens of
// the app's own for the later calls of a page, [Outbound] signs calls. A request
// that is refused is an [*AuthError] with a code for the log; any other error of
// a verifier means that the answer is not known, because storage or a key host is
// down. Requests of the chat platform are checked by [ChatVerifier], those of
// Forge by [ForgeVerifier]. Secrets are of type [Secret], which no logger prints.
//
// See https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/
package connect
