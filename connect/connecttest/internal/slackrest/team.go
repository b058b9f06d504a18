package slackrest

import (
	"fmt"
	"slices"
	"time"
)

// team is a workspace.
type team struct {
	id, name, domain string
	people           []person
	channels         []*channel
	// open are the modals that are open, by person.
	open map[string]*view
}

type person struct {
	id, name, realName string
}

// channel is a conversation of the workspace.
type channel struct {
	id, name string
	private  bool
	archived bool
	// bot says whether the app's bot is a member.
	bot       bool
	messages  []*message
	bookmarks []*bookmark
	// last is the newest timestamp given out, in microseconds.
	last int64
}

func (t *team) channel(id string) *channel {
	i := slices.IndexFunc(t.channels, func(c *channel) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return t.channels[i]
}

func (t *team) person(id string) (person, bool) {
	i := slices.IndexFunc(t.people, func(p person) bool { return p.id == id })
	if i < 0 {
		return person{}, false
	}
	return t.people[i], true
}

// stamp makes the next message timestamp of the channel, which is also the
// message's id.
func (c *channel) stamp(now time.Time) string {
	at := max(now.UnixMicro(), c.last+1)
	c.last = at
	return fmt.Sprintf("%d.%06d", at/1e6, at%1e6)
}

// sampleTeam is the same on every start.
func sampleTeam(now time.Time) team {
	t := team{id: "T0SLHARBOR", name: "Harbour Works", domain: "harbour-works", open: map[string]*view{}}
	for i, name := range []string{"Inka Vahl", "Teo Brand", "Mara Quist", "Oren Ley"} {
		t.people = append(t.people, person{
			id: "U0SLPEOPL" + string(rune('A'+i)), realName: name, name: firstName(name),
		})
	}
	for i, about := range []struct {
		name, text string
		private    bool
	}{
		{"quay-planning", "Who takes the crane board this week?", false},
		{"dispatch", "Two trucks are waiting at the north gate.", false},
		{"harbour-leads", "Numbers for the review, please.", true},
	} {
		c := &channel{id: "C0SLCHANN" + string(rune('A'+i)), name: about.name, private: about.private}
		at := now.Add(-time.Duration(i+1) * 17 * time.Minute)
		c.messages = []*message{{TS: c.stamp(at), User: t.people[i].id, Text: about.text}}
		t.channels = append(t.channels, c)
	}
	return t
}

func firstName(name string) string {
	for i, r := range name {
		if r == ' ' {
			return string(name[0]+'a'-'A') + name[1:i]
		}
	}
	return name
}
