package doctor

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/doctor"
)

// manual is the text of docs/operate.md.
func manual(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestManualHasEachCheck: the table of the manual is that of the program.
func TestManualHasEachCheck(t *testing.T) {
	t.Parallel()
	text := manual(t)
	for _, c := range doctor.Checks() {
		if row := fmt.Sprintf("| %s | %s | %s |\n", c.Name, c.About, c.Do); !strings.Contains(text, row) {
			t.Errorf("this row is missing:\n%s", row)
		}
	}
}

// TestManualHasEachWarning: whatever the program warns of in its log is in the manual.
func TestManualHasEachWarning(t *testing.T) {
	t.Parallel()
	text, found := manual(t), 0
	for _, folder := range []string{"connect", "handlers", "internal", "store"} {
		err := filepath.WalkDir(filepath.Join("../..", folder), func(path string, entry fs.DirEntry, err error) error {
			if entry.IsDir() && (entry.Name() == "connecttest" || entry.Name() == "node_modules" || entry.Name() == "tools") {
				return fs.SkipDir
			}
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, message := range warnings(file) {
				found++
				if begins := strings.SplitN(message, ":", 2)[0]; !strings.Contains(text, "`"+begins) {
					t.Errorf("%s: the manual does not say what to do about %q", path, message)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 20 {
		t.Errorf("only %d messages were found", found)
	}
}

// warnings are the messages that a file logs as warnings or errors, and the subjects
// whose failures are logged so.
func warnings(file *ast.File) (list []string) {
	add := func(e ast.Expr) {
		if text, ok := e.(*ast.BasicLit); ok && text.Kind == token.STRING {
			if message, err := strconv.Unquote(text.Value); err == nil {
				list = append(list, message)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "WarnContext" || f.Sel.Name == "ErrorContext") && len(n.Args) > 1 {
				add(n.Args[1])
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "What" {
				add(n.Value)
			}
		}
		return true
	})
	return list
}
