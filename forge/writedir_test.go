package forge_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/web"
)

func shared(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := web.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func writeDir(t *testing.T, dir string, o forge.Options) {
	t.Helper()
	if err := forge.WriteDir(dir, o, shared(t)); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, elem ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWriteDirKeepsWhatMayNotChange(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "app")
	writeDir(t, dir, forge.Options{BaseURL: baseURL})
	if got := readFile(t, dir, "manifest.yml"); !strings.Contains(got, forge.NoAppID) {
		t.Errorf("a first manifest has an app id:\n%s", got)
	}
	// What "forge register" does.
	registered := strings.ReplaceAll(readFile(t, dir, "manifest.yml"), forge.NoAppID, appID)
	if err := os.WriteFile(filepath.Join(dir, "manifest.yml"), []byte(registered), 0o644); err != nil {
		t.Fatal(err)
	}
	writeDir(t, dir, forge.Options{BaseURL: baseURL})
	if got := readFile(t, dir, "manifest.yml"); got != registered {
		t.Errorf("written again it differs:\n%s", got)
	}
	other := strings.Replace(appID, "1111", "9999", 1)
	writeDir(t, dir, forge.Options{BaseURL: baseURL, AppID: other, ConnectKey: connectKey})
	if got := readFile(t, dir, "manifest.yml"); !strings.Contains(got, other) {
		t.Errorf("the option's app id is not there:\n%s", got)
	}
	for _, key := range []string{"", "another.key"} {
		err := forge.WriteDir(dir, forge.Options{BaseURL: baseURL, ConnectKey: key}, shared(t))
		if err == nil || !strings.Contains(err.Error(), connectKey) {
			t.Errorf("Connect key %q in place of %s: got %v", key, connectKey, err)
		}
	}
}

func TestWriteDirRefusesAManifestThatItCannotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "manifest.yml"), []byte("app: [\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := forge.WriteDir(dir, forge.Options{BaseURL: baseURL}, shared(t)); err == nil {
		t.Error("a manifest that is not YAML is overwritten")
	}
}

func TestTranslationsSayTheSameThings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeDir(t, dir, stages()["forge"])
	english := keysOf(t, []byte(readFile(t, dir, "locales", "en-US.json")))
	german := keysOf(t, []byte(readFile(t, dir, "locales", "de-DE.json")))
	for key, text := range english {
		if german[key] == "" || german[key] == text {
			t.Errorf("%s is %q in German and %q in English", key, german[key], text)
		}
	}
	manifest := readFile(t, dir, "manifest.yml")
	for _, key := range regexp.MustCompile(`i18n: (\S+)`).FindAllStringSubmatch(manifest, -1) {
		if english[key[1]] == "" {
			t.Errorf("no text for %s", key[1])
		}
	}
}

var imported = regexp.MustCompile(`from "\./([^"]+)"|import "\./([^"]+)"|(?:src|href)="\./([^"]+)"`)

// TestPageIsComplete follows every import of the page: each is one of its files,
// and every file is used.
func TestPageIsComplete(t *testing.T) {
	t.Parallel()
	files, err := forge.PageFiles(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"index.html": true}
	for name, data := range files {
		for _, match := range imported.FindAllSubmatch(data, -1) {
			other := string(bytes.Join(match[1:], nil))
			used[other] = true
			if files[other] == nil {
				t.Errorf("%s imports %s, which does not exist", name, other)
			}
		}
	}
	for name := range files {
		if !used[name] {
			t.Errorf("nothing uses %s", name)
		}
	}
	html := string(files["index.html"])
	for _, inline := range []string{"<style", "style=", "<script>", "onload="} {
		if strings.Contains(html, inline) {
			t.Errorf("index.html has %s: the policy is script-src 'self'; style-src 'self'", inline)
		}
	}
}

// TestOnlyTheBridgeKnowsForge keeps Atlassian's package behind one file.
func TestOnlyTheBridgeKnowsForge(t *testing.T) {
	t.Parallel()
	files, err := forge.PageFiles(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if name != "bridge.js" && bytes.Contains(data, []byte("@forge/")) {
			t.Errorf("%s names a package of Atlassian's", name)
		}
	}
	if lock := readFile(t, "static", "package-lock.json"); strings.Contains(lock, `"resolved"`) {
		t.Error("the lock file has addresses to download from")
	}
}

// needsBridge skips where the npm packages are absent, or fails where
// SIGHTLINE_TEST_ALL=1 says that nothing may be skipped.
func needsBridge(t *testing.T) string {
	t.Helper()
	packages, err := filepath.Abs("static/node_modules")
	if err == nil {
		_, err = exec.LookPath("npm")
	}
	for _, name := range []string{"@forge/bridge", "esbuild"} {
		if err == nil {
			_, err = os.Stat(filepath.Join(packages, name, "package.json"))
		}
	}
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("node and the packages of forge/static are needed (npm ci --ignore-scripts there): %v", err)
	case err != nil:
		t.Skipf("node or the packages of forge/static are not installed: %v", err)
	}
	return packages
}

// build returns a folder as WriteDir and then "npm ci" leave it.
func build(t *testing.T) string {
	t.Helper()
	packages, dir := needsBridge(t), t.TempDir()
	writeDir(t, dir, stages()["forge"])
	if err := os.Symlink(packages, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "run", "--silent", "postinstall")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return dir
}

func TestBuildMakesOneSmallBundle(t *testing.T) {
	t.Parallel()
	bundle := readFile(t, build(t), "static", "app", "index.js")
	if len(bundle) >= 150_000 {
		t.Errorf("the bundle has %d bytes, want less than 150,000", len(bundle))
	}
	for _, word := range []string{"callBridge", "/forge/ui/", "Sightline did not answer"} {
		if !strings.Contains(bundle, word) {
			t.Errorf("the bundle lacks %q", word)
		}
	}
	// import.meta and import() are allowed: they load no other file here.
	if regexp.MustCompile(`(^|[;}\n])import[ {"]`).MatchString(bundle) {
		t.Error("the bundle imports another file")
	}
}
