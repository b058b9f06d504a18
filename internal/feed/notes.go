package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/internal/workload"
)

// notes are what the feed remembers of a tenant beside the facts.
type notes struct {
	// Projects are those whose facts are all held, Hidden those that the app may not
	// see or that answer to another key.
	Projects []string `json:"projects,omitempty"`
	Hidden   []string `json:"hidden,omitempty"`
	// Fill is where the filling is; nil: nothing is being filled.
	Fill *position `json:"fill,omitempty"`
	// Read is how far a reading of what has changed is; nil: none has begun.
	Read *reading `json:"read,omitempty"`
	// Past is since when it can be told, by project, how its issues were; Back is how
	// far the reading of it is, nil: none has begun.
	Past map[string]time.Time `json:"past,omitempty"`
	Back *backward            `json:"back,omitempty"`
	// Logged is since when all work logs are held, by project; Logs is how far the reading
	// of older ones is, nil: none has begun.
	Logged map[string]time.Time `json:"logged,omitempty"`
	Logs   *backward            `json:"logs,omitempty"`
	// Apps are the accounts of apps among the people of the facts.
	Apps []string `json:"apps,omitempty"`
	// Inactive are the accounts among them that were deactivated when they were met last.
	Inactive []string `json:"inactive,omitempty"`
	// Statuses are the categories of the statuses that were met, by id.
	Statuses map[string]workload.Category `json:"statuses,omitempty"`
	// Fields are the site's custom fields.
	Fields customFields `json:"fields,omitzero"`
	// Odd is until when something that cannot be read makes the facts incomplete.
	Odd time.Time `json:"odd,omitzero"`
	// Checked is when the numbers of open issues were compared last, Again when to
	// read once more what changed, because Jira's search may have been late.
	Checked time.Time `json:"checked,omitzero"`
	Again   time.Time `json:"again,omitzero"`
	// Open is how many issues were open when they were compared.
	Open int `json:"open,omitempty"`
	// Losses counts how often events may have been lost.
	Losses int `json:"losses,omitempty"`
	// Ticked is when Forge's hourly call came last.
	Ticked time.Time `json:"ticked,omitzero"`
}

// position is how far a project is filled.
type position struct {
	Project string `json:"project"`
	// Logged says that the open issues are done and those with work logged follow.
	Logged bool `json:"logged,omitempty"`
	// Token is of the next page; empty: the first.
	Token string `json:"token,omitempty"`
	// Since is when the project was begun.
	Since time.Time `json:"since"`
}

// reading is how far what has changed is read. Points may end before it does; it goes
// on from there in the next hour.
type reading struct {
	// From is since when changes are read, Begun when that began, Minutes how far back
	// its search goes.
	From    time.Time `json:"from"`
	Begun   time.Time `json:"begun"`
	Minutes int       `json:"minutes"`
	// Token is of the search's next page; Searched says that it is done.
	Token    string `json:"token,omitempty"`
	Searched bool   `json:"searched,omitempty"`
	// Losses are those that were known when it began.
	Losses int `json:"losses,omitempty"`
}

// newReading begins at a time. Its search goes back a little further than it has to,
// because it may go on later.
func newReading(from, now time.Time, losses int) *reading {
	r := &reading{From: from, Begun: now, Losses: losses}
	r.Minutes = int((now.Sub(from)+r.spare())/time.Minute) + 1
	return r
}

// spare is for how long a reading may go on.
func (r *reading) spare() time.Duration { return r.Begun.Sub(r.From) / 20 }

// holds reports whether a reading can go on that is to read since a time: its search
// still goes back so far.
func (r *reading) holds(since, now time.Time) bool {
	late := now.Sub(r.Begun)
	return !since.Before(r.From) && 0 <= late && late <= r.spare()
}

// takes reports whether facts of a project are kept: they are held, or being filled.
func (n notes) takes(project string) bool {
	return slices.Contains(n.Projects, project) || n.Fill != nil && n.Fill.Project == project
}

func (n notes) isApp(account string) bool {
	_, found := slices.BinarySearch(n.Apps, account)
	return found
}

func (n notes) isInactive(account string) bool {
	_, found := slices.BinarySearch(n.Inactive, account)
	return found
}

// learnActive keeps who can work, and reports whether that is new.
func (n *notes) learnActive(people map[string]bool) (fresh bool) {
	for account, active := range people {
		at, found := slices.BinarySearch(n.Inactive, account)
		switch {
		case active && found:
			n.Inactive, fresh = slices.Delete(n.Inactive, at, at+1), true
		case !active && !found && len(n.Inactive) < maxAccounts:
			n.Inactive, fresh = slices.Insert(n.Inactive, at, account), true
		}
	}
	return fresh
}

