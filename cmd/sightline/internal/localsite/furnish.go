package localsite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// Furnish installs the app in Jira and in the chat, and sets up the gadgets of
// one dashboard and one room as their people would: with the same calls.
func (v *Development) Furnish(ctx context.Context) error {
	app, err := v.Site.Install(ctx, v.URL+"/atlassian-connect.json")
	if err != nil {
		return err
	}
	v.appKey = app.Key
	dashboard := v.Site.Objects().Dashboards[0]
	for _, item := range dashboard.Items {
		if err := v.setUpGadget(ctx, dashboard, item.ID); err != nil {
			return fmt.Errorf("set up gadget: %w", err)
		}
	}
	rooms := v.Site.Objects().Conversations
	for _, room := range rooms[:min(2, len(rooms))] {
		app, err := v.Site.InstallChat(ctx, v.URL+"/atlassian-chat.json", room.ID, onsite.ChatClientID, onsite.ChatClientSecret)
		if err != nil {
			return err
		}
		v.chatKey = app.Key
	}
	if err := v.setUpRoom(ctx, rooms[0]); err != nil {
		return fmt.Errorf("set up room: %w", err)
	}
	if err := v.setUpSlack(ctx); err != nil {
		// A kept database may have given the workspace to an earlier site.
		v.log.WarnContext(ctx, "Slack is not set up", "error", err)
	}
	return nil
}

// setUpGadget writes the configuration of a gadget into Jira as the dashboard's
// owner.
func (v *Development) setUpGadget(ctx context.Context, dashboard connecttest.Dashboard, item string) error {
	config := workload.NewGadgetConfig()
	config.Projects = v.projects()
	body, err := json.Marshal(config)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("%s/rest/api/3/dashboard/%s/items/%s/properties/%s",
		v.Site.URL(), dashboard.ID, item, workload.ConfigProperty)
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	owner := v.person(dashboard.Owner)
	req.SetBasicAuth(owner.Email, owner.Token)
	req.Header.Set("Content-Type", "application/json")
	return v.do(req)
}

// setUpRoom fills in the room's configuration dialog as one of its members.
func (v *Development) setUpRoom(ctx context.Context, room connecttest.Conversation) error {
	if err := v.waitForCloudID(ctx); err != nil {
		return err
	}
	account := room.Members[0]
	token, err := v.Site.ChatToken(v.chatKey, room.ID, account)
	if err != nil {
		return err
	}
	form := url.Values{
		web.FieldProjects: v.projects(), web.FieldWindow: {"14"}, web.FieldZone: {v.person(account).TimeZone},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.URL+"/chat/setup", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	return v.do(req)
}

// waitForCloudID waits until the app knows its tenant's cloud id, which it
// looks up after the install was answered.
func (v *Development) waitForCloudID(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		_, err := v.App.Store().Tenants.TenantByCloudID(ctx, connect.CloudID(v.Site.CloudID()))
		if !errors.Is(err, connect.ErrNotFound) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// maxDevProjects is how many projects are shown at first.
const maxDevProjects = 2

func (v *Development) projects() []string {
	var keys []string
	for _, project := range v.Site.Objects().Projects {
		keys = append(keys, project.Key)
	}
	return keys[:min(len(keys), maxDevProjects)]
}

func (v *Development) person(account string) connecttest.Person {
	for _, p := range v.Site.People() {
		if p.AccountID == account {
			return p
		}
	}
	return connecttest.Person{}
}

func (v *Development) do(req *http.Request) error {
	client := &http.Client{Timeout: 30 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, resp.Status)
	}
	return nil
}
