package absence

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sightline-go/sightline/internal/workload"
)

// Of says how long each of the people is away on each day, by account id, and how
// many events name none of them. An event is somebody's if their whole name is in
// its title or among its attendees. Of two names, one of which is part of the other,
// only the longer counts.
func (c Calendar) Of(people []workload.Person) (away map[string]map[workload.Date]time.Duration, nobodys int) {
	away = map[string]map[workload.Date]time.Duration{}
	known := make([]named, 0, len(people))
	for _, p := range people {
		if words := wordsOf(p.Name); words != "" && p.Known() {
			known = append(known, named{p.AccountID, words})
		}
	}
	for _, e := range c.Events {
		found := e.of(known)
		if len(found) == 0 {
			nobodys++
		}
		for _, who := range found {
			days := away[who.account]
			if days == nil {
				days = map[workload.Date]time.Duration{}
				away[who.account] = days
			}
			for day, lasts := range e.Days {
				days[day] = min(wholeDay, days[day]+lasts)
			}
		}
	}
	return away, nobodys
}

type named struct{ account, words string }

func (e Event) of(people []named) []named {
	texts := []string{wordsOf(e.Title)}
	for _, name := range e.Names {
		texts = append(texts, wordsOf(name))
	}
	var found []named
	for _, p := range people {
		if slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, p.words) }) {
			found = append(found, p)
		}
	}
	return slices.DeleteFunc(slices.Clone(found), func(p named) bool {
		return slices.ContainsFunc(found, func(longer named) bool {
			return len(longer.words) > len(p.words) && strings.Contains(longer.words, p.words)
		})
	})
}

// wordsOf is a text in lower case with one space around each word, so that one text
// contains another word by word; "" without words.
func wordsOf(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ") + " "
}
