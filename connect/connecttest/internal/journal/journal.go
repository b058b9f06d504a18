// Package journal keeps the site's incoming and outgoing calls, reports them to
// listeners, and passes answers to the check.
package journal

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// requestLimit is how many of the newest requests are kept.
const requestLimit = 5000

// The ends of a request other than an app.
const (
	Site    = "site"
	Browser = "browser"
	Client  = "client"
)

// Request is one call that the site has answered or made. It never holds a
// secret or a token that could be used again.
type Request struct {
	// Seq goes up by one with every request of the site.
	Seq int `json:"seq"`
	// From and To are "site", an app key, "browser" (a page of the site's own
	// or an app's frame through the host) or "client" (anyone else).
	From   string `json:"from"`
	To     string `json:"to"`
	Method string `json:"method"`
	Path   string `json:"path"`
	// Query is raw, with its tokens removed.
	Query string `json:"query"`
	// Caller is the account id that the call acts as; empty is anonymous.
	Caller    string `json:"caller"`
	Operation string `json:"operation"`
	// Status is 0 if no answer came.
	Status int       `json:"status"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Token  *Token    `json:"token,omitempty"`
	// Reason says why the site refused, or why no answer came.
	Reason string `json:"reason,omitempty"`
	// Refusal says which check of a token failed, where the site refused it or an
	// app answered 401 or 403 to the site's.
	Refusal *Refusal `json:"refusal,omitempty"`
}

// Refusal is why a token was refused. It never holds the token or a secret.
type Refusal struct {
	// Check is the claim or header that is wrong, or form, signature, scheme; empty
	// for the refusal of an app, which does not say.
	Check string `json:"check,omitempty"`
	// Say is what is wrong, without the check's name.
	Say string `json:"say"`
	// Expected is the canonical request as it arrived, or as it was sent to an app.
	// Signed is the one that the token was made for, empty if nothing that is
	// often mistaken has its hash. Both are empty where the address is not at fault.
	Expected string `json:"expected,omitempty"`
	Signed   string `json:"signed,omitempty"`
}

// Error gives "check: what is wrong".
func (r *Refusal) Error() string {
	if r.Check == "" {
		return r.Say
	}
	return r.Check + ": " + r.Say
}

// NoteRefusal puts into the log which check failed, if err says so.
func NoteRefusal(w http.ResponseWriter, err error) {
	rec, ok := w.(*recorder)
	if ok && errors.As(err, &rec.entry.Refusal) {
		rec.entry.Reason = err.Error()
	}
}

// Token is a decoded token, or what stands behind an opaque one. There is no
// signature.
type Token struct {
	// Where is "header", "query", "assertion" or "bearer".
	Where  string         `json:"where"`
	Header map[string]any `json:"header,omitempty"`
	Claims map[string]any `json:"claims"`
}

// Decode reads a JWT without verifying it; nil if the text is not one.
func Decode(where, raw string) *Token {
	token, _, err := jwt.NewParser().ParseUnverified(raw, jwt.MapClaims{})
	if err != nil {
		return nil
	}
	claims, _ := token.Claims.(jwt.MapClaims)
	return &Token{Where: where, Header: token.Header, Claims: claims}
}

// requests is a log of bounded length.
type requests struct {
	mu   sync.Mutex
	seq  int
	list []Request
}

func (q *requests) add(r Request) Request {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.seq++
	r.Seq = q.seq
	if len(q.list) >= 2*requestLimit {
		q.list = append([]Request(nil), q.list[requestLimit:]...)
	}
	q.list = append(q.list, r)
	return r
}

func (q *requests) since(seq int) ([]Request, int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	newest := q.list[max(0, len(q.list)-requestLimit):]
	list := make([]Request, 0)
	for _, r := range newest {
		if r.Seq > seq {
			list = append(list, r)
		}
	}
	return list, q.seq
}

// recorder is the ResponseWriter of a call that goes into the log.
type recorder struct {
	http.ResponseWriter
	entry Request
}

func (rec *recorder) WriteHeader(status int) {
	if rec.entry.Status == 0 {
		rec.entry.Status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

func (rec *recorder) Write(data []byte) (int, error) {
	if rec.entry.Status == 0 {
		rec.entry.Status = http.StatusOK
	}
	return rec.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController through.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

// Options are what a journal is made from.
type Options struct {
	// Now is the site's clock.
	Now func() time.Time
	// Operation names what a request asks for.
	Operation func(r *http.Request) string
	// Check, if not nil, gets every answer before the caller does.
	Check func(req *http.Request, reqBody []byte, status int, header http.Header, body []byte)
	// Signed finds the canonical request behind a hash that the site signed; nil
	// finds none.
	Signed func(hash string) (canonical string, ok bool)
}

// Journal is the log of requests, and the events of those who watch the site.
type Journal struct {
	Options
	Events broker

	log requests
}

// New makes an empty journal.
func New(o Options) *Journal { return &Journal{Options: o} }

// Since returns what was seen after the request of that number, oldest first,
// and the number of the newest.
func (j *Journal) Since(seq int) ([]Request, int) { return j.log.since(seq) }

// Record runs next and logs what happened, even if the connection breaks.
// Options.Check gets the answer.
func (j *Journal) Record(w http.ResponseWriter, r *http.Request, from string, next http.HandlerFunc) {
	if j.Check == nil {
		j.recorded(w, r, from, next)
		return
	}
	j.checked(w, r, func(w http.ResponseWriter, r *http.Request) { j.recorded(w, r, from, next) })
}

func (j *Journal) recorded(w http.ResponseWriter, r *http.Request, from string, next http.HandlerFunc) {
	rec := &recorder{ResponseWriter: w, entry: Request{
		From: from, To: Site, Method: r.Method, Path: r.URL.EscapedPath(),
		Query: Scrub(r.URL.RawQuery), Operation: j.Operation(r), Start: j.Now(),
	}}
	defer func() {
		rec.entry.End = j.Now()
		j.Keep(rec.entry)
	}()
	next(rec, r)
	if rec.entry.Status == 0 {
		rec.entry.Status = http.StatusOK
	}
}

// Keep puts a call into the log and tells those who watch.
func (j *Journal) Keep(entry Request) {
	if entry.From == Site && (entry.Status == http.StatusUnauthorized || entry.Status == http.StatusForbidden) {
		entry.Refusal = j.refusedByApp(entry)
	}
	j.Events.Send("request", j.log.add(entry))
}

// refusedByApp is what an app that refused the site's token should have computed of it.
func (j *Journal) refusedByApp(entry Request) *Refusal {
	if entry.Token == nil {
		return nil
	}
	r := &Refusal{Say: "the app refused the site's token"}
	if hash, ok := entry.Token.Claims["qsh"].(string); ok && j.Signed != nil {
		r.Expected, _ = j.Signed(hash)
		r.Signed = r.Expected
	}
	return r
}

// NoteCaller puts the caller into the log.
func NoteCaller(w http.ResponseWriter, from, account string, token *Token) {
	rec, ok := w.(*recorder)
	if !ok {
		return
	}
	if from != "" {
		rec.entry.From = from
	}
	rec.entry.Caller = account
	if token != nil {
		rec.entry.Token = token
	}
}

// Scrub removes tokens from a raw query.
func Scrub(query string) string {
	var kept []string
	for piece := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(piece, "=")
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		switch strings.ToLower(name) {
		case "jwt", "acpt", "access_token", "client_secret", "assertion", "token":
		default:
			kept = append(kept, piece)
		}
	}
	return strings.Join(kept, "&")
}

// NoteReason puts into the log why a call was refused.
func (rec *recorder) NoteReason(reason string) { rec.entry.Reason = reason }
