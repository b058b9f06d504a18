// Package jira is a typed client of Jira Cloud's REST API: version 3, and version
// 2 through [Client.V2].
//
// It does not authenticate: hand [New] an [net/http.Client] whose transport signs
// as the app, acts as a user or sends Basic auth.
//
// Each resource has a service and a file. A method is named after what it does to
// the resource. Its comment gives the call, the permission and Connect scope that
// it needs, the statuses that it answers and the address of its documentation.
//
// A status other than 2xx is a [*rest.Error]; tell them apart with errors.Is and
// the sentinels of package rest. Any call may answer 401 (no token or a bad one),
// 403 (scope missing) and 429. A call that would exceed a documented limit is not
// sent: the error wraps rest.ErrLimit.
package jira
