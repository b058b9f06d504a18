package host

import (
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// home says what is here, to whoever opens the app's address in a browser.
func (h *Host) home(r *edge.Request) error {
	l := r.Language()
	view := web.Home{Title: edge.Product, Text: l.Product.HomeText}
	link := func(name, path string) {
		view.Addresses = append(view.Addresses, web.Address{Name: name, URL: h.Edge.Path(path)})
	}
	if h.Edge.Forge != nil {
		link(l.Product.Manifest, ManifestPath)
	}
	if !h.ConnectOff {
		link(l.Product.Descriptor, connect.DescriptorPath)
	}
	if h.ChatDescriptor != "" {
		link(l.Product.ChatDescriptor, h.ChatDescriptor)
	}
	link(l.Product.Readiness, "/readyz")
	page := h.Edge.Shell(l, edge.Product, web.HomeView(view))
	page.HostScript = "" // no host is around it
	r.RenderPage(http.StatusOK, page)
	return nil
}

// health says that the process is up.
func (h *Host) health(r *edge.Request) error {
	r.String(http.StatusOK, "ok\n")
	return nil
}

// ready says whether the program can serve.
func (h *Host) ready(r *edge.Request) error {
	if err := h.Ready(r.Request.Context()); err != nil {
		return notReady(err)
	}
	r.String(http.StatusOK, "ok\n")
	return nil
}

// notReady keeps why the database cannot be used for the log line.
func notReady(err error) error {
	p := &edge.Problem{Code: lang.ProblemNotReady, Err: err}
	if down := new(connect.UnavailableError); errors.As(err, &down) {
		p.Reason, p.Retry = "database."+down.Reason, down.RetryAfter
	}
	return p
}

func (h *Host) descriptor(r *edge.Request) error {
	r.Data(http.StatusOK, edge.JSONType, h.App.Rendered)
	return nil
}

// staticFile serves the embedded files; their address holds their hash.
func (h *Host) staticFile(r *edge.Request) error {
	file := r.Request.Clone(r.Request.Context())
	file.URL.Path = "/static" + r.Param("file")
	file.URL.RawPath = ""
	h.Static.ServeHTTP(r.Writer, file)
	return nil
}
