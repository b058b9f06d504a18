package glance

import "github.com/sightline-go/sightline/internal/lang"

// WordsIn are the words of a label in a language of the catalogue.
func WordsIn(l *lang.Language) Words {
	word := func(w lang.LabelWord) Word {
		return func(int) (long, short string) { return w.Long, w.Short }
	}
	t := l.Label
	return Words{
		Unset:     t.NotSetUp,
		Partial:   l.Gaps.Label,
		Separator: t.Separator,
		Parts: map[Part]Word{
			PartOpen:       word(t.Open),
			PartOverdue:    word(t.Overdue),
			PartDueSoon:    word(t.DueSoon),
			PartUnassigned: word(t.Unassigned),
			PartHeavy:      word(t.Heavy),
			PartBlank:      word(t.Blank),
			PartLogged:     word(t.Logged),
		},
		Hours: unit(l, t.Hours), Points: unit(l, t.Points),
	}
}

func unit(l *lang.Language, w lang.LabelWord) Unit {
	return func(amount string) (long, short string) { return l.Say(w.Long, amount), l.Say(w.Short, amount) }
}
