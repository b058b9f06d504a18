package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed static
var files embed.FS

const staticRoot = "/static/"

// asset is one static file, compressed ahead.
type asset struct {
	kind          string // content type
	plain, zipped []byte
	etag          string
	stable        bool // also served without the hash
}

// assets serves the static files by their path below /static/.
type assets struct {
	hash  string
	files map[string]asset
}

// Static returns a handler for the embedded styles, scripts and icons. The
// prefix is "/static/" with a hash of all files: files below it never change, and
// browsers may keep them for a year. Icons have a second address below plain
// "/static/", kept for an hour, so that descriptors can name them. The handler
// expects paths that start with "/static/", so strip the base path. An error
// means that the binary was built wrong.
func Static() (prefix string, handler http.Handler, err error) {
	a := &assets{files: map[string]asset{}}
	if err := a.load(); err != nil {
		return "", nil, fmt.Errorf("load static files: %w", err)
	}
	return staticRoot + a.hash, a, nil
}

func (a *assets) load() error {
	all, err := Files()
	if err != nil {
		return err
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(sum, "%s\x00%d\x00", name, len(all[name]))
		sum.Write(all[name])
		if a.files[name], err = newAsset(name, all[name]); err != nil {
			return err
		}
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:8]
	return nil
}

// Files are the styles, scripts and icons as they are served, by their names.
func Files() (map[string][]byte, error) {
	sheet, err := joinedStyles()
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{styleSheet: sheet}
	err = fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[strings.TrimPrefix(name, "static/")], err = files.ReadFile(name)
		return err
	})
	return all, err
}

func newAsset(name string, data []byte) (asset, error) {
	kind, ok := contentTypes(path.Ext(name))
	if !ok {
		return asset{}, fmt.Errorf("no content type for %s", name)
	}
	zipped, err := compress(data)
	if err != nil {
		return asset{}, fmt.Errorf("compress %s: %w", name, err)
	}
	sum := sha256.Sum256(data)
	return asset{
		kind:   kind,
		plain:  data,
		zipped: zipped,
		etag:   hex.EncodeToString(sum[:8]),
		stable: path.Ext(name) == ".svg",
	}, nil
}

// contentTypes does not use the machine's table, which differs between machines.
func contentTypes(ext string) (string, bool) {
	kind, ok := map[string]string{
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".svg": "image/svg+xml",
	}[ext]
	return kind, ok
}

func compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ServeHTTP answers GET and HEAD for a known file, by exact path only.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, cache, ok := a.find(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", cache)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	f.serve(w, r)
}

// find returns the file of a path and its Cache-Control.
func (a *assets) find(p string) (f asset, cache string, ok bool) {
	name, ok := strings.CutPrefix(p, staticRoot)
	if !ok {
		return asset{}, "", false
	}
	if hashed, ok := strings.CutPrefix(name, a.hash+"/"); ok {
		f, ok = a.files[hashed]
		return f, "public, max-age=31536000, immutable", ok
	}
	f, ok = a.files[name]
	return f, "public, max-age=3600", ok && f.stable
}

func (f asset) serve(w http.ResponseWriter, r *http.Request) {
	body, etag := f.plain, f.etag
	if AcceptsGzip(r.Header.Values("Accept-Encoding")) {
		w.Header().Set("Content-Encoding", "gzip")
		body, etag = f.zipped, f.etag+"-gz"
	}
	w.Header().Set("ETag", strconv.Quote(etag))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// AcceptsGzip reports whether the values of an Accept-Encoding header name gzip
// with a weight above zero.
func AcceptsGzip(values []string) bool {
	for v := range strings.SplitSeq(strings.Join(values, ","), ",") {
		v = strings.TrimSpace(v)
		if v == "gzip" { // as browsers write it
			return true
		}
		name, params, err := mime.ParseMediaType(v)
		if err != nil || name != "gzip" {
			continue
		}
		if params["q"] == "" {
			return true
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		return err == nil && q > 0
	}
	return false
}
