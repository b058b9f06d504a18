package harness

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
)

// Binary builds the command as released and returns its path, which lasts until
// the test ends.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// SharedBinary runs the tests of a package as TestMain has to, and lets them share
// one binary, which the first that asks for it builds.
type SharedBinary struct {
	build func() (string, error)
}

// Run runs the tests and returns their exit code. name is the package's, for the
// temporary folder.
func (b *SharedBinary) Run(m *testing.M, name string) int {
	gin.SetMode(gin.ReleaseMode)
	folder, err := os.MkdirTemp("", "sightline-"+name+"-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	b.build = sync.OnceValues(func() (string, error) { return Build(context.Background(), folder) })
	return m.Run()
}

// Path returns the path of the command as released.
func (b *SharedBinary) Path(t testing.TB) string {
	t.Helper()
	path, err := b.build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Build builds the command into a folder and returns its path. Under the race
// detector the command has it too.
func Build(ctx context.Context, folder string) (string, error) {
	path := filepath.Join(folder, "sightline")
	args := []string{"build", "-o", path}
	if RaceDetector {
		args = append(args, "-race")
	}
	args = append(args, "github.com/sightline-go/sightline/cmd/sightline")
	if said, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the command: %w\n%s", err, said)
	}
	return path, nil
}
