package forge

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// Severity is how bad a finding is.
type Severity string

// The severities.
const (
	// SeverityError is what Forge refuses, or what can never work.
	SeverityError Severity = "error"
	// SeverityWarning is what works and is rarely meant.
	SeverityWarning Severity = "warning"
)

// Finding is one thing that is wrong with a manifest.
type Finding struct {
	// Code names the rule, such as "trigger.event". It does not change.
	Code     string
	Severity Severity
	// Line is where, from 1; what is missing is where it would be. Path is the
	// same in words, such as "modules.trigger[1].events[0]".
	Line int
	Path string
	// Says is what is wrong, Do what to do about it.
	Says, Do string
}

// String is the finding in one line, as compilers write theirs.
func (f Finding) String() string {
	return fmt.Sprintf("%d: %s: %s: %s. %s. [%s]", f.Line, f.Severity, f.Path, f.Says, f.Do, f.Code)
}

// Check looks for mistakes in anybody's manifest, above all for those that
// Atlassian's own validator lets pass. With dir, the manifest's folder, it checks
// the files too; nil leaves them out. The findings come in the order of their
// lines. No finding does not mean that Forge takes
// the manifest: its validator knows more of each module's fields.
func Check(manifest []byte, dir fs.FS) []Finding {
	root, err := parse(manifest)
	if err != nil {
		return []Finding{unreadable(err)}
	}
	c := newChecker(root, dir)
	c.twice(root)
	for _, look := range []func(){
		c.app, c.connectModules, c.keys, c.modules, c.gadgets, c.triggers, c.scheduled, c.migration,
		c.endpoints, c.remotes, c.scopes, c.external, c.resources, c.translations,
	} {
		look()
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return c.found
}

func unreadable(err error) Finding {
	if endless := new(endlessError); errors.As(err, &endless) {
		return Finding{
			Code: "yaml.loop", Severity: SeverityError, Line: max(endless.at.line(), 1), Path: endless.at.path,
			Says: endless.Error(), Do: "Write the part out",
		}
	}
	return Finding{Code: "yaml", Severity: SeverityError, Line: 1, Says: err.Error(), Do: "Write it as YAML"}
}

// checker is one look at a manifest.
type checker struct {
	root  node
	dir   fs.FS // nil to leave the files out
	found []Finding

	// What others name by their keys.
	remoteOf, endpointOf, resourceOf, functionOf map[string]node
	have                                         []string // scopes
}

func newChecker(root node, dir fs.FS) *checker {
	c := &checker{root: root, dir: dir, have: scopeList(root)}
	c.remoteOf = byKey(root.get("remotes"))
	c.resourceOf = byKey(root.get("resources"))
	c.endpointOf = byKey(root.get("modules", "endpoint"))
	c.functionOf = byKey(root.get("modules", "function"))
	return c
}

func byKey(list node) map[string]node {
	found := map[string]node{}
	for _, item := range list.items() {
		found[item.get("key").text()] = item
	}
	return found
}

// scopeList are a manifest's scopes: a list, or a mapping by name.
func scopeList(root node) []string {
	scopes := root.get("permissions", "scopes")
	names := scopes.texts()
	for key := range scopes.fields() {
		names = append(names, key.text())
	}
	return names
}

// keyed is the form of keys that others name.
var keyed = regexp.MustCompile(`\A[a-zA-Z0-9_-]+\z`)

func (c *checker) wrong(at node, code, says, do string) { c.add(SeverityError, at, code, says, do) }
func (c *checker) warn(at node, code, says, do string)  { c.add(SeverityWarning, at, code, says, do) }

func (c *checker) add(severity Severity, at node, code, says, do string) {
	c.found = append(c.found, Finding{Code: code, Severity: severity, Line: max(at.line(), 1), Path: at.path, Says: says, Do: do})
}

// need finds what is missing from a mapping.
func (c *checker) need(of node, code string, names ...string) {
	for _, name := range names {
		if at := of.get(name); at.absent() {
			c.wrong(at, code, name+" is missing", "Add it")
		}
	}
}

// twice finds keys that a mapping has twice: readers differ in which one counts.
func (c *checker) twice(n node) {
	seen := map[string]bool{}
	for key, value := range n.fields() {
		if seen[key.text()] {
			c.wrong(key, "yaml.twice", key.text()+" is used twice", "Keep one")
		}
		seen[key.text()] = true
		c.twice(value)
	}
	for _, item := range n.items() {
		c.twice(item)
	}
}
