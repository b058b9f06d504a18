package edge

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"
)

// pieceTime is how long a client may take to read a piece of a file.
const pieceTime = time.Minute

// File answers with a file whose rows come while it is read, under a name for
// whoever saves it. write gets a writer that sends what it is given. Its error is
// answered as any other as long as nothing was sent; after that the connection
// breaks off, so that nobody takes a part for the whole.
func (r *Request) File(kind, name string, write func(w io.Writer) error) error {
	w := &fileWriter{r: r, kind: kind, name: name}
	err := write(w)
	if err != nil && !w.begun {
		return err
	}
	if err != nil {
		r.Note(fmt.Errorf("the file broke off: %w", err))
		r.broken = true
	}
	return nil
}

type fileWriter struct {
	r          *Request
	kind, name string
	begun      bool
}

// Write implements io.Writer.
func (w *fileWriter) Write(p []byte) (int, error) {
	out := http.NewResponseController(w.r.Writer)
	_ = out.SetWriteDeadline(time.Now().Add(pieceTime)) // where there is none, the server's own holds
	if !w.begun {
		w.begun = true
		h := w.r.Writer.Header()
		h.Set("Content-Type", w.kind)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": w.name}))
		w.r.Status(http.StatusOK)
	}
	n, err := w.r.Writer.Write(p)
	if err == nil {
		err = out.Flush()
	}
	return n, err
}

// filePiece is a piece of a file for a page of Forge, which puts it together.
type filePiece struct {
	Text string `json:"text"`
	// Next asks for the next piece; empty: this is the last.
	Next string `json:"next,omitempty"`
}

// Piece answers a page of Forge with a piece of a file. next goes into the query of
// the call for the next one.
func (r *Request) Piece(text, next string) {
	r.answerForge(forgeAnswer{Code: http.StatusOK, File: &filePiece{Text: text, Next: next}})
}
