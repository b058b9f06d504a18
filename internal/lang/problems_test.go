package lang_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

// TestEveryProblemHasWords reads the codes out of the source, so that a new one
// without words in every language is found.
func TestEveryProblemHasWords(t *testing.T) {
	t.Parallel()
	codes := constants(t, "problems.go")
	if len(codes["Problem"]) < 40 || len(codes["Heading"]) < 10 {
		t.Fatalf("found %d problems and %d headings", len(codes["Problem"]), len(codes["Heading"]))
	}
	c := lang.New()
	for _, l := range c.All() {
		for _, code := range codes["Problem"] {
			compareText(t, l.Tag, " problem "+code, c.English().Problem(lang.Problem(code)), l.Problem(lang.Problem(code)))
		}
		for _, code := range codes["Heading"] {
			compareText(t, l.Tag, " heading "+code, c.English().Heading(lang.Heading(code)), l.Heading(lang.Heading(code)))
		}
		if n := len(l.Problems.Texts); n != len(codes["Problem"]) {
			t.Errorf("%s words %d problems, there are %d", l.Tag, n, len(codes["Problem"]))
		}
	}
}

// constants are the values of a file's text constants by their type.
func constants(t *testing.T, file string) map[string][]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		of, named := spec.Type.(*ast.Ident)
		if !named || len(spec.Values) != 1 {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found[of.Name] = append(found[of.Name], text)
		return true
	})
	return found
}
