package traces

import (
	"os"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

var command harness.SharedBinary

func TestMain(m *testing.M) { os.Exit(command.Run(m, "traces")) }
