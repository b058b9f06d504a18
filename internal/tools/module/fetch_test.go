package main

import (
	"archive/zip"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// strangerVersion is the version under which the stranger finds the tree.
const strangerVersion = "v0.0.1"

// strangersApp is somebody else's module that uses ours.
const strangersApp = `package main

import (
	"fmt"
	"net/http"

	"MODULE/connect"
	"MODULE/connect/jira"
)

func main() {
	fmt.Println(connect.Canonical("GET", "/page", "b=2&a=1", ""))
	j, err := jira.New(http.DefaultClient, "https://acme.atlassian.net")
	fmt.Println(j != nil, err)
}
`

var requireLine = regexp.MustCompile(`(?m)^\s*(?:require\s+)?(\S+\.\S+/\S+) v\S+`)

// Somebody else's module gets the tree from a module proxy, imports connect and
// connect/jira, runs, and depends through it only on golang-jwt and x/sync.
func TestStrangerFetches(t *testing.T) {
	t.Parallel()
	module, err := present(root)
	if err != nil {
		t.Fatal(err)
	}
	stranger := t.TempDir()
	write(t, filepath.Join(stranger, "go.mod"), "module example.com/stranger\n\ngo 1.26.0\n")
	write(t, filepath.Join(stranger, "main.go"), strings.ReplaceAll(strangersApp, "MODULE", module))
	env := fromProxies(t, module)
	for _, args := range [][]string{{"get", module + "/connect@" + strangerVersion}, {"mod", "tidy"}} {
		out, err := goTool(t, stranger, env, args...)
		if err != nil && strings.Contains(out, "no such file or directory") {
			missing(t, "a module cache with all dependencies, as `go mod download` makes it", fmt.Errorf("%w\n%s", err, out))
		}
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	out, err := goTool(t, stranger, env, "run", "-trimpath", ".")
	if want := "GET&/page&a=1&b=2\ntrue <nil>\n"; err != nil || out != want {
		t.Errorf("go run: got %q, %v, want %q", out, err, want)
	}
	want := []string{"github.com/golang-jwt/jwt/v5", module, "golang.org/x/sync"}
	slices.Sort(want)
	if diff := cmp.Diff(want, required(t, filepath.Join(stranger, "go.mod"))); diff != "" {
		t.Errorf("the stranger's go.mod requires (-want +got):\n%s", diff)
	}
}

func required(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for _, found := range requireLine.FindAllStringSubmatch(string(text), -1) {
		modules = append(modules, found[1])
	}
	slices.Sort(modules)
	return modules
}

// fromProxies makes a proxy with the tree in it. The go command asks it first,
// then this machine's module cache, and fills a cache of its own.
func fromProxies(t *testing.T, module string) []string {
	t.Helper()
	out, err := goTool(t, root, nil, "env", "GOMODCACHE")
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(strings.TrimSpace(out), "cache", "download")
	if _, err := os.Stat(cache); err != nil {
		missing(t, "a module cache", err)
	}
	return []string{
		"GOPROXY=" + fileURL(proxy(t, module)) + "," + fileURL(cache) + ",off",
		"GOMODCACHE=" + t.TempDir(), "GOFLAGS=-mod=mod -modcacherw -buildvcs=false", "GONOSUMDB=*", "GOPRIVATE=",
	}
}

func fileURL(path string) string { return "file://" + filepath.ToSlash(path) }

// proxy is a folder laid out for the go command's module proxy protocol. See
// https://go.dev/ref/mod#goproxy-protocol
func proxy(t *testing.T, module string) string {
	t.Helper()
	dir := t.TempDir()
	versions := filepath.Join(dir, filepath.FromSlash(module), "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(versions, "list"), strangerVersion+"\n")
	write(t, filepath.Join(versions, strangerVersion+".info"), `{"Version":"`+strangerVersion+`","Time":"2026-01-01T00:00:00Z"}`)
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(versions, strangerVersion+".mod"), string(mod))
	pack(t, filepath.Join(versions, strangerVersion+".zip"), module+"@"+strangerVersion+"/")
	return dir
}

// pack writes the tree into a zip file, without the modules nested in it.
func pack(t *testing.T, file, prefix string) {
	t.Helper()
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(out)
	files := tracked(t)
	nested := slices.DeleteFunc(slices.Clone(files), func(name string) bool { return path.Base(name) != "go.mod" || name == "go.mod" })
	for _, name := range files {
		if slices.ContainsFunc(nested, func(mod string) bool { return strings.HasPrefix(name, path.Dir(mod)+"/") }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		entry, err := w.Create(prefix + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
