// Package forge makes Sightline's Forge manifest from the same source as its
// Connect descriptor ([New]), writes the folder that "forge deploy" takes
// ([WriteDir]), checks anybody's manifest ([Check]), and says what a new one
// asks of admins ([Diff]). README.md tells an admin what to do with it.
//
// # The page and the backend
//
// All modules of the manifest show one resource, a static page. It has the
// Connect page's own scripts and styles, and gets fragments from the backend.
// This is what the two agree on.
//
// Every call of the page goes through the bridge's invokeRemote and the
// endpoint [EndpointPages]. The backend sees an invocation token whose
// app.module is the module's type and key, see [GadgetKey] and [PageKey], and
// the tokens of the app and of the person. There is no session, and no address
// names a dashboard item: which one it is, and its configuration, the backend
// takes from context.extension of the token (dashboard.id, gadget.id,
// gadgetConfiguration), never from the address or the body.
//
// The first call, and each later look at the same view, is
//
//	GET /forge/ui/{module key}?entry=view|edit[&fresh=1]
//
// with fresh=1 for numbers that are asked for anew. A page, which is not a
// gadget, passes the query of its address in Jira on, as extension.location of
// the bridge's context has it: the page for people of Slack is reached by the
// link https://{site}/jira/apps/{app's UUID}/{environment's id}?code=… and asks
// with code=….
//
// Later calls go where the fragments say: data-open, data-post, data-live,
// data-preview and a form's action are paths below the base URL, without the
// base URL's own path, and begin with /forge/ui/. The handlers behind them are
// those of the Connect page; /forge/ui/gadget/workload/person is one. A GET has
// no body. A POST has {"form": "a=b&c=d"}, the fields as a form sends them.
//
// Every answer to a call whose token is right has HTTP status 200, the type
// application/json, and is an object: the bridge tells a page neither the body
// of another status nor a text as it is.
//
//	code    the status that the handler means: 200, 204, 422 with the form, …
//	html    the fragment, also the message or form of a failure
//	detail  else the words for a failure, as in application/problem+json
//	submit  the configuration that Jira is to keep, see below
//	file    a piece of a file: its text, and in next what asks for the next piece
//	read    what the page is to read in Jira first, see below
//
// Other HTTP statuses are for calls that are not verified (401, 403) or cannot
// be (503); the page then has words of its own.
//
// # Reading in the page
//
// A page that can call requestJira puts reads=ID into the query of its calls; the id
// tells the viewer's open pages apart. An answer may then have read, with html for
// what is shown meanwhile or instead of it:
//
//	path     the address of what is shown in the end
//	to       the address that takes Jira's answers
//	want     the requests to make: key, method, path, body, and wait in milliseconds
//	headers  those of Jira's answers that are handed over
//	drop     the members of their JSON that are not
//
// The page makes the requests and posts {"page": ID, "path": path, "answers": …} to
// that address: a list of {key, status, headers, body} (text in place of a body that is
// not JSON), compressed with gzip, in base64. It brings all answers that it has, as
// long as the call has at most 200 kB, else those wanted last. The answer is that
// of path, or another read. A page that cannot read asks for path without an id.
//
// # A gadget's configuration
//
// With entry=edit the backend answers the configuration form, without a button
// to cancel. When what is posted is right, it answers {"code": 200, "submit":
// {…}}: the object of sightline.config, at most 8 kB, to which "refresh" in
// minutes may be added. The page gives it to Jira, which shows the gadget again.
// With entry=view nobody gets the form: a gadget without a configuration says
// that its menu has Configure.
//
// # What Forge has no call for
//
// The frame is as tall as the document, so nothing resizes it. A gadget's title
// cannot be set by its page. Links must be absolute; the page opens them through
// the host. The page's own few texts, for failures on the way, come with it in
// every language; fragments come in the person's.
//
// The package knows nothing of the running app but the words of its texts.
package forge
