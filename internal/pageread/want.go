package pageread

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Want is a request that a page is to make.
type Want struct {
	// Key names the request: what is asked, and for which time.
	Key string `json:"key"`
	// Method is GET or POST, Path the path and query below the site's address.
	Method string `json:"method"`
	Path   string `json:"path"`
	// Body is JSON, "" for none.
	Body string `json:"body,omitempty"`
	// Wait is how many milliseconds to wait first, because Jira asked for it.
	Wait int64 `json:"wait,omitempty"`
}

// ErrNotRead says that a request was not handed to a page because it may change
// something. Nothing was sent.
var ErrNotRead = errors.New("only reads are made in a page")

// readPosts are the operations that read although they are POST.
func readPosts() []string {
	return []string{"/search/jql", "/search/approximate-count", "/issue/bulkfetch", "/jql/match", "/jql/parse", "/worklog/list", "/changelog/bulkfetch"}
}

const (
	apiRoot = "/rest/api/3"
	// maxQuestion is how many bytes a request's body may have.
	maxQuestion = 256 << 10
)

func isRead(req *http.Request) bool {
	path, ours := strings.CutPrefix(req.URL.Path, apiRoot)
	switch {
	case !ours:
		return false
	case req.Method == http.MethodPost:
		return slices.Contains(readPosts(), path)
	}
	return req.Method == http.MethodGet
}

// wantOf is the request as a page can make it, for the n-th time.
func wantOf(req *http.Request, n int, wait time.Duration) (Want, error) {
	var body []byte
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }()
		var err error
		if body, err = io.ReadAll(io.LimitReader(req.Body, maxQuestion+1)); err != nil {
			return Want{}, fmt.Errorf("read a request's body: %w", err)
		}
	}
	if !isRead(req) || len(body) > maxQuestion {
		return Want{}, ErrNotRead
	}
	w := Want{Method: req.Method, Path: req.URL.RequestURI(), Body: string(body), Wait: wait.Milliseconds()}
	sum := sha256.Sum256([]byte(strings.Join([]string{w.Method, w.Path, w.Body, strconv.Itoa(n)}, "\x00")))
	w.Key = hex.EncodeToString(sum[:16])
	return w, nil
}
