package commands

import (
	"os"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

var command harness.SharedBinary

func TestMain(m *testing.M) { os.Exit(command.Run(m, "commands")) }

// binary is the command, built once for all tests of the package.
func binary(t *testing.T) string {
	t.Helper()
	return command.Path(t)
}
