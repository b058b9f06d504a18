package edge

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/web"
)

// smallBody is the size in bytes up to which compressing gains nothing: the
// body fits one packet anyway.
const smallBody = 1400

// Drawn is a fragment that was rendered and compressed in advance, so that the
// pages around it need not do so again. deflated holds whole deflate blocks
// that refer to nothing before them; it is nil for a text that is not compressed
// yet.
type Drawn struct {
	html, deflated []byte
	// sum is the checksum of html, if it is compressed.
	sum checksum
}

// Size is how many bytes of memory it takes.
func (d Drawn) Size() int { return cap(d.html) + cap(d.deflated) }

// Render implements templ.Component.
func (d Drawn) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(d.html)
	return err
}

// compressors pools writers, each of some hundred kilobytes.
type compressors struct{ fast, thorough sync.Pool }

func newCompressors() *compressors {
	level := func(n int) func() any {
		return func() any {
			w, _ := flate.NewWriter(io.Discard, n) // fails for unknown levels only
			return w
		}
	}
	return &compressors{fast: sync.Pool{New: level(flate.BestSpeed)}, thorough: sync.Pool{New: level(flate.DefaultCompression)}}
}

// blocks appends data as blocks of deflate that another block may follow.
func blocks(pool *sync.Pool, to *bytes.Buffer, data []byte) error {
	w := pool.Get().(*flate.Writer)
	defer pool.Put(w)
	w.Reset(to)
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Flush()
}

// draw renders a fragment in advance.
func (z *compressors) draw(ctx context.Context, view templ.Component) (Drawn, error) {
	var html bytes.Buffer
	if err := view.Render(ctx, &html); err != nil {
		return Drawn{}, err
	}
	return z.ahead(html.Bytes())
}

// ahead compresses a text in advance.
func (z *compressors) ahead(html []byte) (Drawn, error) {
	var deflated bytes.Buffer
	err := blocks(&z.thorough, &deflated, html)
	return Drawn{html, deflated.Bytes(), checksumOf(html)}, err
}

// Draw renders a fragment in advance.
func (e *Edge) Draw(ctx context.Context, view templ.Component) (Drawn, error) {
	return e.compressors.draw(ctx, view)
}

// gzip writes the parts of a body in the format of RFC 1952, and copies the blocks
// of what was compressed in advance. compress/gzip cannot do that: with it, a
// cached page of 48 kB takes several times as long (BenchmarkGadgetPage, page-gzip
// against standard-gzip).
func (z *compressors) gzip(to *bytes.Buffer, parts ...Drawn) error {
	to.WriteString("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")
	crc, size := uint32(0), 0
	for _, p := range parts {
		size += len(p.html)
		if p.deflated != nil {
			crc = p.sum.after(crc)
		} else {
			crc = crc32.Update(crc, crc32.IEEETable, p.html)
		}
		switch {
		case len(p.html) == 0:
		case p.deflated != nil:
			to.Write(p.deflated)
		case len(p.html) > smallBody:
			if err := blocks(&z.fast, to, p.html); err != nil {
				return err
			}
		default: // an address and a few tags
			store(to, p.html)
		}
	}
	to.WriteString("\x01\x00\x00\xff\xff") // the last block, empty
	to.Write(binary.LittleEndian.AppendUint32(to.AvailableBuffer(), crc))
	to.Write(binary.LittleEndian.AppendUint32(to.AvailableBuffer(), uint32(size)))
	return nil
}

// store writes a short text as a block that is not compressed.
func store(to *bytes.Buffer, text []byte) {
	n := uint16(len(text))
	block := binary.LittleEndian.AppendUint16(append(to.AvailableBuffer(), 0), n)
	to.Write(binary.LittleEndian.AppendUint16(block, ^n))
	to.Write(text)
}

// send answers with a body in parts, compressed if the client accepts gzip. The
// app's pages hold a session token but nothing that a stranger can choose, so
// their length reveals nothing.
func (r *Request) send(status int, kind []string, parts ...Drawn) {
	size := 0
	for _, p := range parts {
		size += len(p.html)
	}
	buf := r.edge.buffer()
	defer r.edge.buffers.Put(buf)
	h := r.Writer.Header()
	h["Vary"] = r.edge.fixed.varyEncoding
	if size > smallBody && web.AcceptsGzip(r.Request.Header.Values("Accept-Encoding")) {
		if err := r.edge.compressors.gzip(buf, parts...); err != nil {
			r.Note(err)
			r.Status(http.StatusInternalServerError)
			return
		}
		h["Content-Encoding"] = r.edge.fixed.gzip
	} else {
		for _, p := range parts {
			buf.Write(p.html)
		}
	}
	h["Content-Length"] = []string{strconv.Itoa(buf.Len())}
	h["Content-Type"] = kind
	r.Status(status)
	_, _ = r.Writer.Write(buf.Bytes()) // a client that has gone is no failure of ours
}

// buffer is an empty buffer of the pool; give it back.
func (e *Edge) buffer() *bytes.Buffer {
	buf := e.buffers.Get().(*bytes.Buffer)
	buf.Reset()
	return buf
}
