package main

import (
	"time"

	"github.com/sightline-go/sightline/internal/explain"
)

// explainCmd says why a token is refused.
type explainCmd struct {
	explain.Command `embed:""`
}

// Run prints what is right and wrong with the token.
func (e explainCmd) Run(con console) error {
	return e.Command.Run(con.stdin, con.stdout, time.Now())
}
