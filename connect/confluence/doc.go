// Package confluence is a typed client of the parts of Confluence Cloud's REST
// API, version 1, that have to do with people: who they are, what they watch,
// their e-mail addresses and their properties.
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
// 403 (scope missing, or no access to Confluence) and 429. A call that would exceed
// a documented limit is not sent: the error wraps rest.ErrLimit.
package confluence
