// Package feed fills the index and keeps it right, as the app and in the background.
//
// [Feed.Tell] takes what webhooks and Forge's events say, within the request.
// [Feed.Run] does the rest: it fills the index of tenants at whom somebody looks,
// fetches in batches what events leave out, reads what has changed where events may
// have been lost, and compares the numbers of open issues now and then. Replicas
// share the work by a lease in each tenant's state. [Feed.Work] is what may be
// counted without asking Jira.
//
// It never says that something is so because an event was odd: then the tenant's
// events count as lost, and what has changed is read.
package feed
