package doctor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/store"
)

// State is how a check ended.
type State string

// The ways in which a check ends. Only a fault makes an installation wrong.
const (
	OK      State = "ok"
	Warning State = "warning"
	Fault   State = "fault"
	Off     State = "off" // what is checked is not in use, or cannot be looked at
)

// Line is what one check found.
type Line struct {
	// Check is a name of the table, or the variable of a setting.
	Check string `json:"check"`
	State State  `json:"state"`
	Says  string `json:"says"`
	// Do is what to do about it; empty if nothing.
	Do string `json:"do,omitempty"`
}

// Report is what all checks found, in the order of the table.
type Report struct {
	// OK says that there is no fault.
	OK    bool   `json:"ok"`
	Lines []Line `json:"lines"`
}

// ErrFaults says that there are faults, which were printed.
var ErrFaults = errors.New("something is wrong, see above")

// Doctor examines an installation.
type Doctor struct {
	// Flags are the settings that serve runs with.
	Flags app.ServeFlags
	// URL is where the app answers; "" is its base URL.
	URL string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Wait is how long one answer may take; 0 means ten seconds.
	Wait time.Duration
}

// visit is one examination.
type visit struct {
	Doctor
	settings []app.Listed
	// at is the app's address, "" if it is no address.
	at     string
	client *http.Client
	store  *store.Store // nil if it cannot be opened
	opened error

	mu sync.Mutex
	// skews are how far the clocks of services outside are ahead of this one.
	skews []time.Duration
}

// Examine makes all checks. It ends within a minute or two, whatever does not answer.
func (d Doctor) Examine(ctx context.Context) Report {
	if d.Now == nil {
		d.Now = time.Now
	}
	v := &visit{Doctor: d, settings: d.Flags.List(), client: &http.Client{
		Timeout:       cmp.Or(d.Wait, 10*time.Second),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	v.at = strings.TrimSuffix(d.Flags.BaseURL, "/")
	if d.URL != "" {
		v.at = strings.TrimSuffix(d.URL, "/")
	}
	if u, err := url.Parse(v.at); err != nil || u.Host == "" {
		v.at = ""
	}
	v.open(ctx)
	if v.store != nil {
		defer v.store.Close()
	}
	out := Report{Lines: v.all(ctx)}
	out.OK = !slices.ContainsFunc(out.Lines, func(l Line) bool { return l.State == Fault })
	return out
}

// all makes the checks side by side, but the clock's, which goes by what the others
// heard.
func (v *visit) all(ctx context.Context) []Line {
	table := Checks()
	found := make([][]Line, len(table))
	var work sync.WaitGroup
	for i, c := range table {
		if !c.last {
			work.Go(func() { found[i] = c.run(v, ctx) })
		}
	}
	work.Wait()
	for i, c := range table {
		if c.last {
			found[i] = c.run(v, ctx)
		}
	}
	var lines []Line
	for i, c := range table {
		for _, line := range found[i] {
			if line.Check == "" {
				line.Check = c.Name
			}
			if line.Do == "" && (line.State == Fault || line.State == Warning) {
				line.Do = c.Do
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// open opens the database as it is.
func (v *visit) open(ctx context.Context) {
	options, err := v.Flags.Options()
	if err != nil {
		v.opened = errors.New("its settings are wrong")
		return
	}
	options.Existing, options.Unchanged = true, true
	v.store, v.opened = store.Open(ctx, options)
}

// Print writes a report for people, or as one JSON document.
func (r Report) Print(out io.Writer, asJSON bool) error {
	if asJSON {
		printer := json.NewEncoder(out)
		printer.SetIndent("", "  ")
		return printer.Encode(r)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, l := range r.Lines {
		state := string(l.State)
		if l.State == Fault {
			state = "FAULT"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", state, l.Check, l.Says)
		if l.Do != "" {
			fmt.Fprintf(w, "\t\t→ %s\n", l.Do)
		}
	}
	return w.Flush()
}

func ok(format string, args ...any) []Line      { return one(OK, format, args...) }
func fault(format string, args ...any) []Line   { return one(Fault, format, args...) }
func warning(format string, args ...any) []Line { return one(Warning, format, args...) }
func off(says string) []Line                    { return one(Off, "%s", says) }

func one(state State, format string, args ...any) []Line {
	return []Line{{State: state, Says: fmt.Sprintf(format, args...)}}
}

// answer is what an address answered.
type answer struct {
	*http.Response
	body []byte
}

// maxBody bounds what is read of an answer, in bytes.
const maxBody = 4 << 20

// ask makes a request and notes the clock of who answers.
func (v *visit) ask(ctx context.Context, method, address, body string, headers ...string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return answer{}, errors.New("it is no address")
	}
	req.Header.Set("User-Agent", app.UserAgent())
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	asked := v.Now()
	resp, err := v.client.Do(req)
	if err != nil {
		var wrapped *url.Error // it names the address, which may hold a secret
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return answer{}, err
	}
	defer resp.Body.Close()
	answered := v.Now()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return answer{}, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && !strings.HasPrefix(address, v.at+"/") {
		v.mu.Lock()
		v.skews = append(v.skews, skew(date, asked, answered))
		v.mu.Unlock()
	}
	return answer{resp, data}, nil
}

// skew is how far the clock that wrote a date, in whole seconds, is at least ahead of
// this one, by which the answer came between two times.
func skew(date, asked, answered time.Time) time.Duration {
	switch {
	case date.After(answered):
		return date.Sub(answered)
	case date.Add(time.Second).Before(asked):
		return date.Add(time.Second).Sub(asked)
	}
	return 0
}

// tenants are those that are active, at most a few.
func (v *visit) tenants(ctx context.Context, most int) ([]connect.Tenant, error) {
	if v.store == nil {
		return nil, nil
	}
	all, err := v.store.Tenants.List(ctx)
	all = slices.DeleteFunc(all, func(t connect.Tenant) bool { return t.State != connect.StateActive })
	return all[max(0, len(all)-most):], err
}
