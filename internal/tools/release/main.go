// Command release builds what is given to people: the whole program and the one
// for production, for each target, with their checksums, in dist.
//
//	make release
//
// It builds the last commit, in a checkout of its own, so that nothing else can
// be in the binaries: the same commit and the same Go make the same bytes.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, ".", "dist", binaries(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		stop()
		os.Exit(1)
	}
}
