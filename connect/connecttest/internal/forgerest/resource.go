package forgerest

import (
	"bytes"
	_ "embed"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ResourceRoot is where the pages of apps lie: behind it come the UUIDs of app
// and environment, a resource's key, and a file.
const ResourceRoot = "/forge/app/"

// hostScript is what runs first in them.
const hostScript = "/forge/host.js"

var (
	//go:embed static/host.js
	hostJS []byte
	//go:embed static/bridge.js
	bridgeJS []byte
	headTag  = regexp.MustCompile(`(?i)<head(\s[^>]*)?>`)
)

// resourcePolicy is Forge's own for pages without exceptions: nothing inline,
// nothing from elsewhere.
const resourcePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Pages answers with the pages of apps.
func (s *Server) Pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+ResourceRoot+"{app}/{environment}/{resource}/{file...}", s.serveResource)
	mux.HandleFunc("GET "+hostScript, func(w http.ResponseWriter, r *http.Request) { serveFile(w, r, "host.js", hostJS) })
	return mux
}

// appAt finds an installation by the UUIDs of app and environment.
func (s *Server) appAt(uuid, environment string) *app {
	list := s.installed()
	i := slices.IndexFunc(list, func(a *app) bool { return a.uuid() == uuid && a.environmentUUID() == environment })
	if i < 0 {
		return nil
	}
	return list[i]
}

// serveResource answers a file of an app to its own frame, which has no origin.
// A bridge.js that was not built, which imports Atlassian's package, is answered
// with the stand-in.
func (s *Server) serveResource(w http.ResponseWriter, r *http.Request) {
	a := s.appAt(r.PathValue("app"), r.PathValue("environment"))
	if a == nil {
		http.NotFound(w, r)
		return
	}
	name := r.PathValue("file")
	content, ok := a.files[r.PathValue("resource")][name]
	switch {
	case !ok:
		http.NotFound(w, r)
		return
	case path.Base(name) == "bridge.js" && bytes.Contains(content, []byte("@forge/bridge")):
		content = bridgeJS
	case path.Ext(name) == ".html":
		content = withHost(content)
	}
	serveFile(w, r, name, content)
}

// withHost puts the host's script first into a page.
func withHost(page []byte) []byte {
	script := []byte(`<script src="` + hostScript + `"></script>`)
	if at := headTag.FindIndex(page); at != nil {
		return slices.Concat(page[:at[1]], script, page[at[1]:])
	}
	return slices.Concat(script, page)
}

func serveFile(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".js") {
		kind = "text/javascript; charset=utf-8"
	}
	h := w.Header()
	h.Set("Content-Type", firstOf(kind, "application/octet-stream"))
	h.Set("Content-Security-Policy", resourcePolicy)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
