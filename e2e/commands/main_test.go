package commands

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/e2e/harness"
)

var (
	folder string
	built  = sync.OnceValues(func() (string, error) { return harness.Build(context.Background(), folder) })
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	var err error
	if folder, err = os.MkdirTemp("", "sightline-commands-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// binary is the command, built once for all tests of the package.
func binary(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
