// Package jiradc is a typed client of the user operations of Jira Data
// Center's REST API, as of version 10.3.
//
// It does not authenticate: hand [New] an [net/http.Client] whose transport sends a
// personal access token or Basic auth, see rest.Bearer and rest.Basic. Data Center
// has no Connect apps, and so no scopes.
//
// Each resource has a service and a file. A method is named after what it does to
// the resource. Its comment gives the call, the permission that it needs, the
// statuses that it answers and the address of its documentation.
//
// A status other than 2xx is a [*rest.Error]; tell them apart with errors.Is and
// the sentinels of package rest. Any call may answer 401 (not logged in). A call
// that would exceed a documented limit is not sent: the error wraps rest.ErrLimit.
//
// Some methods are experimental: Jira may change them without notice and takes
// them only with a header that says so, which they send.
//
// The documentation gives wrong types, or none, for several answers. The types here
// are what Jira sends.
package jiradc
