package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"sightline/connect"
	"sightline/connect/jira"
	"sightline/internal/glance"
	"sightline/internal/lang"
	"sightline/internal/workload"
	"sightline/web"
)

// isAbsent reports whether our own storage has no such thing.
func isAbsent(err error) bool { return errors.Is(err, connect.ErrNotFound) }

// errNoTenant is a chat on a site whose Jira does not have the app.
var errNoTenant = errors.New("no jira tenant on this site")

// chatPerson is the person of a chat call, on the Jira of the same site.
func (s *Server) chatPerson(c *gin.Context, caller *connect.ChatCaller) (who, error) {
	if caller.Account() == "" {
		return who{}, forbidden(saysLogInFirst)
	}
	tenant, err := s.Store.TenantByCloudID(c.Request.Context(), caller.Cloud())
	if isAbsent(err) {
		return who{}, errNoTenant
	}
	if err != nil {
		return who{}, err
	}
	person := who{tenant, caller.Account()}
	s.seen(c, person)
	return person, nil
}

func noTenant(l *lang.Language) templ.Component {
	return web.MessageView(web.Message{Kind: web.MessageWarning, Title: l.State.NoTenant, Text: l.State.NoTenantText})
}

// chatShell is a page of the chat. It shares the gadget's fragments.
func (s *Server) chatShell(l *lang.Language, kind web.Kind, body templ.Component) web.Shell {
	shell := s.shell(l, l.Product.Workload, body)
	shell.Kind = kind
	shell.Calls = web.Calls{View: s.path("/chat/sidebar/view")}
	return shell
}

// setupPage is the configuration dialog of a conversation.
func (s *Server) setupPage(c *gin.Context, caller *connect.ChatCaller) error {
	ctx := c.Request.Context()
	row, err := s.row(c, caller, s.glance)
	if err != nil {
		return err
	}
	person, err := s.chatPerson(c, caller)
	if errors.Is(err, errNoTenant) {
		l := s.language(c)
		s.renderPage(c, http.StatusOK, s.chatShell(l, web.KindChatDialog, noTenant(l)))
		return nil
	}
	if err != nil {
		return err
	}
	form, err := s.setupForm(ctx, person, row)
	if err != nil {
		return err
	}
	s.renderPage(c, http.StatusOK, s.chatShell(s.language(c), web.KindChatDialog, web.ConfigView(form)))
	return nil
}

// setupForm offers the projects that this person may browse in Jira.
func (s *Server) setupForm(ctx context.Context, w who, row glance.Row) (web.ConfigForm, error) {
	j, err := s.Jira(w.tenant, w.account)
	if err != nil {
		return web.ConfigForm{}, err
	}
	config := row.Config
	if config.Window == 0 {
		config.Window = int(workload.NewGadgetConfig().Window)
	}
	projects, err := projectOptions(ctx, j, config.Projects)
	if err != nil {
		return web.ConfigForm{}, err
	}
	person, err := s.views.person(ctx, w, j)
	if err != nil {
		return web.ConfigForm{}, err
	}
	return web.ConfigForm{
		Kind: web.FormChat, Save: s.path("/chat/setup"),
		Projects: projects, Windows: windowOptions(s.texts.Of(person.Locale), workload.Window(config.Window)),
		Zones: zoneOptions(person.TimeZone, config.Zone), Preview: row.PullLabel(),
	}, nil
}

// zoneOptions offers the person's own zone, the one in use and UTC.
func zoneOptions(own, chosen string) []web.Option {
	if chosen == "" {
		chosen = own
	}
	var list []web.Option
	for _, zone := range []string{own, chosen, "UTC"} {
		if !slices.ContainsFunc(list, func(o web.Option) bool { return o.Value == zone }) {
			list = append(list, web.Option{Value: zone, Label: zone, Selected: zone == chosen})
		}
	}
	return list
}

// setupSave saves what the room shows. Both states are pushed right after.
func (s *Server) setupSave(c *gin.Context, caller *connect.ChatCaller) error {
	ctx := c.Request.Context()
	row, err := s.row(c, caller, s.glance)
	if err != nil {
		return err
	}
	person, err := s.chatPerson(c, caller)
	if errors.Is(err, errNoTenant) {
		return forbidden(saysNoTenant)
	}
	if err != nil {
		return err
	}
	config, wrong, err := s.postedSetup(c, person)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		row.Config = config
		return s.refuseSetup(c, person, row, wrong)
	}
	configuration := in(s.setup, caller.Cloud(), caller.Conversation())
	if err := s.Store.Configure(ctx, row.Key, configuration, config, s.Now()); err != nil {
		return err
	}
	s.views.forgetPlace(person.tenant.ID, chatPlace(caller))
	s.Wake()
	l := s.language(c)
	s.render(c, http.StatusOK, web.MessageView(web.Message{Kind: web.MessageInfo, Title: l.State.Saved, Text: l.State.RoomSavedText}))
	return nil
}

func (s *Server) refuseSetup(c *gin.Context, w who, row glance.Row, wrong workload.FieldErrors) error {
	form, err := s.setupForm(c.Request.Context(), w, row)
	if err != nil {
		return err
	}
	form.Errors = wrongTexts(s.language(c), wrong)
	s.render(c, http.StatusUnprocessableEntity, web.ConfigView(form))
	return nil
}

// postedSetup reads the form. A glance's numbers are the app's own, so a
// person can only choose projects that Jira shows to them.
func (s *Server) postedSetup(c *gin.Context, w who) (glance.Config, workload.FieldErrors, error) {
	posted, wrong, err := postedConfig(c)
	if err != nil {
		return glance.Config{}, nil, err
	}
	delete(wrong, web.FieldUnit) // the dialog has none
	config := glance.Config{
		Projects: posted.Projects, Window: int(posted.Window),
		Zone: c.Request.PostForm.Get(web.FieldZone),
	}
	if _, err := time.LoadLocation(config.Zone); err != nil || config.Zone == "" || config.Zone == "Local" {
		wrong[web.FieldZone] = workload.Wrong{Code: workload.WrongZone}
	}
	if wrong.Has(web.FieldProjects) {
		return config, wrong, nil
	}
	unseen, err := s.unseen(c.Request.Context(), w, config.Projects)
	if unseen != "" {
		wrong[web.FieldProjects] = workload.Wrong{Code: workload.WrongNotVisible, Text: unseen}
	}
	return config, wrong, err
}

// unseen returns the first of the projects that the person may not browse.
func (s *Server) unseen(ctx context.Context, w who, projects []string) (string, error) {
	j, err := s.Jira(w.tenant, w.account)
	if err != nil {
		return "", err
	}
	seen := map[string]bool{}
	for project, err := range j.Projects.All(ctx, jira.ProjectSearchOptions{Keys: projects}) {
		if err != nil {
			return "", err
		}
		seen[project.Key] = true
	}
	for _, key := range projects {
		if !seen[key] {
			return key, nil
		}
	}
	return "", nil
}
