// Package jira is a typed client of Jira Cloud's REST API, version 3 and, by
// [Client.V2], version 2.
//
// It carries no authentication of its own: hand [New] an [net/http.Client]
// whose transport signs as the app, acts as a user or sends Basic auth.
//
// Each resource is a service and a file. A method is named after what it does
// to the resource and says, besides its documentation, which permission,
// which Connect scope and which statuses it knows. A status other than 2xx is
// a *rest.Error, recognised with errors.Is and the sentinels of package rest;
// 401 (no or a bad token), 403 (scope missing) and 429 may answer any call. What
// would pass a documented limit is not sent: rest.ErrLimit.
package jira
