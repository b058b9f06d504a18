package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// ErrDamaged means that a page cannot be read: the tenant's index has to be dropped
// and filled anew.
var ErrDamaged = errors.New("index page is damaged")

// pageFormat is the first byte of every page.
const pageFormat = 1

// writer packs the entries of a page. A text is written once and then named by its
// number.
type writer struct {
	count   int
	entries []byte
	texts   []string
	numbers map[string]uint64
}

func (w *writer) uint(v uint64)    { w.entries = binary.AppendUvarint(w.entries, v) }
func (w *writer) int(v int64)      { w.entries = binary.AppendVarint(w.entries, v) }
func (w *writer) byte(b byte)      { w.entries = append(w.entries, b) }
func (w *writer) time(t time.Time) { w.int(t.UnixMilli()) }

// float keeps small whole numbers and halves short.
func (w *writer) float(f float64) { w.uint(bits.ReverseBytes64(math.Float64bits(f))) }

func (w *writer) text(s string) {
	number, ok := w.numbers[s]
	if !ok {
		if w.numbers == nil {
			w.numbers = map[string]uint64{}
		}
		number = uint64(len(w.texts))
		w.numbers[s], w.texts = number, append(w.texts, s)
	}
	w.uint(number)
}

// page is the whole: format, number of entries, texts, entries.
func (w *writer) page() []byte {
	out := binary.AppendUvarint([]byte{pageFormat}, uint64(w.count))
	out = binary.AppendUvarint(out, uint64(len(w.texts)))
	for _, s := range w.texts {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	for _, s := range w.texts {
		out = append(out, s...)
	}
	return append(out, w.entries...)
}

// reader unpacks a page. After a damaged byte it reads zeros, and bad is set.
//
// It counts where it is: a slice that gets shorter is a pointer that changes, which the
// collector wants to know of.
type reader struct {
	page  []byte
	at    int
	texts []string
	// count is how many entries there are.
	count int
	bad   bool
}

func newReader(page []byte) *reader {
	r := opened(page)
	sizes, whole := make([]int, r.number()), 0
	for n := range sizes {
		sizes[n] = r.number()
		whole += sizes[n]
	}
	if r.bad || whole > r.left() {
		r.fail()
		return r
	}
	all := string(r.page[r.at : r.at+whole]) // one allocation for all of them
	r.at += whole
	r.texts = make([]string, len(sizes))
	for n, size := range sizes {
		r.texts[n], all = all[:size], all[size:]
	}
	return r
}

// opened reads the first two parts only.
func opened(page []byte) *reader {
	r := &reader{page: page}
	if r.byte() != pageFormat {
		r.fail()
	}
	r.count = r.number()
	return r
}

func (r *reader) left() int { return len(r.page) - r.at }

// number is that of things which follow, each of a byte at least.
func (r *reader) number() int {
	n := r.uint()
	if n > uint64(r.left()) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) fail() { r.bad, r.at = true, len(r.page) }

func (r *reader) uint() uint64 {
	if r.at < len(r.page) && r.page[r.at] < 0x80 { // most are short
		r.at++
		return uint64(r.page[r.at-1])
	}
	return r.long()
}

func (r *reader) long() uint64 {
	v, n := binary.Uvarint(r.page[r.at:])
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return v
}

// skip reads numbers that nobody wants.
func (r *reader) skip(numbers int) {
	for ; numbers > 0; r.at++ {
		if r.at >= len(r.page) {
			r.fail()
			return
		}
		if r.page[r.at] < 0x80 {
			numbers--
		}
	}
}

func (r *reader) int() int64 {
	v := r.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (r *reader) byte() byte {
	if r.left() == 0 {
		r.fail()
		return 0
	}
	r.at++
	return r.page[r.at-1]
}

func (r *reader) time() time.Time { return time.UnixMilli(r.int()).UTC() }

func (r *reader) float() float64 { return math.Float64frombits(bits.ReverseBytes64(r.uint())) }

func (r *reader) text() string {
	_, text := r.namedText()
	return text
}

// namedText also returns the number of the text within the page.
func (r *reader) namedText() (number int, text string) {
	n := r.uint()
	if n >= uint64(len(r.texts)) {
		r.fail()
		return -1, ""
	}
	return int(n), r.texts[n]
}

// err says whether all could be read, and nothing else was there.
func (r *reader) err(k Key) error {
	if r.bad || r.left() > 0 {
		return fmt.Errorf("%w: shelf %d, project %q, bucket %d", ErrDamaged, k.Shelf, k.Project, k.Bucket)
	}
	return nil
}
