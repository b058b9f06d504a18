package index

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"github.com/sightline-go/sightline/internal/workload"
)

// family says how facts of one type are packed: in the order of their names, each
// after the one before.
type family[N comparable, F any] struct {
	name    func(F) N
	compare func(a, b N) int
	put     func(w *writer, k Key, before, f *F)
	// get fills f, which is zero.
	get func(r *reader, k Key, before, f *F)
}

// unpack appends the facts of a page to a list.
func (f family[N, F]) unpack(k Key, page []byte, list []F) ([]F, error) {
	r := newReader(page)
	before, first := new(F), len(list)
	list = slices.Grow(list, r.count)[:first+r.count]
	for n := range r.count {
		fact := &list[first+n]
		f.get(r, k, before, fact)
		before = fact
	}
	return list, r.err(k)
}

// pack is a page of facts, which are in order.
func (f family[N, F]) pack(k Key, list []F) []byte {
	if len(list) == 0 {
		return nil
	}
	w, before := writer{count: len(list)}, new(F)
	for n := range list {
		f.put(&w, k, before, &list[n])
		before = &list[n]
	}
	return w.page()
}

// The sizes of buckets, as powers of two.
const (
	keysABucket   = 8
	idsABucket    = 8
	issuesABucket = 6
)

func issueKey(i Issue) Key {
	k := Key{Shelf: shelfDone, Project: i.Project, Bucket: i.Number >> keysABucket}
	if i.Open() {
		k.Shelf = shelfOpen
	}
	return k
}

// The parts of an issue's first number. What is rare comes last: most issues need one
// byte.
const (
	hasCategory    uint64 = 1<<2 - 1
	hasAssignee    uint64 = 1 << 2
	hasDue         uint64 = 1 << 3
	hasRemaining   uint64 = 1 << 4
	hasParent      uint64 = 1 << 5
	hasEstimate    uint64 = 1 << 6
	hasStoryPoints uint64 = 1 << 7
	hasTeam        uint64 = 1 << 8
	lacksCreated   uint64 = 1 << 9
)

func flag(set bool, bit uint64) uint64 {
	if set {
		return bit
	}
	return 0
}

func issues() family[int64, Issue] {
	return family[int64, Issue]{
		name: func(i Issue) int64 { return i.ID }, compare: cmp.Compare[int64], put: putIssue, get: getIssue,
	}
}

func putIssue(w *writer, k Key, before, i *Issue) {
	has := uint64(codeOf(i.Category)) | flag(i.Assignee != "", hasAssignee) | flag(!i.Due.IsZero(), hasDue) |
		flag(i.Remaining != 0, hasRemaining) | flag(i.Parent != 0, hasParent) | flag(i.PointEstimate.Set, hasEstimate) |
		flag(i.StoryPoints.Set, hasStoryPoints) | flag(i.Team != "", hasTeam) | flag(i.Created.IsZero(), lacksCreated)
	w.int(i.ID - before.ID)
	w.uint(has)
	w.byte(byte(i.Number - k.Bucket<<keysABucket))
	w.time(i.Updated)
	if has&lacksCreated == 0 {
		w.int(i.Updated.UnixMilli() - i.Created.UnixMilli())
	}
	if has&hasAssignee != 0 {
		w.text(i.Assignee)
	}
	if has&hasDue != 0 {
		w.int(dayNumber(i.Due))
	}
	if has&hasRemaining != 0 {
		w.int(int64(i.Remaining / time.Second))
	}
	if has&hasParent != 0 {
		w.int(i.Parent - i.ID)
	}
	if has&hasEstimate != 0 {
		w.float(i.PointEstimate.Value)
	}
	if has&hasStoryPoints != 0 {
		w.float(i.StoryPoints.Value)
	}
	if has&hasTeam != 0 {
		w.text(i.Team)
	}
}

func getIssue(r *reader, k Key, before, i *Issue) { readIssue(r, k, before, i) }

// readIssue also returns which text of the page names the assignee, -1 for nobody.
func readIssue(r *reader, k Key, before, i *Issue) (assignee int) {
	i.ID, i.Project = before.ID+r.int(), k.Project
	has := r.uint()
	i.Category = categoryOf(byte(has & hasCategory))
	i.Number = k.Bucket<<keysABucket + int64(r.byte())
	updated := r.int()
	i.Updated = time.UnixMilli(updated).UTC()
	if has&lacksCreated == 0 {
		i.Created = time.UnixMilli(updated - r.int()).UTC()
	}
	assignee = -1
	if has&hasAssignee != 0 {
		assignee, i.Assignee = r.namedText()
	}
	if has&hasDue != 0 {
		i.Due = dateOfDay(r.int())
	}
	if has&hasRemaining != 0 {
		i.Remaining = time.Duration(r.int()) * time.Second
	}
	if has&hasParent != 0 {
		i.Parent = i.ID + r.int()
	}
	if has&hasEstimate != 0 {
		i.PointEstimate = Points{r.float(), true}
	}
	if has&hasStoryPoints != 0 {
		i.StoryPoints = Points{r.float(), true}
	}
	if has&hasTeam != 0 {
		i.Team = r.text()
	}
	return assignee
}

// skimmed is what counts of an issue. assignee is the number of the text that names it,
// -1 for nobody.
type skimmed struct {
	category  workload.Category
	due       workload.Date
	remaining time.Duration
	assignee  int
	account   string
}

