package forge

import (
	_ "embed"
	"slices"
	"strings"
)

// productEvents are the events of Atlassian's products, one a line: its name,
// the scopes that it needs, and the granular ones that do instead.
// See https://developer.atlassian.com/platform/forge/events-reference/
//
//go:embed names/events.txt
var productEvents string

// connectNames are the Connect modules that a manifest may have, one a line.
//
//go:embed names/connect-modules.txt
var connectNames string

// forgeEvents are those of Forge itself, which need no scope. There is none of
// an app that is gone; preUninstall comes before.
func forgeEvents() []string {
	return []string{"avi:forge:installed:app", "avi:forge:upgraded:app"}
}

// event is what an event needs.
type event struct{ scopes, granular []string }

func knownEvents() map[string]event {
	known := map[string]event{}
	for _, name := range forgeEvents() {
		known[name] = event{}
	}
	for line := range strings.Lines(productEvents) {
		words := append(strings.Fields(line), "", "")
		known[words[0]] = event{list(words[1]), list(words[2])}
	}
	return known
}

func list(words string) []string {
	if words == "" {
		return nil
	}
	return strings.Split(words, ",")
}

// missing are the scopes that are wanted and not there.
func (e event) missing(have []string) []string {
	absent := func(wanted []string) []string {
		return slices.DeleteFunc(slices.Clone(wanted), func(s string) bool { return slices.Contains(have, s) })
	}
	if len(e.granular) > 0 && len(absent(e.granular)) == 0 {
		return nil
	}
	return absent(e.scopes)
}

func isConnectModule(name string) bool {
	return slices.Contains(strings.Fields(connectNames), name)
}

// isConnectScope reports whether it is a scope of Connect's by its name, and
// whether Forge has it.
func isConnectScope(name string) (named, known bool) {
	kind, product, ok := strings.Cut(name, ":connect-")
	if !ok {
		return false, false
	}
	kinds := []string{"read", "write", "delete", "admin", "act-as-user", "access-email-addresses"}
	switch product {
	case "jira":
		kinds = append(kinds, "project-admin")
	case "confluence":
		kinds = append(kinds, "space-admin")
	default:
		return true, false
	}
	return true, slices.Contains(kinds, kind)
}

// gadgetProperties are all that a jira:dashboardGadget can have.
func gadgetProperties() []string {
	return []string{
		"key", "title", "description", "thumbnail", "resource", "function", "resolver", "render", "renderRuntimeType",
		"edit", "refreshable", "connectKeys", "displayConditions",
	}
}

// localeCodes are the languages that Forge knows. It gives others the default
// one, Austria's German too.
func localeCodes() []string {
	return strings.Fields(`zh-CN zh-TW cs-CZ da-DK nl-NL en-US en-GB et-EE fi-FI fr-FR de-DE hu-HU is-IS
		it-IT ja-JP ko-KR no-NO pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK tr-TR es-ES sv-SE`)
}

func regions() []string {
	return strings.Fields("default EU US AU DE SG CA IN KR JP GB CH")
}
