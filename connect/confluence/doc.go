// Package confluence is a typed client of the parts of Confluence Cloud's REST
// API, version 1, that have to do with people: who they are, what they watch,
// their e-mail addresses and their properties.
//
// It carries no authentication of its own: hand [New] an [net/http.Client]
// whose transport signs as the app, acts as a user or sends Basic auth.
//
// Each resource is a service and a file. A method is named after what it does
// to the resource and says, besides its documentation, which permission,
// which Connect scope and which statuses it knows. A status other than 2xx is
// a *rest.Error, recognised with errors.Is and the sentinels of package rest;
// 401 (no or a bad token), 403 (scope missing, or no access to Confluence) and
// 429 may answer any call. What Confluence would refuse because of a published
// limit is not sent: the error is rest.ErrLimit.
package confluence
