package index

import (
	"maps"
	"slices"
)

// sheet is a page that is being worked on.
type sheet[N comparable, F any] struct {
	facts   map[N]F
	changed bool
}

// book holds the pages of one type that a transaction works on.
type book[N comparable, F any] struct {
	family[N, F]
	pages  Pages
	sheets map[Key]*sheet[N, F]
	// err is the first error of all books of a desk.
	err *error
}

func newBook[N comparable, F any](d *desk, f family[N, F]) *book[N, F] {
	return &book[N, F]{family: f, pages: d.pages, sheets: map[Key]*sheet[N, F]{}, err: &d.err}
}

// load reads pages at once that are not here yet.
func (b *book[N, F]) load(keys ...Key) {
	var missing []Key
	for _, k := range keys {
		if b.sheets[k] == nil {
			b.sheets[k] = &sheet[N, F]{facts: map[N]F{}}
			missing = append(missing, k)
		}
	}
	if *b.err != nil || len(missing) == 0 {
		return
	}
	b.take(b.pages.Load(missing))
}

// scan reads the pages of a range that are not here yet.
func (b *book[N, F]) scan(r Range) {
	if *b.err != nil {
		return
	}
	pages, err := b.pages.Scan(r)
	maps.DeleteFunc(pages, func(k Key, _ []byte) bool { return b.sheets[k] != nil })
	b.take(pages, err)
}

func (b *book[N, F]) take(pages map[Key][]byte, err error) {
	for k, page := range pages {
		s := &sheet[N, F]{facts: map[N]F{}}
		b.sheets[k] = s
		if err == nil {
			err = s.fill(b.family, k, page)
		}
	}
	if *b.err == nil {
		*b.err = err
	}
}

func (s *sheet[N, F]) fill(f family[N, F], k Key, page []byte) error {
	list, err := f.unpack(k, page, nil)
	for _, fact := range list {
		s.facts[f.name(fact)] = fact
	}
	return err
}

func (b *book[N, F]) get(k Key, name N) (F, bool) {
	b.load(k)
	f, ok := b.sheets[k].facts[name]
	return f, ok
}

func (b *book[N, F]) set(k Key, f F) {
	b.load(k)
	b.sheets[k].facts[b.name(f)], b.sheets[k].changed = f, true
}

func (b *book[N, F]) drop(k Key, name N) {
	if _, ok := b.get(k, name); ok {
		delete(b.sheets[k].facts, name)
		b.sheets[k].changed = true
	}
}

// dropIf drops the facts of a page for which f is true, and returns them.
func (b *book[N, F]) dropIf(k Key, f func(F) bool) (dropped []F) {
	b.load(k)
	for name, fact := range b.sheets[k].facts {
		if f(fact) {
			dropped = append(dropped, fact)
			b.drop(k, name)
		}
	}
	return dropped
}

// save writes what has changed.
func (b *book[N, F]) save() {
	for k, s := range b.sheets {
		if *b.err == nil && s.changed {
			*b.err = b.pages.Save(k, b.pack(k, b.inOrder(s.facts)))
		}
	}
}

// inOrder are the facts as they are packed.
func (b *book[N, F]) inOrder(facts map[N]F) []F {
	return slices.SortedFunc(maps.Values(facts), func(a, c F) int { return b.compare(b.name(a), b.name(c)) })
}

// desk is what a transaction works on. After an error it does nothing.
type desk struct {
	pages    Pages
	err      error
	issues   *book[int64, Issue]
	worklogs *book[int64, Worklog]
	changes  *book[changeName, Change]
	places   *book[int64, place]
	needs    *book[int64, Need]
	doubts   *book[int64, doubt]
	// scanned are the projects whose work logs have all been read.
	scanned map[string]bool
}

func newDesk(p Pages) *desk {
	d := &desk{pages: p, scanned: map[string]bool{}}
	d.issues, d.worklogs, d.changes = newBook(d, issues()), newBook(d, worklogs()), newBook(d, changes())
	d.places, d.needs, d.doubts = newBook(d, places()), newBook(d, needs()), newBook(d, doubts())
	return d
}

func (d *desk) save() error {
	d.issues.save()
	d.worklogs.save()
	d.changes.save()
	d.places.save()
	d.needs.save()
	d.doubts.save()
	return d.err
}

// place finds a fact.
func (d *desk) place(kind Kind, id int64) (place, bool) { return d.places.get(placesKey(kind, id), id) }
