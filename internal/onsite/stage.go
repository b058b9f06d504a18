package onsite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Stage is an app and a local site, both running at their addresses. It calls
// the site as scripts do and the app as the site's people do.
type Stage struct {
	// Site and App are base URLs.
	Site, App string
	// ChatToken signs the token with which the chat opens an app's pages, for an
	// app's key, a conversation and an account.
	ChatToken func(key, conversation, account string) (string, error)
	// Known waits until the app knows its tenant's cloud id, which it looks up
	// after answering the install.
	Known func(ctx context.Context, cloudID string) error
	// Folder is where the app's Forge manifest and page are, as "sightline
	// manifest --dir" writes them; "" where the app is on Connect only. With it
	// the first dashboard has the gadgets of Forge and the second those of
	// Connect; else all have those of Connect.
	Folder string
}

// objects are the site's objects that a stage needs.
type objects struct {
	CloudID       string
	Dashboards    []dashboard
	Projects      []struct{ Key string }
	Conversations []conversation
}

type dashboard struct {
	ID, Owner string
	Items     []struct{ ID string }
}

type conversation struct {
	ID      string
	Members []string
}

type person struct {
	AccountID, Email, Token, TimeZone string
	Admin, Active                     bool
}

// Furnish installs the app in Jira and in two rooms of the chat, and sets up
// the gadgets and the first room as their people would.
func (s Stage) Furnish(ctx context.Context) error {
	has, err := s.furnishJira(ctx)
	if err != nil {
		return err
	}
	for _, room := range has.Conversations[:min(2, len(has.Conversations))] {
		if err := s.installChat(ctx, room.ID); err != nil {
			return err
		}
	}
	if err := s.setUpRoom(ctx, has); err != nil {
		return fmt.Errorf("set up room: %w", err)
	}
	return nil
}

// furnishJira installs the app and sets up its gadgets. Forge comes when the
// app knows the site: it then finds the tenant that Connect has made.
func (s Stage) furnishJira(ctx context.Context) (objects, error) {
	has, err := s.objects(ctx)
	if err != nil {
		return has, err
	}
	onConnect := has.Dashboards[:1]
	if s.Folder != "" {
		onConnect = has.Dashboards[min(1, len(has.Dashboards)-1):]
	}
	err = s.install(ctx, map[string]any{"descriptor": s.App + "/atlassian-connect.json", "dashboards": s.shownOn(onConnect)})
	if err == nil {
		err = s.Known(ctx, has.CloudID)
	}
	if err == nil && s.Folder != "" {
		err = s.install(ctx, map[string]any{"dir": s.Folder, "name": name, "dashboards": []string{has.Dashboards[0].ID}})
	}
	if err != nil {
		return has, err
	}
	if has, err = s.objects(ctx); err != nil { // gadgets appear only after their app is installed
		return has, err
	}
	for i, dashboard := range has.Dashboards[:min(3, len(has.Dashboards))] {
		for _, item := range dashboard.Items {
			if err := s.setUpGadget(ctx, dashboard, item.ID, has.config(i), s.Folder != "" && i == 0); err != nil {
				return has, fmt.Errorf("set up gadget: %w", err)
			}
		}
	}
	if len(has.Dashboards) > capacityBoard {
		if err := s.showGroups(ctx, has, has.Dashboards[capacityBoard]); err != nil {
			return has, fmt.Errorf("show groups: %w", err)
		}
	}
	return has, nil
}

// capacityBoard is the dashboard that shows loads by working time, beside how it was and
// what is due when, and days that lack time, and rows of other kinds.
const capacityBoard = 2

// config is what the gadgets of a dashboard show.
func (o objects) config(dashboard int) workload.GadgetConfig {
	config := workload.NewGadgetConfig()
	config.Projects = o.shown()
	if dashboard == capacityBoard {
		config.Load, config.Region, config.Trend, config.Missing = workload.LoadByCapacity, "DE", workload.TrendMonth, 6
		config.Ahead = workload.AheadMonth
	}
	return config
}

