package judge

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Formats are what a report can be written as.
const (
	FormatText  = "text"
	FormatJSON  = "json"
	FormatJUnit = "junit"
	FormatSARIF = "sarif"
)

// Write writes the report in a format.
func (r Report) Write(w io.Writer, format string) error {
	switch format {
	case FormatJSON:
		return writeJSON(w, r)
	case FormatJUnit:
		return r.junit(w)
	case FormatSARIF:
		return writeJSON(w, r.sarif())
	}
	return r.text(w)
}

func writeJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// text is for people: what failed in full, the rest in a line each.
func (r Report) text(w io.Writer) error {
	var out strings.Builder
	for _, one := range r.Results {
		verdict := string(one.Verdict)
		if one.Known {
			verdict = "known"
		}
		fmt.Fprintf(&out, "%-5s %-32s %s\n", verdict, one.ID, one.Title)
		if one.Verdict == Fail {
			fmt.Fprintf(&out, "      sent   %s\n      came   %s\n      source %s\n", one.Sent, one.Got, one.Source)
		}
	}
	fmt.Fprintf(&out, "\n%s: %d passed, %d failed, %d skipped\n", r.URL, r.Count(Pass), r.Count(Fail), r.Count(Skip))
	_, err := io.WriteString(w, out.String())
	return err
}

// The elements of JUnit's XML that every reader knows.
type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (r Report) junit(w io.Writer) error {
	suite := junitSuite{Name: "sightline judge", Tests: len(r.Results), Failures: r.Count(Fail), Skipped: r.Count(Skip)}
	for _, one := range r.Results {
		family, name, _ := strings.Cut(one.ID, ".")
		c := junitCase{Class: "judge." + family, Name: name + ": " + one.Title}
		switch {
		case one.Verdict == Fail && !one.Known:
			c.Failure = &junitText{"came " + one.Got, "sent " + one.Sent + "\nsource " + one.Source}
		case one.Verdict != Pass:
			c.Skipped = &junitText{Message: cmp.Or(one.Got, "in the baseline")}
		}
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// sarif is SARIF 2.1.0, as code scanning reads it: a rule a case, a result a failure.
// See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func (r Report) sarif() any {
	rules, results := []any{}, []any{}
	for _, one := range r.Results {
		rules = append(rules, object{"id": one.ID, "shortDescription": object{"text": one.Title}, "helpUri": one.Source})
		if one.Verdict == Fail && !one.Known {
			results = append(results, object{
				"ruleId": one.ID, "level": "error", "message": object{"text": one.Title + ": sent " + one.Sent + ", came " + one.Got},
				"locations": []any{object{"physicalLocation": object{"artifactLocation": object{"uri": r.URL}}}},
			})
		}
	}
	return object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []any{object{"tool": object{"driver": object{"name": "sightline judge", "rules": rules}}, "results": results}},
	}
}