// learn adds what was met, and reports whether that is new.
func (n *notes) learn(m *met) bool {
	fresh := n.learnActive(m.people)
	for account := range m.apps {
		if at, found := slices.BinarySearch(n.Apps, account); !found {
			n.Apps, fresh = slices.Insert(n.Apps, at, account), true
		}
	}
	for id, category := range m.statuses {
		if n.Statuses[id] == category {
			continue
		}
		if n.Statuses[id] != "" {
			n.refill() // all facts of that status have another category now
		}
		if n.Statuses == nil {
			n.Statuses = map[string]workload.Category{}
		}
		n.Statuses[id], fresh = category, true
	}
	if m.odd.After(n.Odd) {
		n.Odd, fresh = m.odd, true
	}
	return fresh
}

// leave forgets projects whose facts are not held any more.
func (n *notes) leave(projects []string) {
	n.Projects = slices.DeleteFunc(n.Projects, func(p string) bool { return slices.Contains(projects, p) })
	for _, p := range projects {
		delete(n.Past, p)
		delete(n.Logged, p)
	}
	if n.Logs != nil && slices.Contains(projects, n.Logs.Project) {
		n.Logs = nil
	}
	if n.Back != nil && slices.Contains(projects, n.Back.Project) {
		n.Back = nil
	}
}

// refill begins the filling anew.
func (n *notes) refill() {
	n.Projects, n.Fill, n.Open, n.Past, n.Back, n.Logged, n.Logs = nil, nil, 0, nil, nil, nil, nil
}

// met is what facts tell beside themselves.
type met struct {
	apps       map[string]bool
	people     map[string]bool // whether they can work
	statuses   map[string]workload.Category
	odd        time.Time
	restricted time.Time
}

func (m *met) app(account string) {
	if m.apps == nil {
		m.apps = map[string]bool{}
	}
	m.apps[account] = true
}

func (m *met) active(account string, can bool) {
	if m.people == nil {
		m.people = map[string]bool{}
	}
	m.people[account] = can
}

func (m *met) status(id string, category workload.Category) {
	if id == "" || category == "" {
		return
	}
	if m.statuses == nil {
		m.statuses = map[string]workload.Category{}
	}
	m.statuses[id] = category
}

// missed notes that something could not be read.
func (m *met) missed(until time.Time) {
	if until.After(m.odd) {
		m.odd = until
	}
}

// known reports whether the notes have all of it.
func (m *met) known(n notes) bool {
	n.Apps, n.Inactive, n.Statuses = slices.Clone(n.Apps), slices.Clone(n.Inactive), maps.Clone(n.Statuses)
	return !n.learn(m)
}

// none is a tenant whose index was not begun.
func none(s index.State) bool { return s.Cursor == "" }

func notesOf(s index.State) (n notes, err error) {
	if none(s) {
		return notes{}, nil
	}
	if err := json.Unmarshal([]byte(s.Cursor), &n); err != nil {
		return notes{}, fmt.Errorf("%w: notes: %w", index.ErrDamaged, err)
	}
	return n, nil
}

// change changes a tenant's state and notes while nobody else does.
func (f *Feed) change(ctx context.Context, tenant string, change func(*index.State, *notes) error) error {
	return f.Index.ChangeState(ctx, tenant, func(s *index.State) error {
		n, err := notesOf(*s)
		if err != nil {
			return err
		}
		if err := change(s, &n); err != nil {
			return err
		}
		text, err := json.Marshal(n)
		s.Cursor = string(text)
		return err
	})
}

// alter is change for a tenant whose index was begun. Without one it does nothing.
func (f *Feed) alter(ctx context.Context, tenant string, change func(*index.State, *notes)) error {
	err := f.change(ctx, tenant, func(s *index.State, n *notes) error {
		if none(*s) {
			return errNone
		}
		change(s, n)
		return nil
	})
	if errors.Is(err, errNone) {
		return nil
	}
	return err
}

// errNone means that a tenant has no index.
var errNone = errors.New("no index")

// learned keeps what facts told beside themselves, before the facts are stored.
func (f *Feed) learned(ctx context.Context, tenant string, before notes, m *met) error {
	if m.known(before) && m.restricted.IsZero() {
		return nil
	}
	return f.alter(ctx, tenant, func(s *index.State, n *notes) {
		n.learn(m)
		if m.restricted.After(s.Restricted) {
			s.Restricted = m.restricted
		}
		if len(n.Projects) == 0 {
			s.Filled = time.Time{}
		}
	})
}

// lose marks that events may have been lost since a time.
func lose(s *index.State, n *notes, since, now time.Time) {
	if s.Lost.IsZero() || since.Before(s.Lost) {
		s.Lost = since
	}
	n.Losses++
	n.Again = now.Add(searchLag)
}