// DeployForge offers the site's admins the versions that the Connect app can move
// on to: the hybrid stage and Forge.
func (s Stage) DeployForge(ctx context.Context) error {
	for _, stage := range []forge.Stage{forge.StageHybrid, forge.StageForge} {
		if err := s.deploy(ctx, stage); err != nil {
			return fmt.Errorf("deploy stage %s: %w", stage, err)
		}
	}
	return nil
}

func (s Stage) deploy(ctx context.Context, stage forge.Stage) error {
	folder, err := os.MkdirTemp("", "sightline-forge-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // the site has read it by then
	if err := writeForge(folder, forge.Options{BaseURL: s.App, Stage: stage, ConnectKey: appKey}); err != nil {
		return err
	}
	return s.control(ctx, http.MethodPost, "/-/forge/deploy", map[string]string{"dir": folder, "name": name}, nil)
}

// shownOn are the dashboards that get the gadgets; all, without Forge.
func (s Stage) shownOn(list []dashboard) []string {
	if s.Folder == "" {
		return nil
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	return ids
}

func (s Stage) objects(ctx context.Context) (has objects, err error) {
	err = s.control(ctx, http.MethodGet, "/-/objects", nil, &has)
	return has, err
}

func (s Stage) install(ctx context.Context, app map[string]any) error {
	return s.control(ctx, http.MethodPost, "/-/apps", app, nil)
}

func (s Stage) installChat(ctx context.Context, room string) error {
	return s.install(ctx, map[string]any{
		"descriptor": s.App + "/atlassian-chat.json", "product": "chat", "conversation": room,
		"clientId": ChatClientID, "clientSecret": ChatClientSecret,
	})
}

// setUpGadget writes the configuration of a gadget into Jira as the dashboard's
// owner: a property, or on Forge what its editor hands to Jira.
func (s Stage) setUpGadget(ctx context.Context, on dashboard, item string, config workload.GadgetConfig, forge bool) error {
	if forge {
		at := url.Values{"as": {on.Owner}, "dashboard": {on.ID}, "item": {item}}
		return s.control(ctx, http.MethodPost, "/-/ui/forge/submit?"+at.Encode(), config, nil)
	}
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", on.ID, item, workload.ConfigProperty)
	return s.rest(ctx, on.Owner, http.MethodPut, path, config, nil)
}

// setUpRoom fills in the configuration dialog of the first room as one of its
// members.
func (s Stage) setUpRoom(ctx context.Context, has objects) error {
	room := has.Conversations[0]
	token, err := s.ChatToken(appKey, room.ID, room.Members[0])
	if err != nil {
		return err
	}
	member, err := s.person(ctx, func(p person) bool { return p.AccountID == room.Members[0] })
	if err != nil {
		return err
	}
	form := url.Values{web.FieldProjects: has.shown(), web.FieldWindow: {"14"}, web.FieldZone: {member.TimeZone}}
	req, err := request(ctx, http.MethodPost, s.App+"/chat/setup", form.Encode())
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	return do(req, nil)
}

// maxProjects is how many projects are shown at first.
const maxProjects = 2

func (o objects) shown() []string {
	var keys []string
	for _, project := range o.Projects {
		keys = append(keys, project.Key)
	}
	return keys[:min(len(keys), maxProjects)]
}

// Admin is the account id of an admin of the site's Jira.
func (s Stage) Admin(ctx context.Context) (string, error) {
	admin, err := s.person(ctx, func(p person) bool { return p.Admin && p.Active })
	return admin.AccountID, err
}

func (s Stage) person(ctx context.Context, is func(person) bool) (person, error) {
	var people []person
	if err := s.control(ctx, http.MethodGet, "/-/people", nil, &people); err != nil {
		return person{}, err
	}
	for _, p := range people {
		if is(p) {
			return p, nil
		}
	}
	return person{}, errors.New("the site has no such person")
}
