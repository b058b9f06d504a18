package forge

import (
	"strings"

	"github.com/sightline-go/sightline/connect/descriptor"
)

// scope is a permission and why the app asks for it.
type scope struct{ name, reason string }

// forgeScopes are all that the app will need for some time: each later one is
// a question to every admin.
func forgeScopes() []scope {
	return []scope{
		{"read:jira-work", "issues, work logs, projects, dashboards, and the events about them"},
		{"write:jira-work", "a person logs their own work and hands issues over; the gadget's own settings on the dashboard"},
		{"read:jira-user", "who is in a team, names and faces, a viewer's time zone and language"},
		{"read:app-system-token", "the app's own token: glances, which have no viewer"},
		{"read:app-user-token", "the viewer's token: a gadget shows what the viewer may see"},
	}
}

// connectScopes are the descriptor's, as a manifest writes them: they serve
// only the Connect modules.
func connectScopes(d *descriptor.Descriptor) []scope {
	var list []scope
	for _, name := range d.Scopes {
		list = append(list, scope{connectScope(name), "Connect's " + name + ", for its modules; goes with them"})
	}
	return list
}

// connectScope is a Connect scope's name in a manifest.
func connectScope(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "-") + ":connect-jira"
}

func scopes(d *descriptor.Descriptor, stage Stage) []scope {
	if stage == StageHybrid {
		return append(forgeScopes(), connectScopes(d)...)
	}
	return forgeScopes()
}

func scopeNames(d *descriptor.Descriptor, stage Stage) []string {
	var names []string
	for _, s := range scopes(d, stage) {
		names = append(names, s.name)
	}
	return names
}

// webhookKey is a key for a webhook, which has none in a descriptor.
func webhookKey(event string) string {
	return strings.ReplaceAll(strings.TrimPrefix(event, "jira:"), "_", "-")
}
