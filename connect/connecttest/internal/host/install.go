package host

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// lifecyclePayload is the body of a lifecycle call.
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/#lifecycle
type lifecyclePayload struct {
	Key            string `json:"key"`
	ClientKey      string `json:"clientKey"`
	OAuthClientID  string `json:"oauthClientId"`
	SharedSecret   string `json:"sharedSecret,omitempty"`
	BaseURL        string `json:"baseUrl"`
	DisplayURL     string `json:"displayUrl"`
	HelpCenterURL  string `json:"displayUrlServicedeskHelpCenter"`
	ProductType    string `json:"productType"`
	Description    string `json:"description"`
	EventType      string `json:"eventType"`
	InstallationID string `json:"installationId,omitempty"` // of Forge
	EntitlementID  string `json:"entitlementId,omitempty"`
	EntitlementNum string `json:"entitlementNumber,omitempty"`
}

// Install fetches the descriptor, checks it, and installs the app as Jira
// does: a signed installed call with a new secret, then enabled. A known app is
// installed again and keeps its client key. One item of every dashboard item
// module is put on every dashboard, or on those whose ids are given. If the app
// refuses, the error is an *InstallError and App holds its answer.
func (s *Server) Install(ctx context.Context, descriptorURL string, dashboards ...string) (install.App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	d, err := s.fetchDescriptor(ctx, descriptorURL)
	if err != nil {
		return install.App{}, err
	}
	return s.putIn(ctx, d, descriptorURL, s.clientKey(d.Key), dashboards...)
}

// Rotate gives an installed app a new secret, as a reinstall does.
func (s *Server) Rotate(ctx context.Context, key string) (install.App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	a, err := s.app(key)
	if err != nil {
		return install.App{}, err
	}
	return s.putIn(ctx, a.descriptor, a.descriptorURL, a.clientKey)
}

// Import does what a site import does to an installed app: the same address
// comes back under a new client key, and the old one is uninstalled.
func (s *Server) Import(ctx context.Context, key string) (install.App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	old, err := s.app(key)
	if err != nil {
		return install.App{}, err
	}
	fresh := sign.UUID()
	installed, err := s.putIn(ctx, old.descriptor, old.descriptorURL, fresh)
	if err != nil {
		return installed, err
	}
	s.mu.Lock()
	s.clientKeys[key] = fresh
	s.mu.Unlock()
	s.farewell(ctx, old)
	return installed, nil
}

// Uninstall tells the app that it is disabled and uninstalled, and removes it
// whatever it answers. App holds the answer to the uninstalled call.
func (s *Server) Uninstall(ctx context.Context, key string) (install.App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	a, err := s.app(key)
	if err != nil {
		return install.App{}, err
	}
	s.mu.Lock()
	delete(s.apps, key)
	s.mu.Unlock()
	s.Tokens.Revoke(key)
	s.World.RemoveApp(key)
	out := a.public()
	got := s.farewell(ctx, a)
	out.Status, out.Answer = got.Status, string(got.Body)
	return out, nil
}

// farewell sends disabled, which Forge never does, then uninstalled. The app's
// answers change nothing, and the log of requests lists even calls without an
// answer.
func (s *Server) farewell(ctx context.Context, a *app) outbox.Answer {
	if a.installationID == "" {
		_, _ = s.notify(ctx, a, install.EventDisabled, a.descriptor.Lifecycle.Disabled)
	}
	got, _ := s.notify(ctx, a, install.EventUninstalled, a.descriptor.Lifecycle.Uninstalled)
	return got
}

// putIn installs from a descriptor with a new secret.
func (s *Server) putIn(ctx context.Context, d *appDescriptor, descriptorURL, clientKey string, dashboards ...string) (install.App, error) {
	a := &app{
		descriptor: d, descriptorURL: descriptorURL, clientKey: clientKey,
		oauthClientID: s.oauthClient(clientKey), secret: newSecret(), dashboards: dashboards,
	}
	if old, err := s.app(d.Key); err == nil {
		a.installationID, a.replaced = old.installationID, old.replaced
		a.dashboards = append(a.dashboards, old.dashboards...)
	}
	return s.putApp(ctx, a)
}

