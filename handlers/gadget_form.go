package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/errgroup"

	"sightline/connect/jira"
	"sightline/connect/rest"
	"sightline/internal/lang"
	"sightline/internal/workload"
	"sightline/web"
)

// maxProjectChoices is how many projects a form offers.
const maxProjectChoices = 500

// gadgetForm answers the configuration form, filled in as the gadget is now.
func (s *Server) gadgetForm(c *gin.Context, p spot) error {
	ctx := c.Request.Context()
	j, err := s.Jira(p.tenant, p.account)
	if err != nil {
		return err
	}
	may, err := mayEdit(ctx, j, p.item)
	if err != nil {
		return err
	}
	if !may {
		return forbidden(saysNotOwner)
	}
	config, configured, err := s.readConfig(ctx, p.tenant.ID, p.item, j)
	if err != nil {
		return err
	}
	if !configured {
		config = workload.NewGadgetConfig()
	}
	form, err := s.gadgetConfigForm(ctx, s.language(c), j, p, config)
	if err != nil {
		return err
	}
	form.Cancel = configured
	s.render(c, http.StatusOK, web.ConfigView(form))
	return nil
}

// gadgetSave writes the configuration into Jira as the person, so that Jira
// decides whether they may.
func (s *Server) gadgetSave(c *gin.Context, p spot) error {
	ctx := c.Request.Context()
	j, err := s.Jira(p.tenant, p.account)
	if err != nil {
		return err
	}
	config, wrong, err := postedConfig(c)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.refuseForm(c, j, p, config, wrong)
	}
	if err := s.saveConfig(ctx, p, j, config); err != nil {
		return err
	}
	body, err := s.gadgetBody(ctx, p, false)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, body)
	return nil
}

func (s *Server) saveConfig(ctx context.Context, p spot, j *jira.Client, config workload.GadgetConfig) error {
	now := s.Now()
	_, err := j.DashboardItems.SetProperty(ctx, p.item.Dashboard, p.item.Item, workload.ConfigProperty, config)
	if errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrNotFound) {
		return &problem{status: http.StatusForbidden, code: "forbidden", text: saysNotOwner, err: err}
	}
	if err != nil {
		return err
	}
	value, err := json.Marshal(config)
	if err != nil {
		return fmt.Errorf("encode configuration: %w", err)
	}
	if err := s.Store.SaveGadgetConfig(ctx, p.tenant.ID, p.item, value, now); err != nil {
		return err
	}
	s.views.forgetPlace(p.tenant.ID, itemPlace(p.item, true))
	s.views.forgetPlace(p.tenant.ID, itemPlace(p.item, false))
	return nil
}

// postedConfig reads the form; wrong names the fields that cannot be taken.
func postedConfig(c *gin.Context) (workload.GadgetConfig, workload.FieldErrors, error) {
	if err := c.Request.ParseForm(); err != nil {
		return workload.GadgetConfig{}, nil, &bodyReadError{err}
	}
	form := c.Request.PostForm
	window, _ := strconv.Atoi(form.Get(web.FieldWindow)) // 0 is refused below
	config := workload.GadgetConfig{
		Projects: form[web.FieldProjects],
		Role:     form.Get(web.FieldRole),
		Window:   workload.Window(window),
		Unit:     workload.Unit(form.Get(web.FieldUnit)),
		Title:    strings.TrimSpace(form.Get(web.FieldTitle)),
	}
	wrong := workload.FieldErrors{}
	errors.As(config.Validate(), &wrong)
	return config, wrong, nil
}

// refuseForm answers the form again with what was typed and what is wrong.
func (s *Server) refuseForm(c *gin.Context, j *jira.Client, p spot, config workload.GadgetConfig, wrong workload.FieldErrors) error {
	form, err := s.gadgetConfigForm(c.Request.Context(), s.language(c), j, p, config)
	if err != nil {
		return err
	}
	form.Errors = wrongTexts(s.language(c), wrong)
	s.render(c, http.StatusUnprocessableEntity, web.ConfigView(form))
	return nil
}

