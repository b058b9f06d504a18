package harness

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
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
