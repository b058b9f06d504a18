package forge_test

import (
	"fmt"

	"github.com/sightline-go/sightline/forge"
)

// A trigger on an event that does not exist passes Atlassian's validator, and
// its endpoint is never called.
func ExampleCheck() {
	manifest := []byte(`
app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
  runtime: {name: nodejs22.x}
  licensing: {enabled: false}
modules:
  trigger:
    - {key: work, endpoint: events, events: [avi:jira:changed:issue]}
  endpoint:
    - key: events
      remote: backend
      route: {path: /events}
      auth: {appSystemToken: {enabled: true}}
remotes:
  - {key: backend, baseUrl: https://backend.example, operations: [compute]}
permissions:
  scopes: [read:jira-work, read:app-system-token]
`)
	for _, finding := range forge.Check(manifest, nil) {
		fmt.Println(finding)
	}
	// Output:
	// 8: error: modules.trigger[0].events[0]: there is no event "avi:jira:changed:issue". Look it up in the list of the product's events: Forge never sends what is not there. [trigger.event]
}

// A new scope is a question to the admin of every site.
func ExampleDiff() {
	changes, err := forge.Diff(
		[]byte("permissions: {scopes: [read:jira-work]}"),
		[]byte("permissions: {scopes: [read:jira-work, write:jira-work]}"),
	)
	if err != nil {
		fmt.Println(err)
	}
	for _, change := range changes {
		fmt.Println(change)
	}
	// Output:
	// permissions.scopes: write:jira-work is new: every site's admin must allow it; until then the site keeps the old version
}
