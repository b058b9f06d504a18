//go:build !serveonly

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/judge"
)

// judgeCmd tries a backend from outside.
type judgeCmd struct {
	judge.Command `embed:""`
}

// Run prints the report; exit 1 says that a case failed, 2 that the command was used
// wrongly.
func (j judgeCmd) Run(ctx context.Context, con console) error {
	err := j.Command.Run(ctx, con.stdout, con.stderr)
	if wrong := (judge.UsageError{}); errors.As(err, &wrong) {
		return app.SettingsError{fmt.Errorf("judge: %w", wrong)}
	}
	return err
}
