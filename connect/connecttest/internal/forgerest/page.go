package forgerest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// nobody is how the site's pages call an anonymous viewer.
const nobody = "anonymous"

// PageURL is the address of the site's page that shows a module to a person
// ("" is an anonymous viewer): a gadget alone on its dashboard, or a page, with
// parameters of the caller's.
func (s *Server) PageURL(name, module, as, dashboard, item string, custom url.Values) (string, error) {
	a, err := s.app(name)
	if err != nil {
		return "", err
	}
	mod, ok := a.manifest.page(module)
	if !ok {
		return "", fmt.Errorf("module %q of app %s: %w", module, name, errNoModule)
	}
	if err := s.World.KnownAccount(as); err != nil {
		return "", err
	}
	u := &url.URL{Path: a.pagePath(mod)}
	uri.AppendQuery(u, "as", firstOf(as, nobody))
	if mod.kind == kindGadget {
		if _, _, err := s.item(a, mod, dashboard, item); err != nil {
			return "", err
		}
		u.Path = "/jira/dashboards/" + uri.Escape(dashboard)
		uri.AppendQuery(u, "item", item)
	}
	custom = maps.Clone(custom)
	custom.Del("as")
	if rest := custom.Encode(); rest != "" && mod.kind != kindGadget {
		u.RawQuery += "&" + rest
	}
	return s.URL() + u.String(), nil
}

// pagePath is where Jira shows a page: the first of its kind at the app's own
// address.
func (a *app) pagePath(mod module) string {
	root := "/jira/apps/"
	if mod.kind == kindAdminPage {
		root = "/jira/settings/apps/"
	}
	root += a.uuid() + "/" + a.environmentUUID()
	if first, _ := a.pageOf(mod.kind == kindAdminPage); first.Key == mod.Key {
		return root
	}
	return root + "/" + mod.Key
}

// pageOf is the app's first page for administrators, or for everybody.
func (a *app) pageOf(admin bool) (module, bool) {
	return a.manifest.first(func(mod module) bool { return isPage(mod.kind) && admin == (mod.kind == kindAdminPage) })
}

// Gadget says of a placed gadget whether it can be configured and refreshed.
func (s *Server) Gadget(item world.DashboardItem) (configurable, refreshable, ok bool) {
	a, err := s.byKey(item.AppKey)
	if err != nil {
		return false, false, false
	}
	mod, ok := a.manifest.page(item.ModuleKey)
	return mod.Edit != nil, mod.Refreshable == nil || *mod.Refreshable, ok
}

// uiPage tells the site's page what to put into a frame, and what its bridge
// answers to getContext.
func (s *Server) uiPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a, mod, err := s.uiModule(q)
	if err != nil {
		control.Error(w, err)
		return
	}
	as := control.AskedBy(q)
	place, err := s.place(a, mod, as, Call{Dashboard: q.Get("dashboard"), Item: q.Get("item"), Edit: q.Get("edit") != ""})
	if err != nil {
		control.Error(w, err)
		return
	}
	if location := q.Get("location"); location != "" {
		place["location"] = location
	}
	resource := mod.Resource
	if q.Get("edit") != "" {
		resource = mod.Edit.Resource
	}
	key, _, _ := strings.Cut(resource, "/")
	reply.JSON(w, http.StatusOK, object{
		"app": a.key(), "module": mod.Key, "title": a.title(mod), "context": s.uiContext(a, mod, as, place),
		"url": ResourceRoot + a.uuid() + "/" + a.environmentUUID() + "/" + key + "/index.html",
	})
}

// uiModule is the module that a page asks for by its key, or the first page of
// an app.
func (s *Server) uiModule(q url.Values) (*app, module, error) {
	a := s.appAt(q.Get("app"), q.Get("environment"))
	if a == nil {
		var err error
		if a, err = s.app(q.Get("app")); err != nil {
			return nil, module{}, err
		}
	}
	mod, ok := a.manifest.page(q.Get("module"))
	if q.Get("module") == "" {
		mod, ok = a.pageOf(q.Get("kind") == "admin")
	}
	if !ok {
		return nil, mod, fmt.Errorf("page of app %s: %w", a.key(), errNoModule)
	}
	return a, mod, nil
}

// uiContext is what view.getContext gives a page.
func (s *Server) uiContext(a *app, mod module, as string, place object) object {
	p, _ := s.World.Person(as)
	context := object{
		"cloudId": s.CloudID, "siteUrl": s.URL(), "moduleKey": mod.Key, "localId": a.moduleARI(mod.Key),
		"environmentId": a.environmentUUID(), "environmentType": a.environment, "extension": place,
		"locale": firstOf(strings.ReplaceAll(p.Locale, "_", "-"), "en-US"), "timezone": firstOf(p.TimeZone, "UTC"),
	}
	if as != "" {
		context["accountId"] = as
	}
	return context
}

// uiInvoke makes the call of a page and answers what the bridge of its host
// would: a failure is told by its status alone.
func (s *Server) uiInvoke(w http.ResponseWriter, r *http.Request) {
	var in Call
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	q := r.URL.Query()
	a, mod, err := s.uiModule(q)
	if err != nil {
		control.Error(w, err)
		return
	}
	var text string
	if json.Unmarshal(in.Body, &text) == nil {
		in.Body = json.RawMessage(text) // a text goes as it is
	}
	t, err := s.invocation(a, control.AskedBy(q), mod.Key, in)
	if err != nil {
		control.Error(w, err)
		return
	}
	got, err := s.send(r.Context(), a, t)
	reply.JSON(w, http.StatusOK, bridged(got, err))
}

// bridged is an answer of a backend as the bridge gets it.
func bridged(got outbox.Answer, err error) object {
	failed := func(status int, message string) object {
		return object{"success": false, "error": object{"status": status, "message": message}}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return failed(http.StatusGatewayTimeout, "the remote did not answer in time")
	case err != nil:
		return failed(http.StatusBadGateway, "the remote did not answer")
	case !good(got):
		return failed(got.Status, "the remote answered "+http.StatusText(got.Status))
	}
	var body any = string(got.Body)
	if trimmed := bytes.TrimSpace(got.Body); json.Valid(trimmed) {
		body = json.RawMessage(trimmed)
	}
	return object{"success": true, "payload": object{"status": got.Status, "headers": got.Header, "body": body}}
}

// uiSubmit keeps a gadget's configuration.
func (s *Server) uiSubmit(w http.ResponseWriter, r *http.Request) {
	var configuration json.RawMessage
	if err := reply.Decode(w, r, &configuration); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	q := r.URL.Query()
	if err := s.Submit(control.AskedBy(q), q.Get("dashboard"), q.Get("item"), configuration); err != nil {
		control.Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, object{"kept": true})
}
