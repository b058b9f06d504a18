// Package jiradc is a typed client of the user operations of Jira Data
// Center's REST API, as of version 10.3.
//
// It carries no authentication of its own: hand [New] an [net/http.Client]
// whose transport sends a personal access token or Basic auth, see rest.Bearer
// and rest.Basic. There are no Connect apps on Data Center and so no scopes.
//
// Each resource is a service and a file. A method is named after what it does
// to the resource and says, besides its documentation, which permission and
// which statuses it knows. A status other than 2xx is a *rest.Error,
// recognised with errors.Is and the sentinels of package rest; 401 (not logged
// in) may answer any call. What Jira would refuse or cut because of a
// documented limit is not sent: the error is rest.ErrLimit.
//
// Some methods are experimental: Jira may change them without notice and takes
// them only with a header that says so, which they send.
//
// The documentation names wrong types, or none, for several answers. The types
// here are what Jira sends: lists where it documents their items, and untyped
// answers by name.
package jiradc
