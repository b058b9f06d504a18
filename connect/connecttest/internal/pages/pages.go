// Package pages holds the local site's own pages: dashboards, issues and the
// chat, with their scripts and styles, and the script that apps load into
// their iframes. The pages are static shells; their scripts call the site's
// JSON endpoints under /-/.
package pages

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"path"
	"time"
)

//go:embed assets page.html
var files embed.FS

// csp allows frames, images and services of apps on this machine and nothing
// from elsewhere. Content-Security-Policy has no form for an IPv6 address.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' " + loopback + "; " +
	"img-src 'self' data: " + loopback + "; frame-src " + loopback + "; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

const loopback = "http://127.0.0.1:* http://localhost:* http://*.localhost:* " +
	"https://127.0.0.1:* https://localhost:* https://*.localhost:*"

// page is one shell: what page.html needs to become it.
type page struct {
	Title, Section string
	Script         string   // module in assets that draws the page
	Styles         []string // besides those of every page
}

// Handler serves the pages, their assets under /-/assets/ and the iframe
// script at /atlassian-connect/all.js. It sets no cookies, redirects / to the
// dashboards and answers 404 to every other path.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", http.RedirectHandler("/jira/dashboards", http.StatusFound))
	for pattern, p := range pages() {
		mux.Handle("GET "+pattern, shell(p))
	}
	mux.HandleFunc("GET /atlassian-connect/all.js", func(w http.ResponseWriter, r *http.Request) {
		asset(w, r, "all.js")
	})
	mux.HandleFunc("GET /-/assets/{name}", func(w http.ResponseWriter, r *http.Request) {
		asset(w, r, r.PathValue("name"))
	})
	return mux
}

func pages() map[string]page {
	gadgets := []string{"gadget.css"}
	room := []string{"chat.css"}
	issues := []string{"issues.css"}
	slack := []string{"chat.css", "slack.css"}
	app := page{"App", "app", "app-page.js", []string{"app-page.css"}}
	forge := page{"App", "app", "forge-page.js", []string{"app-page.css"}}
	return map[string]page{
		"/jira/dashboards":                   {"Dashboards", "dashboards", "dashboards.js", gadgets},
		"/jira/dashboards/{id}":              {"Dashboard", "dashboards", "dashboard.js", gadgets},
		"/issues/{$}":                        {"Issues", "issues", "issues.js", issues},
		"/browse/{key}":                      {"Issue", "issues", "issue.js", issues},
		"/chat":                              {"Chat", "chat", "chat.js", room},
		"/chat/{id}":                         {"Chat", "chat", "chat.js", room},
		"/slack":                             {"Slack", "slack", "slack.js", slack},
		"/slack/{id}":                        {"Slack", "slack", "slack.js", slack},
		"/plugins/servlet/upm":               {"Manage apps", "apps", "apps.js", []string{"apps.css"}},
		"/plugins/servlet/ac/{app}/{module}": app,

		"/jira/apps/{app}/{environment}":                   forge,
		"/jira/apps/{app}/{environment}/{module}":          forge,
		"/jira/settings/apps/{app}/{environment}":          forge,
		"/jira/settings/apps/{app}/{environment}/{module}": forge,
	}
}

// shell renders p once and serves it from memory.
func shell(p page) http.Handler {
	var body bytes.Buffer
	tmpl := template.Must(template.ParseFS(files, "page.html"))
	template.Must(tmpl, tmpl.Execute(&body, p)) // the page is ours: it renders or the tests fail
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", csp)
		w.Header().Set("Referrer-Policy", "same-origin")
		serve(w, r, "text/html; charset=utf-8", body.Bytes())
	})
}

// asset serves one file of the assets folder.
func asset(w http.ResponseWriter, r *http.Request, name string) {
	types := map[string]string{
		".js":  "text/javascript; charset=utf-8",
		".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml",
	}
	content, err := files.ReadFile(path.Join("assets", path.Base(name)))
	kind := types[path.Ext(name)]
	if err != nil || kind == "" || name != path.Base(name) {
		http.NotFound(w, r)
		return
	}
	serve(w, r, kind, content)
}

func serve(w http.ResponseWriter, r *http.Request, contentType string, content []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
