package descriptor

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/internal/qsh"
	"github.com/sightline-go/sightline/connect/internal/site"
)

var (
	appKey        = regexp.MustCompile(`\A[A-Za-z0-9._-]{1,64}\z`)
	moduleKey     = regexp.MustCompile(`\A[a-zA-Z0-9-]{1,100}\z`)
	templateToken = regexp.MustCompile(`\$?\{[A-Za-z0-9_. ()=,-]+\}`)
)

// problems collects what is wrong, one line for each JSON path.
type problems struct{ list []error }

func (p *problems) add(path, format string, args ...any) {
	p.list = append(p.list, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// check adds a problem unless ok.
func (p *problems) check(ok bool, path, problem string) {
	if !ok {
		p.add(path, "%s", problem)
	}
}

func (p *problems) err() error { return errors.Join(p.list...) }

// Check finds everything that would make a host refuse the descriptor or keep the
// app from working. Each line of the error names a JSON path.
func (d *Descriptor) Check() error {
	var p problems
	p.check(appKey.MatchString(d.Key), "key", "want 1 to 64 of a-z, A-Z, 0-9, dot, dash and underscore")
	p.check(d.Name != "", "name", "missing")
	p.baseURL(d.BaseURL)
	p.check(strings.EqualFold(d.Authentication.Type, "jwt"), "authentication.type", "want jwt")
	p.check(d.Vendor == nil || d.Vendor.Name != "" && d.Vendor.URL != "", "vendor", "name and url are both needed")
	d.checkLifecycle(&p)
	p.scopes(d.Scopes)
	for _, name := range []string{"signed-install", "context-qsh", "gdpr"} {
		p.check(d.APIMigrations[name], "apiMigrations."+name, "want true")
	}
	d.checkModules(&p)
	d.checkDashboardItems(&p)
	d.checkWebhooks(&p)
	d.checkPages(&p)
	return p.err()
}

// baseURL wants an origin, perhaps with a path, without a slash at the end.
func (p *problems) baseURL(text string) {
	if _, err := site.Parse(text); err != nil {
		p.add("baseUrl", "%v: want https, or http on a loopback host, and a plain path", err)
	}
	p.check(!strings.HasSuffix(text, "/"), "baseUrl", "ends with a slash")
}

func (d *Descriptor) checkLifecycle(p *problems) {
	p.check(d.Lifecycle.Installed != "", "lifecycle.installed", "missing")
	paths := map[string]string{
		"installed": d.Lifecycle.Installed, "uninstalled": d.Lifecycle.Uninstalled,
		"enabled": d.Lifecycle.Enabled, "disabled": d.Lifecycle.Disabled,
	}
	for _, name := range []string{"installed", "uninstalled", "enabled", "disabled"} {
		p.optionalURL("lifecycle."+name, paths[name])
	}
}

// optionalURL checks a URL that may be left out.
func (p *problems) optionalURL(path, text string) {
	if text != "" {
		p.relativeURL(path, text)
	}
}

// relativeURL wants a path under the base URL, with plain parameter names:
// hosts disagree about the order in which others are hashed.
func (p *problems) relativeURL(path, text string) {
	if text == "" {
		p.add(path, "missing")
		return
	}
	plain := templateToken.ReplaceAllString(text, "x")
	u, err := url.Parse(plain)
	if err != nil || !strings.HasPrefix(plain, "/") || strings.HasPrefix(plain, "//") ||
		strings.ContainsAny(plain, "{}\\# ") || u.IsAbs() || u.Host != "" {
		p.add(path, "want a URL relative to the base URL, with a leading slash")
		return
	}
	for _, q := range qsh.Parse(u.RawQuery) {
		if !qsh.IsPlain(q.Name) {
			p.add(path, "parameter name %q needs encoding", q.Name)
		}
	}
}

// linkURL wants a relative URL or an https address.
func (p *problems) linkURL(path, text string) {
	if _, err := url.Parse(text); err != nil || !strings.HasPrefix(text, "https://") {
		p.relativeURL(path, text)
	}
}

// moduleURL wants a relative URL if any; modules of the type links may lead
// elsewhere.
func (p *problems) moduleURL(m module, links string) {
	switch {
	case m.URL == "":
	case m.Type == links:
		p.linkURL(m.Path+".url", m.URL)
	default:
		p.relativeURL(m.Path+".url", m.URL)
	}
}

func (p *problems) text(path string, t Text) {
	p.check(t.Value != "", path+".value", "missing")
	p.check(len(t.Value) <= 1500 && len(t.I18n) <= 1500, path, "longer than 1500")
}

func (p *problems) scopes(list []string) {
	for i, scope := range list {
		known := slices.Contains(scopeNames(), strings.ToUpper(scope))
		oneCase := scope == strings.ToUpper(scope) || scope == strings.ToLower(scope)
		p.check(known && oneCase, fmt.Sprintf("scopes[%d]", i), "not a scope, or of mixed case")
	}
}

// scopeNames are Jira's; each of the first five includes those before it.
func scopeNames() []string {
	return []string{"READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN", "NONE", "ACT_AS_USER", "ACCESS_EMAIL_ADDRESSES"}
}

// mayRead reports whether a scope includes READ.
func mayRead(scope string) bool { return slices.Contains(scopeNames()[:5], strings.ToUpper(scope)) }

// checkModules looks at what all modules share. Keys are unique over the app,
// as pages have the address /plugins/servlet/ac/{appKey}/{moduleKey}.
func (d *Descriptor) checkModules(p *problems) {
	seen := map[string]string{}
	for _, m := range d.modules {
		p.moduleURL(m, "webItems")
		var target struct{ URL string }
		if json.Unmarshal(m.Target, &target) == nil {
			p.optionalURL(m.Path+".target.url", target.URL)
		}
		if m.Key == "" && m.Type == "webhooks" {
			continue
		}
		p.check(moduleKey.MatchString(m.Key), m.Path+".key", "want 1 to 100 of a-z, A-Z, 0-9 and dash")
		if first := seen[m.Key]; first != "" {
			p.add(m.Path+".key", "%q is the key of %s too", m.Key, first)
			continue
		}
		seen[m.Key] = m.Path
	}
}

func (d *Descriptor) checkDashboardItems(p *problems) {
	for i, m := range d.Modules.DashboardItems {
		path := fmt.Sprintf("modules.jiraDashboardItems[%d]", i)
		p.text(path+".name", m.Name)
		p.text(path+".description", m.Description)
		p.check(m.URL != "", path+".url", "missing")
		p.linkURL(path+".thumbnailUrl", m.ThumbnailURL)
	}
}

func (d *Descriptor) checkWebhooks(p *problems) {
	for i, m := range d.Modules.Webhooks {
		path := fmt.Sprintf("modules.webhooks[%d]", i)
		p.check(isWebhookEvent(m.Event), path+".event", "not an event of Jira")
		p.check(m.URL != "", path+".url", "missing")
	}
	if len(d.Modules.Webhooks) > 0 {
		p.check(slices.ContainsFunc(d.Scopes, mayRead), "scopes", "webhooks need READ")
	}
}

func (d *Descriptor) checkPages(p *problems) {
	lists := map[string][]PageModule{
		"generalPages": d.Modules.GeneralPages, "adminPages": d.Modules.AdminPages, "jiraProjectPages": d.Modules.ProjectPages,
	}
	for _, name := range []string{"generalPages", "adminPages", "jiraProjectPages"} {
		for i, m := range lists[name] {
			p.page(fmt.Sprintf("modules.%s[%d]", name, i), m)
		}
	}
	if m := d.Modules.ConfigurePage; m != nil {
		p.page("modules.configurePage", *m)
	}
	if m := d.Modules.PostInstallPage; m != nil {
		p.page("modules.postInstallPage", *m)
	}
}

func (p *problems) page(path string, m PageModule) {
	p.text(path+".name", m.Name)
	p.check(m.URL != "", path+".url", "missing")
}

// isWebhookEvent knows the events of Jira's webhook module.
func isWebhookEvent(event string) bool {
	return slices.Contains(strings.Fields(webhookEvents), event)
}

const webhookEvents = `
	jira:issue_created jira:issue_updated jira:issue_deleted
	comment_created comment_updated comment_deleted
	issue_property_set issue_property_deleted
	worklog_created worklog_updated worklog_deleted
	attachment_created attachment_deleted issuelink_created issuelink_deleted
	project_created project_updated project_deleted project_soft_deleted
	project_restored_deleted project_archived project_restored_archived
	jira:version_created jira:version_updated jira:version_released
	jira:version_unreleased jira:version_moved jira:version_deleted
	user_created user_updated user_deleted
	filter_created filter_updated filter_deleted
	issuetype_created issuetype_updated issuetype_deleted
	sprint_created sprint_updated sprint_started sprint_closed sprint_deleted
	board_created board_updated board_deleted board_configuration_changed
	option_voting_changed option_watching_changed option_unassigned_issues_changed
	option_subtasks_changed option_attachments_changed option_issuelinks_changed
	option_timetracking_changed
	jira_expression_evaluation_failed connect_addon_enabled connect_addon_disabled`
