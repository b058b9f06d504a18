package forge

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/descriptor"
)

// YAML is the manifest as a file: the same bytes for the same manifest, with a
// comment wherever a line is not obvious.
func (m *Manifest) YAML() ([]byte, error) {
	var root yaml.Node
	if err := root.Encode(m); err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	d, err := descriptor.Parse(sightline.ConnectDescriptor)
	if err != nil {
		return nil, err
	}
	m.comment(node{n: &root}, d)
	body, err := yaml.Dump(&root, yaml.WithV4Defaults(), yaml.WithCompactSeqIndent(false), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return append([]byte(m.heading()), spaced(body)...), nil
}

func (m *Manifest) heading() string {
	stage := "no Connect module is left"
	if m.ConnectModules != nil {
		stage = "the hybrid stage, with the Connect modules that end on 31 January 2027"
	}
	return "# Sightline on Forge: " + stage + ".\n" +
		"# Made by \"sightline manifest\" from the same source as the Connect descriptor;\n" +
		"# change it there. \"forge register\" writes app.id, which stays when it is made anew.\n\n"
}

// comment says why, beside the lines that do not.
func (m *Manifest) comment(root node, d *descriptor.Descriptor) {
	app := root.get("app")
	app.get("id").beside("written by \"forge register\"")
	app.get("runtime", "name").beside("Forge wants one, the app has no functions")
	app.get("licensing", "enabled").beside("as the descriptor's enableLicensing")
	app.get("connect", "key").beside("can never be added, changed or removed in production")
	root.key("connectModules").above("For installations that still have the Connect app.")
	modules := root.get("modules")
	for _, e := range modules.get("endpoint").items() {
		if e.get("route").absent() {
			e.get("key").beside("calls of a page name their path themselves")
		}
	}
	modules.get("scheduledTrigger").item(0).get("interval").beside("a token lives 2 to 4 hours and nothing else renews it")
	for _, t := range modules.get("trigger").items() {
		t.get("endpoint").beside(triggerComment(t.get("key").text()))
	}
	root.get("remotes").item(0).get("baseUrl").beside("a change needs every admin's approval")
	root.get("remotes").item(0).get("storage", "inScopeEUD").beside("account ids, and copies of gadgets' settings")
	stage := StageForge
	if m.ConnectModules != nil {
		stage = StageHybrid
	}
	for i, s := range scopes(d, stage) {
		root.get("permissions", "scopes").item(i).beside(s.reason)
	}
}

func triggerComment(key string) string {
	if key == "work-events" {
		return "without ignoreSelf: the app's own changes count, too"
	}
	return "installed, and upgrades that an admin allows"
}

// spaced puts a blank line before each section, and before a comment above one.
func spaced(body []byte) []byte {
	var out bytes.Buffer
	commented := true // nothing comes before the first
	for line := range bytes.Lines(body) {
		starts := !bytes.ContainsAny(line[:1], " -\n")
		if starts && !commented {
			out.WriteByte('\n')
		}
		commented = line[0] == '#'
		out.Write(line)
	}
	return out.Bytes()
}
