package gadget

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/pageread"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// maxForgeConfig is the largest configuration given to Forge, in bytes: it
// travels in the token of every call.
const maxForgeConfig = 8 << 10

// forgeItem is what a call says about a Forge gadget.
type forgeItem struct {
	// edits says that the gadget's editor is open.
	edits bool
	// kept says that Jira keeps a configuration with the gadget.
	kept bool
	// call is the page's, if it reads, and path the address of what it shows.
	call *pageread.Call
	path string
}

// ForgeRoutes are the addresses of every gadget on Forge: the page's first
// call, and the later ones below it.
func (s *Gadgets) ForgeRoutes() []edge.Route {
	var routes []edge.Route
	names := s.Edge.Forge.Names
	for _, g := range s.Kinds {
		key := names.Gadget(g.Key())
		at, module := names.Pages+key, connect.ForgeModule{Type: edge.ForgeGadget, Key: key}
		adapt := func(h itemFunc) edge.Endpoint { return s.forgeCall(g, module, at, h) }
		routes = append(routes, edge.Get(at, adapt(s.forgeFirst)))
		routes = append(routes, s.calls(g, at, adapt)...)
		routes = append(routes, edge.Post(at+"/"+readCall, s.forgeReader(g, module, at)))
	}
	return routes
}

// forgeFirst is a page's first content: the form in the editor, else the view.
// For a view that takes long there is a placeholder, and the page's script asks
// again, for a fresh one.
func (s *Gadgets) forgeFirst(r *edge.Request, it item) error {
	switch {
	case it.forge.edits:
		return s.form(r, it)
	case r.Query("fresh") == "1":
		return s.view(r, it)
	case it.Page != nil:
		return s.firstInPage(r, it)
	}
	body, err := FirstLook(r, s.Views.Patience.FirstLook, it.gadget.Title, func(ctx context.Context) (templ.Component, error) {
		return s.body(ctx, it, false)
	})
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, body)
	return nil
}

// forgeCall serves a call of a Forge gadget.
func (s *Gadgets) forgeCall(g Gadget, module connect.ForgeModule, at string, h itemFunc) edge.Endpoint {
	return s.Edge.ForgePage(s.forgeServe(g, at, func(r *edge.Request, it item) error { return s.forgeHandle(r, it, h) }), module)
}

// forgeServe finds the item of a call.
func (s *Gadgets) forgeServe(g Gadget, at string, h itemFunc) edge.CallerFunc {
	return func(r *edge.Request, caller *connect.Caller) error {
		if caller.Account() == "" {
			r.Render(http.StatusOK, anonymous(r.Language()))
			return nil
		}
		if caller.Item().IsZero() {
			return edge.Refuse(lang.ProblemNoGadget)
		}
		it, err := s.forgeItem(g, caller, at)
		if err != nil {
			return err
		}
		return h(r, it)
	}
}

// forgeItem is the item that a caller looks at. The addresses of its later
// calls have no base path: Forge puts the manifest's base URL before them.
// Forge vouches for its ids and its configuration, which are its key in the
// caches: a changed configuration is another entry.
func (s *Gadgets) forgeItem(g Gadget, caller *connect.Caller, at string) (item, error) {
	var extension struct {
		EntryPoint    string          `json:"entryPoint"`
		Configuration json.RawMessage `json:"gadgetConfiguration"`
	}
	if err := json.Unmarshal(caller.Invocation().Extension(), &extension); err != nil {
		return item{}, edge.Because(lang.ProblemNoGadget, err)
	}
	person, id := edge.PersonOf(caller), caller.Item()
	kept := isConfiguration(extension.Configuration)
	sum := sha256.Sum256(extension.Configuration)
	place := viewer.Place{
		Person: person, Name: placeName(id, true) + "/forge/" + hex.EncodeToString(sum[:8]),
		Config: s.forgeConfig(person.Tenant.ID, id, extension.Configuration, kept),
	}
	noted := s.notesOf(g, person.Tenant.ID, id)
	place.Roster, place.Found = noted.reader(), s.found(person.Tenant.ID, id)
	return item{
		At: board.At{Place: place, Address: edge.Address{Base: at}}, gadget: g, id: id, notes: noted,
		forge: &forgeItem{edits: extension.EntryPoint == "edit", kept: kept},
	}, nil
}

// isConfiguration reports whether Jira keeps a configuration with the gadget.
func isConfiguration(value []byte) bool {
	value = bytes.TrimSpace(value)
	return len(value) > 0 && string(value) != "null" && string(value) != "{}"
}

// forgeConfig reads the configuration that came with the call. If none came,
// the item may date from Connect: its property in Jira is read as the person. A copy says
// what is shown, so that its facts are held.
func (s *Gadgets) forgeConfig(tenant connect.TenantID, id connect.DashboardItem, value []byte, kept bool) viewer.ConfigSource {
	return func(ctx context.Context, j *jira.Client) (workload.GadgetConfig, bool, error) {
		if kept {
			if copied, ok := s.copies.fresh(ctx, tenant, id); !ok || !bytes.Equal(copied, value) {
				s.copies.keep(ctx, tenant, id, value, s.Edge.Now())
			}
			return parseConfig(value)
		}
		value, err := itemProperty(ctx, j, id)
		if err != nil {
			return workload.GadgetConfig{}, false, err
		}
		return parseConfig(value)
	}
}

// submit hands the configuration to Jira through the page: Jira decides whether
// the person may save it, and keeps it with the gadget. If the tenant still has
// Connect too, it is also saved in the item's property.
func (s *Gadgets) submit(r *edge.Request, it item) error {
	return s.Forms.Save(r, it.editor(), form.Saving{
		Put: func(ctx context.Context, j *jira.Client, config workload.GadgetConfig) error {
			if value, err := json.Marshal(config); err != nil || len(value) > maxForgeConfig {
				return edge.Because(lang.ProblemSettingsLong, errors.Join(err, errTooLong))
			}
			if it.Tenant.SharedSecret.IsZero() {
				return nil
			}
			return putConfig(ctx, it, j, config)
		},
		Answer: func(config workload.GadgetConfig) { r.Submit(config) },
	})
}

var errTooLong = errors.New("the configuration is longer than 8 kB")
