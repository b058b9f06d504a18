package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// configFresh is how long the database's copy of a configuration is believed.
const configFresh = 5 * time.Minute

// gadgetStore keeps copies of configurations; Jira is the truth.
type gadgetStore interface {
	// GadgetConfig returns the copy, nil when the item has no configuration,
	// and when it was read; an error that wraps connect.ErrNotFound when there
	// is no copy.
	GadgetConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem) (value []byte, readAt time.Time, err error)
	SaveGadgetConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte, readAt time.Time) error
}

// gadgetPage is a gadget on a dashboard: a whole page with the numbers already
// in it.
func (s *Server) gadgetPage(g gadget) edge.Endpoint {
	return s.edge.Page(func(r *edge.Request, caller *connect.Caller) error {
		switch {
		case r.Query("view") == "directory":
			l, face := r.Language(), s.face(g)
			r.RenderPage(http.StatusOK, s.edge.Shell(l, face.title(l.Texts), face.sample(l)))
			return nil
		case caller.Account() == "":
			l := r.Language()
			r.RenderPage(http.StatusOK, s.gadgetShell(l, spot{gadget: g}, anonymous(l)))
			return nil
		}
		return s.itemPage(r, caller, g)
	})
}

func (s *Server) itemPage(r *edge.Request, caller *connect.Caller, g gadget) error {
	item, err := itemOf(r)
	if err != nil {
		return err
	}
	p := s.itemSpot(g, caller, item, true)
	body, err := s.firstLook(r, g, func(ctx context.Context) (templ.Component, error) { return s.gadgetBody(ctx, p, false) })
	shell := s.gadgetShell(r.Language(), p, body)
	if err != nil {
		return r.FailIn(shell, err)
	}
	session, err := s.App.Sessions.Mint(caller, item)
	if err != nil {
		return err
	}
	shell.Session = session.Reveal()
	r.RenderPage(http.StatusOK, shell)
	return nil
}

// gadgetShell is a gadget's page. A spot without a tenant has no later calls.
func (s *Server) gadgetShell(l *lang.Language, p spot, body templ.Component) web.Shell {
	shell := s.edge.Shell(l, s.face(p.gadget).title(l.Texts), body)
	shell.Kind = web.KindGadget
	if p.Tenant != nil {
		shell.Calls = p.calls()
	}
	return shell
}

func anonymous(l *lang.Language) templ.Component {
	return web.MessageView(web.Message{Kind: web.MessageInfo, Title: l.State.Anonymous, Text: l.State.AnonymousText})
}

// gadgetView answers the view of a gadget as a fragment.
func (s *Server) gadgetView(r *edge.Request, p spot) error {
	body, err := s.gadgetBody(r.Request.Context(), p, r.Query("fresh") == "1")
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, body)
	return nil
}

// gadgetBody is the view of an item, or what stands in its place.
func (s *Server) gadgetBody(ctx context.Context, p spot, fresh bool) (templ.Component, error) {
	return s.face(p.gadget).body(ctx, p, fresh)
}

func (s *Server) workloadBody(ctx context.Context, p spot, fresh bool) (templ.Component, error) {
	seen, err := s.workloads.Get(ctx, p.Place, fresh)
	if err != nil {
		return nil, err
	}
	if !seen.View.Configured {
		return s.unconfigured(ctx, p, seen.View.Language)
	}
	return s.workload(ctx, seen, p)
}

// itemConfig reads an item's configuration: the database's copy when it is
// young and may be used, else Jira's property as the person. For a person who
// has to be asked about anyway the copy would save no time, so it is used for
// those who are known.
func (s *Server) itemConfig(tenant connect.TenantID, item connect.DashboardItem, copied bool) viewer.ConfigSource {
	return func(ctx context.Context, j *jira.Client) (workload.GadgetConfig, bool, error) {
		if copied {
			value, at, err := s.Store.GadgetConfig(ctx, tenant, item)
			if err == nil && s.Now().Sub(at) < configFresh {
				return parseConfig(value)
			}
		}
		return s.readConfig(ctx, tenant, item, j)
	}
}

// readConfig asks Jira and keeps a copy. A property that cannot be found is a
// gadget that is not configured.
func (s *Server) readConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, j *jira.Client) (workload.GadgetConfig, bool, error) {
	now := s.Now()
	value, err := jira.GetItemProperty[json.RawMessage](ctx, j, item.Dashboard, item.Item, workload.ConfigProperty)
	if errors.Is(err, rest.ErrNotFound) {
		return workload.GadgetConfig{}, false, nil
	}
	if err != nil {
		return workload.GadgetConfig{}, false, err
	}
	if err := s.Store.SaveGadgetConfig(ctx, tenant, item, value, now); err != nil {
		return workload.GadgetConfig{}, false, err
	}
	return parseConfig(value)
}

// parseConfig takes a property that somebody wrote wrongly for none: the form
// mends it.
func parseConfig(value []byte) (workload.GadgetConfig, bool, error) {
	if len(value) == 0 {
		return workload.GadgetConfig{}, false, nil
	}
	config, err := workload.ParseGadgetConfig(value)
	return config, err == nil, nil
}

// unconfigured shows the form to who may fill it in, and a sentence to others.
func (s *Server) unconfigured(ctx context.Context, p spot, l *lang.Language) (templ.Component, error) {
	j, err := s.Jira(p.Tenant, p.Account)
	if err != nil {
		return nil, err
	}
	may, err := mayEdit(ctx, j, p.item)
	if err != nil {
		return nil, err
	}
	if !may {
		return web.MessageView(web.Message{Kind: web.MessageEmpty, Title: l.State.Unconfigured, Text: l.State.UnconfiguredText}), nil
	}
	form, err := s.gadgetConfigForm(ctx, l, j, p, draftOf(workload.NewGadgetConfig()))
	if err != nil {
		return nil, err
	}
	return web.ConfigView(form), nil
}

// mayEdit asks Jira whether the person may change the dashboard. Saving asks
// again, by saving as that person.
func mayEdit(ctx context.Context, j *jira.Client, item connect.DashboardItem) (bool, error) {
	dashboard, err := j.Dashboards.Get(ctx, item.Dashboard)
	if errors.Is(err, rest.ErrNotFound) {
		return false, nil
	}
	return dashboard.IsWritable, err
}
