// Package rest is what the typed clients of Atlassian's APIs share: one call
// ([Do], [DoList]), its errors ([Error], [LimitError]), paging ([Each], bounded by
// [ListPolicy]), one view of the user properties of three services
// ([Properties]), transports that wait ([Retry], [Limit] and [Pace]) and
// transports that authenticate ([Basic] and [Bearer]).
//
// Stack a client from the outside in: the typed client, Retry, Limit, Pace, the
// transport that signs or adds a token, the network. Each attempt passes the
// signer again, so a token never outlives its call.
//
// It knows nothing of the protocol in package connect.
package rest
