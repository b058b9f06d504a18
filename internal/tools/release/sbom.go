package main

import (
	"bytes"
	"cmp"
	"debug/buildinfo"
	"encoding/json"
)

// sbom is a bill of materials in CycloneDX's form, as far as it is needed.
// See https://cyclonedx.org/docs/1.5/json/
type sbom struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

// component is the program, or what is in it.
type component struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// PURL names it at its registry.
	PURL string `json:"purl"`
}

// materials lists what a binary was built of, by what the go command wrote into it.
func materials(file, version string) ([]byte, error) {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := sbom{Format: "CycloneDX", Spec: "1.5", Version: 1}
	out.Metadata.Component = module("application", info.Main.Path, "v"+version)
	out.Components = []component{module("library", "std", info.GoVersion)}
	for _, m := range info.Deps {
		used := cmp.Or(m.Replace, m)
		out.Components = append(out.Components, module("library", used.Path, used.Version))
	}
	var text bytes.Buffer
	printer := json.NewEncoder(&text)
	printer.SetEscapeHTML(false)
	printer.SetIndent("", "  ")
	err = printer.Encode(out)
	return text.Bytes(), err
}

func module(kind, path, version string) component {
	return component{Type: kind, Name: path, Version: version, PURL: "pkg:golang/" + path + "@" + version}
}
