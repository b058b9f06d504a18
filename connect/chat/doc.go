// Package chat is a typed client of the chat platform that Atlassian calls
// Stride: it pushes the states of an app's modules into conversations, and reads
// and writes the conversations themselves.
//
// [Credentials] is the transport that authenticates its calls with OAuth 2.0
// client credentials. A status other than 2xx is a [*rest.Error].
//
// Each conversation takes 100 calls a minute from an app; a [Client] keeps that
// limit. Calls that another client of the same app makes count too: the platform
// then answers 429 with the time to go on at, which rest.Retry waits for. No live
// server answers these calls any more; package connecttest has one.
package chat
