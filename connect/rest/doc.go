// Package rest is what the typed clients of Atlassian's APIs share: one call
// ([Do]), its errors ([Error]), paging ([Each]), and two transports that wait
// ([Retry] and [Limit]).
//
// A client is stacked from the outside in: the typed client, Retry, Limit, the
// transport that signs or adds a token, the network. Each attempt passes the
// signer again, so a token never outlives its call.
package rest
