package handlers

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"sightline/connect"
	"sightline/connect/jira"
	"sightline/internal/workload"
	"sightline/web"
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

// gadgetPage is the gadget on a dashboard: a whole page with the numbers
// already in it.
func (s *Server) gadgetPage(c *gin.Context, caller *connect.Caller) error {
	if c.Query("view") == "directory" {
		s.render(c, http.StatusOK, web.Page(s.shell(defaultTitle, web.WorkloadView(s.sample()))))
		return nil
	}
	if caller.Account() == "" {
		s.render(c, http.StatusOK, web.Page(s.gadgetShell("", anonymous())))
		return nil
	}
	item, err := itemOf(c)
	if err != nil {
		return err
	}
	body, err := s.gadgetBody(c, caller, item, true, false)
	if err != nil {
		return err
	}
	session, err := s.Sessions.Mint(caller, item)
	if err != nil {
		return err
	}
	shell := s.gadgetShell(query(item), body)
	shell.Session = session.Reveal()
	s.render(c, http.StatusOK, web.Page(shell))
	return nil
}

// gadgetShell is the gadget's page; query names its dashboard item.
func (s *Server) gadgetShell(query string, body templ.Component) web.Shell {
	shell := s.shell(defaultTitle, body)
	shell.Kind = web.KindGadget
	if query != "" {
		shell.Calls = web.Calls{
			View: s.path("/gadget/workload/view") + query,
			Form: s.path("/gadget/workload/form") + query,
			Save: s.path("/gadget/workload/form") + query,
		}
	}
	return shell
}

func anonymous() templ.Component {
	return web.MessageView(web.Message{
		Kind:  web.MessageInfo,
		Title: "Log in to see this gadget",
		Text:  "Sightline shows each person what Jira lets them see. Log in to Jira to see who is carrying what.",
	})
}

// gadgetView answers the workload as a fragment.
func (s *Server) gadgetView(c *gin.Context, caller *connect.Caller) error {
	item, vouched, err := apiItem(c, caller)
	if err != nil {
		return err
	}
	body, err := s.gadgetBody(c, caller, item, vouched, c.Query("fresh") == "1")
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, body)
	return nil
}

// gadgetBody is the workload of an item, or what stands in its place. An item
// is vouched for when the host's signature or our session names it; else only
// Jira's own answer tells whether this person may see it.
func (s *Server) gadgetBody(c *gin.Context, caller *connect.Caller, item connect.DashboardItem, vouched, fresh bool) (templ.Component, error) {
	w := who{caller.Tenant(), caller.Account()}
	config := s.itemConfig(w.tenant.ID, item, vouched && s.views.knows(w))
	seen, stale, err := s.views.get(c.Request.Context(), w, place(item, vouched), fresh, config)
	if err != nil {
		return nil, err
	}
	if !seen.configured {
		return s.unconfigured(c.Request.Context(), w, item)
	}
	return s.workload(seen, w.tenant, stale), nil
}

// place names an item in the cache. What was read for an item that nobody
// vouched for is kept apart.
func place(item connect.DashboardItem, vouched bool) string {
	name := "item/" + item.Dashboard + "/" + item.Item
	if !vouched {
		name += "/unvouched"
	}
	return name
}

// itemConfig reads an item's configuration: the database's copy when it is
// young and may be used, else Jira's property as the person. For a person who
// has to be asked about anyway the copy would save no time, so it is used for
// those who are known.
func (s *Server) itemConfig(tenant connect.TenantID, item connect.DashboardItem, copied bool) configSource {
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
	if isMissing(err) {
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
func (s *Server) unconfigured(ctx context.Context, w who, item connect.DashboardItem) (templ.Component, error) {
	j, err := s.Jira(w.tenant, w.account)
	if err != nil {
		return nil, err
	}
	may, err := mayEdit(ctx, j, item)
	if err != nil {
		return nil, err
	}
	if !may {
		return web.MessageView(web.Message{
			Kind:  web.MessageEmpty,
			Title: "This gadget is not set up yet",
			Text:  "The owner of this dashboard can choose the projects to show.",
		}), nil
	}
	form, err := s.gadgetConfigForm(ctx, j, item, workload.NewGadgetConfig())
	if err != nil {
		return nil, err
	}
	return web.ConfigView(form), nil
}

// mayEdit asks Jira whether the person may change the dashboard. Saving asks
// again, by saving as that person.
func mayEdit(ctx context.Context, j *jira.Client, item connect.DashboardItem) (bool, error) {
	dashboard, err := j.Dashboards.Get(ctx, item.Dashboard)
	if isMissing(err) {
		return false, nil
	}
	return dashboard.IsWritable, err
}
