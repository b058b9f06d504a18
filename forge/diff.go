package forge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Need is what has to happen before a site has a change.
type Need string

// The needs, the hardest last.
const (
	// NeedNothing: every installation has the change minutes after the deploy.
	NeedNothing Need = "nothing"
	// NeedUpgrade: nobody is asked, but installations that are there stay as they
	// are until "forge version bulk-upgrade" moves them, at most 500 a request.
	NeedUpgrade Need = "upgrade"
	// NeedApproval: each site keeps the old version until its admin allows the new.
	NeedApproval Need = "approval"
	// NeedRefused: Forge does not take it in production.
	NeedRefused Need = "refused"
)

// Change is one difference between two manifests.
type Change struct {
	Need Need
	Path string // of the part that changed
	Says string
}

// String is the change in one line.
func (c Change) String() string {
	return fmt.Sprintf("%s: %s: %s", c.Path, c.Says, c.Need.words())
}

func (n Need) words() string {
	switch n {
	case NeedRefused:
		return "Forge refuses it in production"
	case NeedApproval:
		return "every site's admin must allow it; until then the site keeps the old version"
	case NeedUpgrade:
		return `nobody is asked; installations that are there get it by "forge version bulk-upgrade"`
	default:
		return "every installation has it minutes after the deploy"
	}
}

// Diff says what it takes to go from one manifest to another. The old one may
// also be a Connect descriptor: its installations move to Forge then. What needs
// most comes first. What is not among the documented rules, a scope that is
// taken away for example, counts as what nobody is asked about.
// See https://developer.atlassian.com/platform/forge/versions/
func Diff(older, newer []byte) ([]Change, error) {
	from, err := parse(older)
	if err != nil {
		return nil, fmt.Errorf("read the old manifest: %w", err)
	}
	to, err := parse(newer)
	if err != nil {
		return nil, fmt.Errorf("read the new manifest: %w", err)
	}
	d := &differ{from: from, to: to, connect: isDescriptor(from)}
	for _, look := range []func(){d.key, d.licensing, d.scopes, d.remotes, d.endpoints, d.egress, d.connectModules, d.modules} {
		look()
	}
	slices.SortStableFunc(d.found, func(a, b Change) int { return b.Need.rank() - a.Need.rank() })
	return d.found, nil
}

func (n Need) rank() int {
	return slices.Index([]Need{NeedNothing, NeedUpgrade, NeedApproval, NeedRefused}, n)
}

func isDescriptor(root node) bool {
	return root.get("app").absent() && root.get("baseUrl").present() && root.get("key").present()
}

// differ is one comparison.
type differ struct {
	from, to node
	connect  bool // from is a Connect descriptor
	found    []Change
}

func (d *differ) add(need Need, path, format string, args ...any) {
	d.found = append(d.found, Change{Need: need, Path: path, Says: fmt.Sprintf(format, args...)})
}

// key is the Connect key, which can never change once it is in production.
func (d *differ) key() {
	const path = "app.connect.key"
	was, is := d.from.get("app", "connect", "key").text(), d.to.get("app", "connect", "key").text()
	if d.connect {
		was = d.from.get("key").text()
	}
	switch {
	case was == is:
	case is == "":
		d.add(NeedRefused, path, "the Connect key %s is gone", was)
	case was == "":
		d.add(NeedRefused, path, "the Connect key %s is new", is)
	default:
		d.add(NeedRefused, path, "the Connect key is %s and was %s", is, was)
	}
}

func (d *differ) licensing() {
	was, is := d.from.get("app", "licensing", "enabled").isTrue(), d.to.get("app", "licensing", "enabled").isTrue()
	if d.connect {
		was = d.from.get("enableLicensing").isTrue()
	}
	if was != is {
		d.add(NeedApproval, "app.licensing.enabled", "licensing is %t and was %t", is, was)
	}
}

func (d *differ) scopes() {
	const path = "permissions.scopes"
	had, has := scopeList(d.from), scopeList(d.to)
	granted := inherited(had)
	if d.connect {
		granted = inherited(descriptorScopes(d.from))
	}
	for _, scope := range has {
		switch {
		case slices.Contains(had, scope):
		case slices.Contains(granted, scope):
			d.add(NeedUpgrade, path, "%s is new, and what Connect's scopes allow already", scope)
		default:
			d.add(NeedApproval, path, "%s is new", scope)
		}
	}
	for _, scope := range had {
		if !slices.Contains(has, scope) {
			d.add(NeedNothing, path, "%s is gone", scope)
		}
	}
}

// descriptorScopes are a descriptor's scopes as a manifest writes them.
func descriptorScopes(root node) []string {
	var names []string
	for _, name := range root.get("scopes").texts() {
		names = append(names, connectScope(name))
	}
	return names
}

// inherited are the scopes that come with those of Connect. A Connect scope
// holds the smaller ones.
func inherited(scopes []string) []string {
	steps := []struct {
		name  string
		bring []string
	}{
		{"admin", []string{"manage:jira-configuration"}},
		{"project-admin", []string{"manage:jira-project"}},
		{"delete", []string{"write:jira-work"}},
		{"write", []string{"write:jira-work", "manage:jira-webhook"}},
		{"read", []string{"read:jira-work", "read:jira-user"}},
	}
	var all []string
	held := false
	for _, step := range steps {
		held = held || slices.Contains(scopes, step.name+":connect-jira")
		if held {
			all = append(all, append(step.bring, step.name+":connect-jira")...)
		}
	}
	if slices.Contains(scopes, "act-as-user:connect-jira") {
		all = append(all, userTokenScope, "act-as-user:connect-jira")
	}
	if slices.Contains(scopes, "access-email-addresses:connect-jira") {
		all = append(all, "read:email-address:jira", "access-email-addresses:connect-jira")
	}
	return all
}

// sortedKeys are the keys of two mappings together.
func sortedKeys(a, b map[string]node) []string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return slices.Sorted(maps.Keys(both))
}

// canon is a part of a manifest as a text that is the same for the same
// meaning, whatever the order of the keys.
func canon(n node) string {
	switch {
	case n.isMap():
		var parts []string
		for key, value := range n.fields() {
			parts = append(parts, fmt.Sprintf("%q:%s", key.text(), canon(value)))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case n.isList():
		var parts []string
		for _, item := range n.items() {
			parts = append(parts, canon(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	return fmt.Sprintf("%q", n.text())
}