// putApp tells the app that it is installed. Until it has answered, both the
// old and the new secret are valid. Forge never sends enabled.
func (s *Server) putApp(ctx context.Context, a *app) (install.App, error) {
	d := a.descriptor
	s.setPending(d.Key, a)
	defer s.setPending(d.Key, nil)
	got, err := s.notify(ctx, a, install.EventInstalled, d.Lifecycle.Installed)
	out := a.public()
	out.Status, out.Answer = got.Status, string(got.Body)
	if err != nil || !got.OK() {
		return out, &install.Error{Key: d.Key, Status: got.Status, Answer: string(got.Body), Err: err}
	}
	if err := s.activate(a); err != nil {
		return out, err
	}
	if a.installationID == "" {
		_, _ = s.notify(ctx, a, install.EventEnabled, d.Lifecycle.Enabled)
	}
	return out, nil
}

func (s *Server) setPending(key string, a *app) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a == nil {
		delete(s.pending, key)
		return
	}
	s.pending[key] = a
}

// activate puts the installation in force; the tokens of the previous one end.
func (s *Server) activate(a *app) error {
	s.World.AddApp(a.key(), a.descriptor.Name)
	s.mu.Lock()
	s.apps[a.key()] = a
	s.mu.Unlock()
	s.Tokens.Revoke(a.key())
	for _, m := range a.descriptor.of(kindDashboardItem) {
		if slices.Contains(a.replaced, m.Key) {
			continue
		}
		for _, d := range s.World.Dashboards() {
			if len(a.dashboards) > 0 && !slices.Contains(a.dashboards, d.ID) {
				continue
			}
			if _, err := s.World.PlaceItem(d.ID, a.key(), m.Key, m.Name.Value); err != nil {
				return fmt.Errorf("install app %s: %w", a.key(), err)
			}
		}
	}
	return nil
}

// clientKey is the same for an app as long as the site runs.
func (s *Server) clientKey(appKey string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clientKeys[appKey] == "" {
		s.clientKeys[appKey] = sign.UUID()
	}
	return s.clientKeys[appKey]
}

// oauthClient follows from the client key.
func (s *Server) oauthClient(clientKey string) string {
	return sign.Hash(s.CloudID + clientKey)[:32]
}

// notify makes one lifecycle call: installed and uninstalled are signed with
// the install key, the others with the shared secret. An app that does not
// listen to the call has answered 204.
func (s *Server) notify(ctx context.Context, a *app, event, path string) (outbox.Answer, error) {
	if path == "" {
		return outbox.Answer{Status: http.StatusNoContent}, nil
	}
	target, err := a.url(path)
	if err != nil {
		return outbox.Answer{}, err
	}
	token, err := s.lifecycleToken(a, event, target)
	if err != nil {
		return outbox.Answer{}, err
	}
	body, err := json.Marshal(s.payload(a, event))
	if err != nil {
		return outbox.Answer{}, fmt.Errorf("encode %s call: %w", event, err)
	}
	return s.Sender.Send(ctx, outbox.Call{
		Method: http.MethodPost, Operation: "lifecycle." + event, Target: target, To: a.key(),
		Account: s.World.AdminID(), Scheme: "JWT", Token: token, Body: body,
	})
}

func (s *Server) lifecycleToken(a *app, event string, target *url.URL) (string, error) {
	if event != install.EventInstalled && event != install.EventUninstalled {
		return s.hostToken(a, s.World.AdminID(), http.MethodPost, target)
	}
	c := sign.NewClaims(s.Now(), a.clientKey, s.World.AdminID(), pageTokenLife)
	c.Audience = []string{a.descriptor.BaseURL}
	c.QSH = s.qsh(a, http.MethodPost, target)
	return s.Key.Sign(c)
}

func (s *Server) payload(a *app, event string) lifecyclePayload {
	p := lifecyclePayload{
		Key: a.key(), ClientKey: a.clientKey, OAuthClientID: a.oauthClientID,
		InstallationID: a.installationID, BaseURL: s.URL(), DisplayURL: s.URL(), HelpCenterURL: s.URL(), ProductType: install.ProductJira,
		Description: "The local site of connecttest", EventType: event,
	}
	if event == install.EventInstalled {
		p.SharedSecret = a.secret
	}
	if a.descriptor.EnableLicensing {
		p.EntitlementID, p.EntitlementNum = entitlement(a.clientKey), "E-"+entitlement(a.clientKey)[:12]
	}
	return p
}

// entitlement is a stable id of the licence.
func entitlement(clientKey string) string { return sign.Hash("entitlement " + clientKey)[:36] }

// fetchDescriptor reads and checks the descriptor at an address.
func (s *Server) fetchDescriptor(ctx context.Context, address string) (*appDescriptor, error) {
	data, err := s.Sender.Fetch(ctx, address)
	if err != nil {
		return nil, err
	}
	return parseDescriptor(data)
}
