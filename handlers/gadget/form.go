package gadget

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// saveTime bounds the wait for Jira to take a configuration.
const saveTime = 10 * time.Second

// form answers the configuration form, filled in with the current
// configuration.
func (s *Gadgets) form(r *edge.Request, it item) error {
	ctx := r.Request.Context()
	j, err := s.Views.Jira(it.Person)
	if err != nil {
		return err
	}
	config, configured, err := s.editedConfig(ctx, it, j)
	if err != nil {
		return err
	}
	d, err := it.noted(ctx, form.DraftOf(config))
	if err != nil {
		return err
	}
	d.Cancel = configured || it.forge != nil // behind Forge's editor there is always the view
	filled, err := s.Forms.Filled(ctx, r.Language(), j, it.editor(), d)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.ConfigView(filled))
	return nil
}

// editedConfig is the configuration that a person who may edit the dashboard
// finds in the form.
func (s *Gadgets) editedConfig(ctx context.Context, it item, j *jira.Client) (config workload.GadgetConfig, configured bool, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return it.editor().Allowed(ctx, j) })
	g.Go(func() (err error) {
		config, configured, err = s.currentConfig(ctx, it, j)
		return err
	})
	if err := g.Wait(); err != nil {
		return workload.GadgetConfig{}, false, err
	}
	if !configured {
		config = workload.NewGadgetConfig()
	}
	return config, configured, nil
}

// currentConfig is what an item is configured to show, as Jira has it now.
func (s *Gadgets) currentConfig(ctx context.Context, it item, j *jira.Client) (workload.GadgetConfig, bool, error) {
	if it.forge != nil {
		return it.Config(ctx, j)
	}
	return s.readConfig(ctx, it.Tenant.ID, it.id, j)
}

// editor is a person using an item's form. Jira is asked whether they may
// change the dashboard.
func (it item) editor() form.For {
	return form.For{Person: it.Person, Address: it.Address, Columns: it.gadget.Columns(), Days: it.gadget.Days(), Scopes: true, Notes: it.notes.form(), Allowed: func(ctx context.Context, j *jira.Client) error {
		may, err := mayEdit(ctx, j, it.id)
		if err == nil && !may {
			return edge.Refuse(lang.ProblemNotOwner)
		}
		return err
	}}
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

// save writes the configuration into Jira as the person, so that Jira decides
// whether they may.
func (s *Gadgets) save(r *edge.Request, it item) error {
	if it.forge != nil {
		return s.submit(r, it)
	}
	return s.Forms.Save(r, it.editor(), form.Saving{
		Put: func(ctx context.Context, j *jira.Client, config workload.GadgetConfig) error {
			return s.saveConfig(ctx, it, j, config)
		},
		Draw: func(ctx context.Context) (templ.Component, error) { return s.body(ctx, it, false) },
	})
}

func (s *Gadgets) saveConfig(ctx context.Context, it item, j *jira.Client, config workload.GadgetConfig) error {
	value, err := json.Marshal(config)
	if err != nil {
		return fmt.Errorf("encode configuration: %w", err)
	}
	// If this process ends here, or Jira does not say whether it took the
	// configuration, the old copy must not be shown.
	until := s.Edge.Now().Add(saveTime).Truncate(time.Millisecond) // as it is stored
	s.copies.doubt(ctx, it.Tenant.ID, it.id, until)
	if err := putConfig(ctx, it, j, config); err != nil {
		return err
	}
	s.copies.change(ctx, it.Tenant.ID, it.id, value, until)
	s.Views.ForgetPlace(it.Tenant.ID, PlaceName(it.id))
	return nil
}

func putConfig(ctx context.Context, it item, j *jira.Client, config workload.GadgetConfig) error {
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	_, err := j.DashboardItems.SetProperty(ctx, it.id.Dashboard, it.id.Item, workload.ConfigProperty, config)
	switch {
	case errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrNotFound):
		return edge.Because(lang.ProblemNotOwner, err)
	case errors.Is(err, rest.ErrBadRequest), errors.Is(err, rest.ErrTooLarge):
		return edge.Because(lang.ProblemNotTaken, err)
	case errors.Is(err, context.DeadlineExceeded):
		return edge.Because(lang.ProblemMaybeSaved, err)
	}
	return err
}
