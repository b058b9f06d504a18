package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// saveTime bounds the wait for Jira to take a configuration.
const saveTime = 10 * time.Second

// gadgetForm answers the configuration form, filled in as the gadget is now.
func (s *Server) gadgetForm(r *edge.Request, p spot) error {
	ctx := r.Request.Context()
	j, err := s.Jira(p.Tenant, p.Account)
	if err != nil {
		return err
	}
	config, configured, err := s.editedConfig(ctx, p, j)
	if err != nil {
		return err
	}
	d := draftOf(config)
	d.cancel = configured
	form, err := s.gadgetConfigForm(ctx, r.Language(), j, p, d)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.ConfigView(form))
	return nil
}

// editedConfig is what a person who may edit the dashboard finds in the form.
func (s *Server) editedConfig(ctx context.Context, p spot, j *jira.Client) (config workload.GadgetConfig, configured bool, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return requireEditor(ctx, j, p) })
	g.Go(func() (err error) {
		config, configured, err = s.readConfig(ctx, p.Tenant.ID, p.item, j)
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

// requireEditor refuses who may not edit the dashboard. Everybody in a room
// may set it up.
func requireEditor(ctx context.Context, j *jira.Client, p spot) error {
	if p.item.IsZero() {
		return nil
	}
	may, err := mayEdit(ctx, j, p.item)
	if err == nil && !may {
		return edge.Refuse(lang.ProblemNotOwner)
	}
	return err
}

// gadgetSave writes the configuration into Jira as the person, so that Jira
// decides whether they may.
func (s *Server) gadgetSave(r *edge.Request, p spot) error {
	j, err := s.Jira(p.Tenant, p.Account)
	if err != nil {
		return err
	}
	d, wrong, err := postedDraft(r)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.refuseForm(r, j, p, d, wrong)
	}
	if err := s.saveConfig(r.Request.Context(), p, j, d.GadgetConfig); err != nil {
		return s.failForm(r, j, p, d, err)
	}
	body, err := s.gadgetBody(r.Request.Context(), p, false)
	if err != nil {
		body = s.savedUnseen(r, err)
	}
	r.Render(http.StatusOK, body)
	return nil
}

func (s *Server) saveConfig(ctx context.Context, p spot, j *jira.Client, config workload.GadgetConfig) error {
	now := s.Now()
	if err := putConfig(ctx, p, j, config); err != nil {
		return err
	}
	value, err := json.Marshal(config)
	if err != nil {
		return fmt.Errorf("encode configuration: %w", err)
	}
	if err := s.Store.SaveGadgetConfig(ctx, p.Tenant.ID, p.item, value, now); err != nil {
		return err
	}
	s.views.ForgetPlace(p.Tenant.ID, itemPlace(p.item, true))
	s.views.ForgetPlace(p.Tenant.ID, itemPlace(p.item, false))
	return nil
}

func putConfig(ctx context.Context, p spot, j *jira.Client, config workload.GadgetConfig) error {
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	_, err := j.DashboardItems.SetProperty(ctx, p.item.Dashboard, p.item.Item, workload.ConfigProperty, config)
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
