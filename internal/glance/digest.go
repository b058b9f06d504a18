package glance

import (
	"context"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// Team is what the app counts of a conversation's people.
type Team struct {
	Numbers Numbers
	// People are those who are compared with each other, who has most room first.
	People []Member
}

// Member is somebody with what they carry.
type Member struct {
	Name string
	Load workload.Load
	Open int
	// Size is how much that is, where issues are not counted.
	Size workload.Size
}

// Digest is a message with the numbers of a conversation. Its texts are plain.
type Digest struct {
	Title string
	Lines []string
	// Table may be shown in place of TableLines; both are empty if there is none.
	Table      Table
	TableLines []string
	Notes      []string
}

// Table is a table with a head.
type Table struct {
	Head []string
	Rows [][]string
}

// Teller is a chat that takes messages.
type Teller interface {
	// Tell writes a message into a conversation, for everybody in it. Its errors are
	// those of a [Surface].
	Tell(ctx context.Context, at Place, d Digest) error
	// NamesPeople reports whether people may be named to everybody in the
	// conversations of a site.
	NamesPeople(ctx context.Context, site string) (bool, error)
}

// maxNamed is how many people are named.
const maxNamed = 30

// Describe adds to a message who has room, as a table and as lines.
func (t Team) Describe(l *lang.Language, c Config, d *Digest) {
	if len(t.People) == 0 {
		return
	}
	d.Table.Head = []string{l.Workload.Person, l.Workload.Open, l.Workload.Load}
	for _, p := range t.People[:min(len(t.People), maxNamed)] {
		open, load := amount(l, c.Measure, p), loadName(l, p.Load)
		d.Table.Rows = append(d.Table.Rows, []string{p.Name, open, load})
		line := p.Name + ": " + open
		if load != "" {
			line += ", " + load
		}
		d.TableLines = append(d.TableLines, line)
	}
	if more := len(t.People) - maxNamed; more > 0 {
		d.Notes = append(d.Notes, l.Count(l.Slack.MorePeople, more))
	}
}

func amount(l *lang.Language, m workload.Measure, p Member) string {
	switch m {
	case workload.MeasureRemaining:
		return l.Say(l.Label.Hours.Long, l.Decimal(p.Size.Duration().Hours()))
	case workload.MeasurePoints:
		return l.Say(l.Label.Points.Long, l.Decimal(p.Size.Points()))
	}
	return l.Number(p.Open)
}

func loadName(l *lang.Language, load workload.Load) string {
	switch load {
	case workload.LoadHeavy:
		return l.Workload.Heavy
	case workload.LoadLight:
		return l.Workload.Light
	case workload.LoadBalanced:
		return l.Workload.Balanced
	}
	return ""
}