// gadgetConfigForm offers what this person may choose from.
func (s *Server) gadgetConfigForm(ctx context.Context, l *lang.Language, j *jira.Client, p spot, config workload.GadgetConfig) (web.ConfigForm, error) {
	projects, err := projectOptions(ctx, j, config.Projects)
	if err != nil {
		return web.ConfigForm{}, err
	}
	roles, err := roleOptions(ctx, l, j, projects, config.Role)
	if err != nil {
		return web.ConfigForm{}, err
	}
	return web.ConfigForm{
		Kind:     web.FormGadget,
		Save:     p.call("form"),
		Projects: projects,
		Roles:    roles,
		Windows:  windowOptions(l, config.Window),
		Units: []web.Option{
			{Value: string(workload.UnitHours), Label: l.Form.Hours, Selected: config.Unit != workload.UnitDays},
			{Value: string(workload.UnitDays), Label: l.Form.Days, Selected: config.Unit == workload.UnitDays},
		},
		Title: config.Title,
	}, nil
}

// projectOptions lists the projects that the person may browse. A chosen one
// that they may not is kept, under its key alone, up to as many as may be
// chosen.
func projectOptions(ctx context.Context, j *jira.Client, chosen []string) ([]web.Option, error) {
	var list []web.Option
	for project, err := range j.Projects.All(ctx, jira.ProjectSearchOptions{OrderBy: "name"}) {
		if err != nil {
			return nil, fmt.Errorf("list projects: %w", err)
		}
		list = append(list, web.Option{
			Value: project.Key, Label: project.Name + " (" + project.Key + ")",
			Selected: slices.Contains(chosen, project.Key),
		})
		if len(list) == maxProjectChoices {
			break
		}
	}
	for _, key := range chosen[:min(len(chosen), workload.MaxProjects)] {
		if !slices.ContainsFunc(list, func(o web.Option) bool { return o.Value == key }) {
			list = append(list, web.Option{Value: key, Label: key, Selected: true})
		}
	}
	return list, nil
}

// maxRoleProjects is how many projects are asked for the roles they have.
const maxRoleProjects = 3

// roleOptions offers the roles of the chosen projects, or of the first ones,
// as far as the person may read them.
func roleOptions(ctx context.Context, l *lang.Language, j *jira.Client, projects []web.Option, chosen string) ([]web.Option, error) {
	keys := roleProjects(projects)
	found := make([]map[string]string, len(keys))
	g, ctx := errgroup.WithContext(ctx)
	for i, key := range keys {
		g.Go(func() error {
			roles, err := j.Roles.List(ctx, key)
			if noRoles(err) {
				return nil
			}
			found[i] = roles
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return joinRoleOptions(l, found, chosen), nil
}

// noRoles reports whether Jira hides a project's roles, or what was chosen is
// no project at all.
func noRoles(err error) bool {
	return errors.Is(err, rest.ErrForbidden) || errors.Is(err, rest.ErrUnauthorized) ||
		errors.Is(err, rest.ErrNotFound) || errors.Is(err, rest.ErrParam)
}

func roleProjects(projects []web.Option) []string {
	var chosen, all []string
	for _, p := range projects {
		all = append(all, p.Value)
		if p.Selected {
			chosen = append(chosen, p.Value)
		}
	}
	if len(chosen) == 0 {
		chosen = all
	}
	return chosen[:min(len(chosen), maxRoleProjects)]
}

func joinRoleOptions(l *lang.Language, found []map[string]string, chosen string) []web.Option {
	names := map[string]string{}
	for _, roles := range found {
		for name, id := range roles {
			names[id] = name
		}
	}
	if _, ok := names[chosen]; !ok && chosen != "" {
		names[chosen] = l.Say(l.Form.RoleNumber, chosen)
	}
	list := []web.Option{{Value: "", Label: l.Form.Everybody, Selected: chosen == ""}}
	for id, name := range names {
		list = append(list, web.Option{Value: id, Label: name, Selected: id == chosen})
	}
	slices.SortFunc(list[1:], func(a, b web.Option) int { return strings.Compare(a.Label, b.Label) })
	return list
}

func windowOptions(l *lang.Language, chosen workload.Window) []web.Option {
	list := make([]web.Option, 0, 3)
	for _, w := range []workload.Window{workload.Week, workload.Fortnight, workload.Month} {
		list = append(list, web.Option{
			Value: strconv.Itoa(int(w)), Label: l.Count(l.Form.LastDays, int(w)), Selected: w == chosen,
		})
	}
	return list
}
