package browsertest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// textAttributes match the names of the attributes that hold words for people.
const textAttributes = `aria-label|title|placeholder|alt|data-(?:said|updated|age|title|text|dialog\w+|failed\w*|say\w+)`

var (
	textAttribute = regexp.MustCompile(` (?:` + textAttributes + `)="[^"]*"`)
	startOfLine   = regexp.MustCompile(`^<(?:[^">]|"[^"]*")*>`)
)

// Structure returns HTML as [Normalise] does, without its texts and without the
// attributes that hold texts: what is the same in every language.
func Structure(html string) string {
	var lines []string
	for _, line := range strings.Split(Normalise(html), "\n") {
		if line = startOfLine.FindString(line); line != "" {
			lines = append(lines, textAttribute.ReplaceAllString(line, ""))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// SameStructure compares the [Structure] of HTML with that of
// testdata/NAME.html, which [Golden] keeps. With "go test -update" it compares
// nothing: the file may be older than the HTML.
func SameStructure(tb testing.TB, name, html string) {
	tb.Helper()
	if *update {
		return
	}
	file := filepath.Join("testdata", name+".html")
	want, err := os.ReadFile(file)
	if err != nil {
		tb.Fatalf("no golden file; go test -update writes it: %v", err)
	}
	if diff := cmp.Diff(Structure(string(want)), Structure(html)); diff != "" {
		tb.Errorf("the structure differs from that of %s (-want +got):\n%s", file, diff)
	}
}

// Texts returns what a person reads or hears on the page: its title, its texts
// and the attributes that hold texts, with single spaces. It leaves out the
// elements that match the selector, and scripts and styles.
func (t *Tab) Texts(except string) []string {
	t.tb.Helper()
	return t.Main().Texts(except)
}

// Texts returns what a person reads or hears in the frame, like Tab.Texts.
func (f *Frame) Texts(except string) []string {
	f.tab.tb.Helper()
	return FrameEval[[]string](f, `((except, holdsText) => {
		const texts = [document.title], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
		for (let node; (node = walker.nextNode());) {
			const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
			if (element.closest(except)) continue;
			if (node !== element) texts.push(node.data);
			else texts.push(...[...element.attributes].filter((a) => holdsText.test(a.name)).map((a) => a.value));
		}
		return texts.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
	})(`+quote("script, style, "+except)+`, /^(?:`+textAttributes+`)$/)`)
}
