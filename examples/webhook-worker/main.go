// Command webhook-worker takes webhooks into a queue in its database and works on them
// afterwards: Jira waits for nothing, a delivery that comes twice counts once, and what
// was taken is not lost when the process ends.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"

	_ "modernc.org/sqlite"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/sqlstore"
)

//go:embed atlassian-connect.json
var descriptor []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err) //nolint:gocritic // nothing is left to be stopped
	}
}

func run(ctx context.Context) error {
	db, err := sql.Open("sqlite", os.Getenv("DATABASE"))
	if err != nil {
		return err
	}
	store, err := sqlstore.Open(ctx, db, os.Getenv("SECRET_KEYS"))
	if err != nil {
		return err
	}
	jobs, err := openQueue(ctx, db)
	if err != nil {
		return err
	}
	app, err := connect.NewApp(connect.AppConfig{
		Descriptor: descriptor, BaseURL: os.Getenv("BASE_URL"), Store: store,
		KeysURL: os.Getenv("KEYS_URL"), TokenURL: os.Getenv("TOKEN_URL"),
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("POST /issue", app.Page(jobs.take)) // a webhook is signed as a page is
	server := &http.Server{Addr: os.Getenv("ADDR"), Handler: mux}
	w := worker{jobs: jobs, app: app, store: store}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.run(ctx)
	}()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	err = server.ListenAndServe()
	<-done
	return errors.Join(err, db.Close())
}
