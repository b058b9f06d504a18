package main

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/sqlstore"
)

// worker does one job after the other.
type worker struct {
	jobs  *queue
	app   *connect.App
	store *sqlstore.Store
}

// run works until ctx ends. Between jobs it waits for the next delivery, and looks once a
// second for those that were put off.
func (w worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.one(ctx)
		if err == nil {
			continue
		}
		if !errors.Is(err, errNothingDue) && ctx.Err() == nil {
			log.Print("queue: ", err)
		}
		select {
		case <-ctx.Done():
		case <-w.jobs.more:
		case <-time.After(time.Second):
		}
	}
}

// one does the job that is due. What cannot succeed is not tried again.
func (w worker) one(ctx context.Context) error {
	j, err := w.jobs.next(ctx)
	if err != nil {
		return err
	}
	err = w.work(ctx, j)
	switch {
	case err == nil:
	case errors.Is(err, connect.ErrNotFound), errors.Is(err, rest.ErrNotFound):
		log.Printf("%s: not there any more", j.issue)
	default:
		log.Printf("%s: attempt %d: %v", j.issue, j.attempts+1, err)
		return w.jobs.again(ctx, j)
	}
	return w.jobs.done(ctx, j)
}

// work is where your own begins. The body of a webhook is old when it is read: ask Jira
// what is true now, as the app.
func (w worker) work(ctx context.Context, j job) error {
	t, err := w.store.TenantByClientKey(ctx, j.tenant)
	if err != nil {
		return err
	}
	if t.State != connect.StateActive {
		return connect.ErrNotFound
	}
	api, err := jira.New(w.app.Client(t), t.BaseURL)
	if err != nil {
		return err
	}
	issue, err := api.Issues.Get(ctx, j.issue, jira.IssueGetOptions{Fields: []string{"status"}})
	if err != nil {
		return err
	}
	log.Printf("%s is %s", issue.Key, issue.Fields.Status.Name)
	return nil
}
