package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
)

const (
	appKey   = "app.sightline"
	module   = "workload"
	property = "sightline.config" // of a dashboard item: what its gadget shows
	// secretKeys seal only data that ends with the run.
	secretKeys = "bench:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
)

// site is a running local site.
type site struct {
	process *process
	url     string
	client  *http.Client
}

// startSite starts the local site of a binary.
func startSite(ctx context.Context, app string, flags ...string) (*site, error) {
	out, in := io.Pipe()
	p, err := start(ctx, in, nil, app, append([]string{"site", "--addr", "127.0.0.1:0", "--open"}, flags...)...)
	if err != nil {
		return nil, err
	}
	go func() { <-p.ended; _ = in.Close() }()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	go func() { _, _ = io.Copy(io.Discard, out) }()
	var said struct{ URL string }
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("start the local site: %w\n%s", err, p.said.String())
	}
	return &site{process: p, url: said.URL, client: &http.Client{}}, nil
}

// settings are the environment variables of the program on the site.
func (s *site) settings(addr, metrics, database string) []string {
	return []string{
		"SIGHTLINE_ADDR=" + addr, "SIGHTLINE_METRICS_ADDR=" + metrics, "SIGHTLINE_BASE_URL=http://" + addr,
		"SIGHTLINE_DATABASE_URL=" + database, "SIGHTLINE_SECRET_KEYS=" + secretKeys, "SIGHTLINE_LOG_LEVEL=warn", "SIGHTLINE_DRAIN=0s",
		"SIGHTLINE_ALLOWED_HOSTS=" + s.host(),
		"SIGHTLINE_INSTALL_KEYS_URL=" + s.url + "/install-keys",
		"SIGHTLINE_ACJS_URL=" + s.url + "/atlassian-connect/all.js",
		"SIGHTLINE_OAUTH_TOKEN_URL=" + s.url + "/oauth2/token",
	}
}

// host is the site's host and port.
func (s *site) host() string { return strings.TrimPrefix(s.url, "http://") }

// gadget is a gadget on a dashboard of the site.
type gadget struct {
	owner, dashboard, item string
	// viewer looks at it; "" for the owner.
	viewer string
	// project is one that it shows.
	project string
}

// install installs the program and sets up one gadget of two projects, if it has two.
func (s *site) install(ctx context.Context, base string) (gadget, error) {
	var none json.RawMessage
	if err := s.call(ctx, http.MethodPost, "/-/apps", nil, map[string]string{"descriptor": base + "/atlassian-connect.json"}, &none); err != nil {
		return gadget{}, err
	}
	var objects struct {
		Dashboards []struct {
			ID, Owner string
			Items     []struct{ ID, Module string }
		}
		Projects []struct{ Key string }
	}
	if err := s.call(ctx, http.MethodGet, "/-/objects", nil, nil, &objects); err != nil {
		return gadget{}, err
	}
	if len(objects.Dashboards) == 0 || len(objects.Dashboards[0].Items) == 0 || len(objects.Projects) == 0 {
		return gadget{}, errors.New("the local site has no gadget or no projects")
	}
	d := objects.Dashboards[0]
	g := gadget{owner: d.Owner, dashboard: d.ID, item: d.Items[0].ID, project: objects.Projects[0].Key}
	var projects []string
	for _, p := range objects.Projects[:min(2, len(objects.Projects))] {
		projects = append(projects, p.Key)
	}
	config := map[string]any{
		"projects": projects, "window": 14, "unit": "hours", "refresh": 15,
	}
	return g, s.as(ctx, g.owner, http.MethodPut, "/rest/api/3/dashboard/"+g.dashboard+"/items/"+g.item+"/properties/"+property, config, nil)
}

// page is the gadget's address as a dashboard asks for it, signed for three
// minutes.
func (s *site) page(ctx context.Context, g gadget) (string, error) {
	query := url.Values{"as": {cmp.Or(g.viewer, g.owner)}, "dashboard": {g.dashboard}, "item": {g.item}}
	var answer struct{ URL string }
	err := s.call(ctx, http.MethodGet, "/-/apps/"+appKey+"/modules/"+module+"?"+query.Encode(), nil, nil, &answer)
	return answer.URL, err
}

// person is one of the site's people.
type person struct{ AccountID, Email, Token string }

func (s *site) people(ctx context.Context) (list []person, err error) {
	err = s.call(ctx, http.MethodGet, "/-/people", nil, nil, &list)
	return list, err
}

// as makes a call as one of the site's people; into may be nil.
func (s *site) as(ctx context.Context, account, method, path string, body, into any) error {
	people, err := s.people(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.AccountID == account {
			return s.call(ctx, method, path, url.UserPassword(p.Email, p.Token), body, into)
		}
	}
	return fmt.Errorf("the local site does not know %s", account)
}

// call makes one call to the site; into may be nil.
func (s *site) call(ctx context.Context, method, path string, user *url.Userinfo, body, into any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		data = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("local site: %s %s: status %d\n%.300s", method, req.URL.Path, resp.StatusCode, answer)
	}
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

func sqliteIn(dir string) string { return "sqlite://" + filepath.Join(dir, "sightline.db") }
