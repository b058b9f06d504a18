package connecttest

import (
	"context"
	"net/url"
)

// Install fetches the descriptor, checks it, and installs the app as Jira
// does: a signed installed call with a new secret, then enabled. A known app is
// installed again and keeps its client key. One item of every dashboard item
// module is put on every dashboard, or on those whose ids are given. If the app
// refuses, the error is an *InstallError and App holds its answer.
func (s *Site) Install(ctx context.Context, descriptorURL string, dashboards ...string) (App, error) {
	return s.host.Install(ctx, descriptorURL, dashboards...)
}

// Rotate gives an installed app a new secret, as a reinstall does.
func (s *Site) Rotate(ctx context.Context, key string) (App, error) {
	return s.host.Rotate(ctx, key)
}

// Import does what a site import does to an installed app: the same address
// comes back under a new client key, and the old one is uninstalled.
func (s *Site) Import(ctx context.Context, key string) (App, error) {
	return s.host.Import(ctx, key)
}

// Uninstall tells the app that it is disabled and uninstalled, and removes it
// whatever it answers. App holds the answer to the uninstalled call.
func (s *Site) Uninstall(ctx context.Context, key string) (App, error) {
	return s.host.Uninstall(ctx, key)
}

// ModuleURL returns the address that a browser would open for a page of an
// installed app, signed for the account ("" is an anonymous viewer): a
// dashboard item, a general, admin, project, configure or post-install page.
// For a dashboard item, dashboard and item must name one of that module that
// is placed; without both it is the preview in the directory. The address is
// valid for three minutes.
//
// For a Forge app it is the address of the site's own page that shows the
// module, which does not expire.
func (s *Site) ModuleURL(key, module, account, dashboard, item string) (string, error) {
	if s.forge.Has(key) {
		return s.forge.PageURL(key, module, account, dashboard, item, nil)
	}
	return s.host.ModuleURL(key, module, account, dashboard, item)
}

// PageURL is ModuleURL for a page of its own, opened at
// /plugins/servlet/ac/{key}/{module} with custom parameters: those that begin
// with "ac." fill the variables of the same name in the page's address. A page
// of a Forge app finds all of them in its location.
func (s *Site) PageURL(key, module, account string, custom url.Values) (string, error) {
	if s.forge.Has(key) {
		return s.forge.PageURL(key, module, account, "", "", custom)
	}
	return s.host.PageURL(key, module, account, custom)
}

// ContextToken is what the browser gets from AP.context.getToken: bound to the
// tenant and the account ("" is an anonymous viewer), not to an address.
func (s *Site) ContextToken(key, account string) (string, error) {
	return s.host.ContextToken(key, account)
}

// SignHost signs claims of the caller's choosing with the shared secret of the
// app installed under key: a token that only the host can make, for tests that
// need a wrong one.
func (s *Site) SignHost(key string, claims map[string]any) (string, error) {
	return s.host.Sign(key, claims)
}

// Signed returns the canonical request behind a hash that the site signed
// recently, so that an app under development can compare it with its own.
func (s *Site) Signed(qsh string) (canonical string, ok bool) { return s.host.Signed(qsh) }

// Fire sends a webhook to every app that listens to its event. No data changes;
// WaitIdle waits until it has arrived.
func (s *Site) Fire(_ context.Context, hook Webhook) error {
	_, err := s.host.Fire(hook)
	return err
}
