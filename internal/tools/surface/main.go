// Command surface lists the public names of connect/..., one per line, as
// connect/api.txt keeps them. A test of this package fails when the list and
// the code differ.
//
//	go run ./internal/tools/surface > connect/api.txt
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "surface:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, out, log io.Writer) error {
	text, err := list(ctx, ".", log)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, text)
	return err
}
