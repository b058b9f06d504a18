package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// queue keeps the deliveries of webhooks, in a table beside those of sqlstore. A job is
// done when next_at is NULL; its row stays, so that a late repetition is known.
type queue struct {
	db *sql.DB
	// more says that there may be something to do.
	more chan struct{}
}

const table = `CREATE TABLE IF NOT EXISTS jobs (
	client_key text   NOT NULL,
	identifier text   NOT NULL,
	issue      text   NOT NULL,
	attempts   bigint NOT NULL DEFAULT 0,
	next_at    bigint,
	PRIMARY KEY (client_key, identifier)
)`

func openQueue(ctx context.Context, db *sql.DB) (*queue, error) {
	_, err := db.ExecContext(ctx, table)
	return &queue{db: db, more: make(chan struct{}, 1)}, err
}

// issueOf reads the key of a delivery's issue, "" if it is about none.
func issueOf(body io.Reader) (key string, ok bool) {
	var event struct {
		Issue struct {
			Key string `json:"key"`
		} `json:"issue"`
	}
	err := json.NewDecoder(body).Decode(&event)
	return event.Issue.Key, err == nil
}

// take stores a delivery and answers 204. If it cannot be stored the answer is 500, and
// Jira calls again, with the same identifier. A delivery of another tenant may have the
// same identifier, so both are the key.
func (q *queue) take(w http.ResponseWriter, r *http.Request, c *connect.Caller) error {
	issue, ok := issueOf(http.MaxBytesReader(w, r.Body, 1<<20))
	if !ok {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return nil
	}
	identifier := r.Header.Get("X-Atlassian-Webhook-Identifier")
	if identifier == "" || issue == "" {
		w.WriteHeader(http.StatusNoContent) // nothing that this app works on
		return nil
	}
	_, err := q.db.ExecContext(r.Context(), `INSERT INTO jobs (client_key, identifier, issue, next_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (client_key, identifier) DO NOTHING`,
		string(c.Tenant().ClientKey), identifier, issue, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	select {
	case q.more <- struct{}{}:
	default:
	}
	return nil
}

// job is one delivery.
type job struct {
	tenant            connect.ClientKey
	identifier, issue string
	attempts          int
}

// errNothingDue says that no job is due.
var errNothingDue = errors.New("nothing is due")

// next is the job that is due for longest. It stays in the table until it is done: a
// process that ends in the middle begins it again.
func (q *queue) next(ctx context.Context) (job, error) {
	var j job
	err := q.db.QueryRowContext(ctx, `SELECT client_key, identifier, issue, attempts FROM jobs
		WHERE next_at <= $1 ORDER BY next_at LIMIT 1`, time.Now().UnixMilli()).Scan(&j.tenant, &j.identifier, &j.issue, &j.attempts)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNothingDue
	}
	return j, err
}

// done notes that a job is finished.
func (q *queue) done(ctx context.Context, j job) error {
	_, err := q.db.ExecContext(ctx, "UPDATE jobs SET next_at = NULL WHERE client_key = $1 AND identifier = $2",
		string(j.tenant), j.identifier)
	return err
}

// again puts a job off: a second, then twice as long each time, up to an hour.
func (q *queue) again(ctx context.Context, j job) error {
	wait := min(time.Second<<min(j.attempts, 12), time.Hour)
	_, err := q.db.ExecContext(ctx, "UPDATE jobs SET attempts = $1, next_at = $2 WHERE client_key = $3 AND identifier = $4",
		j.attempts+1, time.Now().Add(wait).UnixMilli(), string(j.tenant), j.identifier)
	return err
}
