package confrest

import (
	"encoding/json"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// state is all that Reset puts back.
type state struct {
	spaces     []space
	pages      []page
	labels     []string
	watched    map[watch]bool
	properties map[propertyOwner]map[string]property
	lastID     int
}

// space is a Confluence space. Administrators and readers are account ids;
// without readers everybody may see it.
type space struct {
	id             int64
	key, name      string
	personal       string // whose it is, "" is a global one
	administrators []string
	readers        []string
}

// page is a page or a blog post.
type page struct{ id, kind, space, title string }

// property is a user property. Its owner names the app, too: an app sees only
// what it has made itself.
type property struct {
	id                int
	key               string
	value             json.RawMessage
	created, modified time.Time
}

type propertyOwner struct{ app, account string }

// newState makes the sample: two spaces, one of them only for some, the
// personal space of the first person, pages, blog posts and labels.
func newState(people []world.Person) state {
	var humans, admins []string
	for _, p := range people {
		if p.Admin {
			admins = append(admins, p.AccountID)
		}
		if !p.App && p.Active {
			humans = append(humans, p.AccountID)
		}
	}
	first, some := "", append([]string{}, admins...)
	if len(humans) > 0 {
		first = humans[0]
		some = append(some, humans[:min(4, len(humans))]...)
	}
	return state{
		spaces: []space{
			{id: 98305, key: "DOCK", name: "Dockside", administrators: []string{first}},
			{id: 98306, key: "CREW", name: "Crew matters", administrators: []string{first}, readers: some},
			{id: 98307, key: "~" + personalKey(first), name: "Personal notes", personal: first, administrators: []string{first}},
		},
		pages: []page{
			{"65601", "page", "DOCK", "Dockside home"},
			{"65602", "page", "DOCK", "How a booking travels"},
			{"65603", "page", "DOCK", "Runbook: the nightly export is late"},
			{"65604", "blogpost", "DOCK", "What changed in March"},
			{"65605", "blogpost", "DOCK", "The tracking map, drawn anew"},
			{"65606", "page", "CREW", "Crew home"},
			{"65607", "page", "CREW", "Hiring plan"},
			{"65608", "blogpost", "CREW", "New faces on deck"},
		},
		labels:  []string{"meeting-notes", "onboarding", "release", "runbook"},
		watched: map[watch]bool{}, properties: map[propertyOwner]map[string]property{}, lastID: 131000,
	}
}

// personalKey is the account id as Confluence writes it in keys of spaces.
func personalKey(account string) string {
	out := make([]rune, 0, len(account))
	for _, r := range account {
		if r != ':' && r != '-' {
			out = append(out, r)
		}
	}
	return string(out)
}

// Objects are the ids of the sample: keys of spaces, ids of pages and blog
// posts, names of labels.
func (a *API) Objects() (spaces, content, labels []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.state.spaces {
		spaces = append(spaces, s.key)
	}
	for _, p := range a.state.pages {
		content = append(content, p.id)
	}
	return spaces, content, append([]string{}, a.state.labels...)
}
