// Package quota keeps the account of Jira's points: what the app spends in each hour
// of UTC, as a whole and at each tenant, and for which purpose. It holds back work
// in the background so that people find points left, and never a call that a person
// waits for.
//
// A [Ledger] counts by Jira's formula and believes Jira's headers where they say
// more. It shares its sums with the other replicas through a [Storage] and counts on
// in memory while that fails. A [Transport] is put into a client of one [Purpose]: it
// counts each answer, and refuses calls in the background with a [*HeldError] that
// says until when.
//
// It knows the transports of connect/rest and no database.
// See https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
package quota
