// Package privacy reports to Atlassian whose account ids are held, as apps that hold
// any have to, and does what the answers ask for: what is held of closed accounts is
// erased, what is held of changed ones is refreshed.
// https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/
//
// Each tenant is reported in rounds, once a cycle of a week or what Atlassian says, in
// batches of ninety. How far a round is stands in storage, so that it goes on after a
// refusal, an outage or the end of a program; replicas share the work by a lease.
//
// It imports connect/rest and internal/outage, and nothing else of the project.
package privacy
