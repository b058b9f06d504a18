package weekly

import (
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// Digest words a team's numbers, with what has changed since before; nil: nothing is said
// of that. People are named, or only counted.
func Digest(l *lang.Language, c glance.Config, t glance.Team, before *glance.Numbers, named bool) glance.Digest {
	w := glance.WordsIn(l)
	d := glance.Digest{Title: l.Say(l.Weekly.Title, l.List(c.Projects))}
	for _, p := range parts(c) {
		line := glance.Label(w, []glance.Part{p}, t.Numbers)
		if before != nil {
			line += changed(l, w, p, t.Numbers, *before)
		}
		d.Lines = append(d.Lines, line)
	}
	if named {
		t.Describe(l, c, &d)
	} else {
		d.Lines = append(d.Lines, counted(l, t.People)...)
	}
	if t.Numbers.Partial() {
		d.Notes = append(d.Notes, w.Partial)
	}
	return d
}

// parts are what a summary says.
func parts(c glance.Config) []glance.Part {
	list := []glance.Part{glance.PartOpen, glance.PartOverdue, glance.PartDueSoon, glance.PartUnassigned}
	if c.Measure.Sized() {
		list = append(list, glance.PartBlank)
	}
	return append(list, glance.PartLogged)
}

func changed(l *lang.Language, w glance.Words, p glance.Part, now, before glance.Numbers) string {
	if p == glance.PartLogged {
		return "" // as many days always count
	}
	by, more, ok := w.Change(p, now, before)
	switch {
	case !ok:
		return ""
	case more:
		return " (" + l.Say(l.Weekly.More, by) + ")"
	}
	return " (" + l.Say(l.Weekly.Less, by) + ")"
}

// counted says how many people have room, and how many too much.
func counted(l *lang.Language, people []glance.Member) (lines []string) {
	room, heavy := 0, 0
	for _, p := range people {
		switch p.Load {
		case workload.LoadLight:
			room++
		case workload.LoadHeavy:
			heavy++
		}
	}
	if room > 0 {
		lines = append(lines, l.Count(l.Weekly.Room, room))
	}
	if heavy > 0 {
		lines = append(lines, l.Count(l.Weekly.Heavy, heavy))
	}
	return lines
}
