// Package slackapp is the app on Slack: it verifies Slack's requests, signs the
// tickets that travel through a person's browser, puts the app into a
// workspace, and shows glances there within Slack's limits. [New] makes the one
// value that handlers use.
//
// It knows nothing of Gin, storage, pages or Jira: it may import connect,
// connect/rest, internal/glance, golang-jwt and slack-go.
package slackapp