// skimIssue is readIssue without what does not count.
func skimIssue(r *reader) (i skimmed) {
	r.skip(1) // id
	has := r.uint()
	r.byte()                                         // number
	r.skip(1 + int(has&lacksCreated/lacksCreated^1)) // updated, created
	i.category, i.assignee = categoryOf(byte(has&hasCategory)), -1
	if has&hasAssignee != 0 {
		i.assignee, i.account = r.namedText()
	}
	if has&hasDue != 0 {
		i.due = dateOfDay(r.int())
	}
	if has&hasRemaining != 0 {
		i.remaining = time.Duration(r.int()) * time.Second
	}
	r.skip(bits.OnesCount64(has & (hasParent | hasEstimate | hasStoryPoints | hasTeam)))
	return i
}

// codeOf packs a category into two bits; 0 is any other.
func codeOf(c workload.Category) byte {
	switch c {
	case workload.CategoryNew:
		return 1
	case workload.CategoryInProgress:
		return 2
	case workload.CategoryDone:
		return 3
	}
	return 0
}

func categoryOf(code byte) workload.Category {
	switch code {
	case 1:
		return workload.CategoryNew
	case 2:
		return workload.CategoryInProgress
	case 3:
		return workload.CategoryDone
	}
	return categoryOther
}

const day = 24 * time.Hour

// week is the bucket of a work log.
func week(t time.Time) int64 {
	const long = int64(7 * day / time.Millisecond)
	ms := t.UnixMilli()
	if ms < 0 {
		return (ms+1)/long - 1
	}
	return ms / long
}

// weekStart is the first moment of a week.
func weekStart(number int64) time.Time {
	return time.Unix(0, 0).Add(time.Duration(number) * 7 * day).UTC()
}

func worklogs() family[int64, Worklog] {
	return family[int64, Worklog]{
		name: func(l Worklog) int64 { return l.ID }, compare: cmp.Compare[int64], put: putWorklog, get: getWorklog,
	}
}

func putWorklog(w *writer, k Key, before, l *Worklog) {
	w.int(l.ID - before.ID)
	w.int(l.Issue - before.Issue)
	w.text(l.Author)
	w.uint(uint64(l.Started.UnixMilli() - weekStart(k.Bucket).UnixMilli()))
	w.int(int64(l.Spent / time.Second))
	w.int(l.Updated.UnixMilli() - l.Started.UnixMilli())
}

func getWorklog(r *reader, k Key, before, l *Worklog) { readWorklog(r, k, before, l) }

// readWorklog also returns which text of the page names the author.
func readWorklog(r *reader, k Key, before, l *Worklog) (author int) {
	l.ID, l.Issue = before.ID+r.int(), before.Issue+r.int()
	author, l.Author = r.namedText()
	started := weekStart(k.Bucket).UnixMilli() + int64(r.uint())
	l.Started = time.UnixMilli(started).UTC()
	l.Spent = time.Duration(r.int()) * time.Second
	l.Updated = time.UnixMilli(started + r.int()).UTC()
	return author
}

// place says on which page a fact is, or that it was deleted.
type place struct {
	id int64
	// project is empty where the fact was deleted.
	project string
	// spot is an open issue's key number, a done one's as its complement; a work
	// log's week; the day of a deletion.
	spot int64
}

func (p place) deleted() bool { return p.project == "" }

// issueKey is the page of an issue.
func (p place) issueKey() Key {
	if p.spot < 0 {
		return Key{Shelf: shelfDone, Project: p.project, Bucket: ^p.spot >> keysABucket}
	}
	return Key{Shelf: shelfOpen, Project: p.project, Bucket: p.spot >> keysABucket}
}

// worklogKey is the page of a work log.
func (p place) worklogKey() Key { return Key{Shelf: shelfWorklogs, Project: p.project, Bucket: p.spot} }

func placeOfIssue(i Issue) place {
	if i.Open() {
		return place{i.ID, i.Project, i.Number}
	}
	return place{i.ID, i.Project, ^i.Number}
}

func placesKey(kind Kind, id int64) Key {
	if kind == KindWorklog {
		return Key{Shelf: shelfWorklogPlaces, Bucket: id >> idsABucket}
	}
	return Key{Shelf: shelfIssuePlaces, Bucket: id >> idsABucket}
}

func places() family[int64, place] {
	return family[int64, place]{
		name: func(p place) int64 { return p.id }, compare: cmp.Compare[int64],
		put: func(w *writer, _ Key, before, p *place) {
			w.int(p.id - before.id)
			w.text(p.project)
			w.int(p.spot)
		},
		get: func(r *reader, _ Key, before, p *place) {
			*p = place{before.id + r.int(), r.text(), r.int()}
		},
	}
}

func needsKey(kind Kind) Key { return Key{Shelf: shelfNeeds, Bucket: int64(kind)} }

func needs() family[int64, Need] {
	return family[int64, Need]{
		name: func(n Need) int64 { return n.ID }, compare: cmp.Compare[int64],
		put: func(w *writer, _ Key, before, n *Need) {
			w.int(n.ID - before.ID)
			w.int(n.Issue)
			w.time(n.Since)
			w.time(n.Last)
		},
		get: func(r *reader, k Key, before, n *Need) {
			*n = Need{Kind: Kind(k.Bucket), ID: before.ID + r.int(), Issue: r.int(), Since: r.time(), Last: r.time()}
		},
	}
}
