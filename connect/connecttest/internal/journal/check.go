package journal

import (
	"bytes"
	"io"
	"maps"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// checkedBody is how much of a request's body Options.Check gets.
const checkedBody = 8 << 20

// checked answers with next and passes request and answer to Options.Check
// before the caller gets the answer, so that a test with an answer knows that
// it was checked.
func (j *Journal) checked(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	body, err := io.ReadAll(io.LimitReader(r.Body, checkedBody))
	if err != nil {
		reply.Problem(w, http.StatusBadRequest, "the request could not be read")
		return
	}
	shown := r.Clone(r.Context())
	shown.Body = io.NopCloser(bytes.NewReader(body))
	inner := r.WithContext(r.Context())
	inner.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	out := reply.NewMemory()
	next(out, inner)
	out.WriteHeader(http.StatusOK) // if nothing was written
	j.Check(shown, body, out.Status, out.Header().Clone(), bytes.Clone(out.Body.Bytes()))
	maps.Copy(w.Header(), out.Header())
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body.Bytes()) // the caller has gone: nothing to do
}
