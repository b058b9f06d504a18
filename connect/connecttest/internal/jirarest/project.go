package jirarest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/avatar"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// projectBean is a project as Jira shows it.
type projectBean struct {
	Expand      string            `json:"expand,omitempty"`
	Self        string            `json:"self"`
	ID          string            `json:"id"`
	Key         string            `json:"key"`
	Name        string            `json:"name"`
	Description *string           `json:"description,omitempty"`
	Lead        any               `json:"lead,omitempty"`
	IssueTypes  []typeBean        `json:"issueTypes,omitempty"`
	Keys        []string          `json:"projectKeys,omitempty"`
	Insight     *insight          `json:"insight,omitempty"`
	Roles       map[string]string `json:"roles,omitempty"`
	AvatarURLs  avatarURLs        `json:"avatarUrls"`
	Category    *categoryBean     `json:"projectCategory,omitempty"`
	TypeKey     string            `json:"projectTypeKey"`
	Simplified  bool              `json:"simplified"`
	Style       string            `json:"style"`
	Private     bool              `json:"isPrivate"`
	AssigneeTo  string            `json:"assigneeType,omitempty"`
}

type insight struct {
	Total   int `json:"totalIssueCount"`
	Updated any `json:"lastIssueUpdateTime,omitempty"`
}

type categoryBean struct {
	Self string `json:"self"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type typeBean struct {
	Self    string `json:"self"`
	ID      string `json:"id"`
	Name    string `json:"name"`
	Subtask bool   `json:"subtask"`
	IconURL string `json:"iconUrl"`
	Level   int    `json:"hierarchyLevel"`
}

func (c projectCall) typeBean(t world.IssueType) typeBean {
	return typeBean{Self: c.link("issuetype/%s", t.ID), ID: t.ID, Name: t.Name, Subtask: t.Subtask, IconURL: c.icon(t.Name), Level: t.Level()}
}

// projectBean shows what every answer about a project has.
func (c projectCall) projectBean(p world.Project) *projectBean {
	b := &projectBean{
		Self: c.link("project/%s", p.ID), ID: p.ID, Key: p.Key, Name: p.Name,
		AvatarURLs: sameURL(c.icon(p.Key)), TypeKey: "software", Style: "classic", Private: false,
	}
	if p.TeamManaged {
		b.Style, b.Simplified = "next-gen", true
	}
	if p.Category != "" {
		id := itoa(10000 + int(avatar.Hue(p.Category)))
		b.Category = &categoryBean{Self: c.link("projectCategory/%s", id), ID: id, Name: p.Category}
	}
	return b
}

// project finds a project that the caller may view.
func (c projectCall) project(keyOrID string) (world.Project, error) {
	p, found := c.w.Project(keyOrID)
	if !found || !c.views(p) {
		return world.Project{}, refuse(http.StatusNotFound, "No project could be found with key '%s'.", keyOrID)
	}
	return p, nil
}

// views tells whether the caller sees the project: by browsing or by
// administering it.
func (c projectCall) views(p world.Project) bool {
	return c.can(world.BrowseProjects, p.Key) || c.administers(p)
}

func (c projectCall) administers(p world.Project) bool {
	return c.can(world.AdministerProject, p.Key) || c.can(world.Administer, "")
}

// can tells whether the caller holds a permission.
func (c *call) can(permission, project string) bool {
	return c.w.Can(c.me.AccountID, permission, project)
}

func (c projectCall) getProject() (answer, error) {
	p, err := c.project(c.params["project"])
	if err != nil {
		return answer{}, err
	}
	b := c.projectBean(p)
	c.expandProject(b, p, "description,lead,issueTypes,"+c.query.Get("expand"))
	b.Expand = "description,lead,issueTypes,url,projectKeys,permissions,insight"
	b.Roles = c.roles().roleLinks(p)
	b.AssigneeTo = "UNASSIGNED"
	return ok(b)
}

func (c projectCall) expandProject(b *projectBean, p world.Project, expand string) {
	for _, name := range splitLists([]string{expand}) {
		switch name {
		case "description":
			b.Description = &p.Description
		case "lead":
			b.Lead = c.users().user(p.LeadID)
		case "issueTypes":
			for _, t := range c.w.IssueTypes() {
				b.IssueTypes = append(b.IssueTypes, c.typeBean(t))
			}
		case "projectKeys":
			b.Keys = []string{p.Key}
		case "insight":
			b.Insight = &insight{Total: len(c.w.ProjectIssues(p.Key)), Updated: c.time(c.lastUpdate(p))}
		}
	}
}

func (c projectCall) lastUpdate(p world.Project) (last time.Time) {
	for _, i := range c.w.ProjectIssues(p.Key) {
		if i.Updated.After(last) {
			last = i.Updated
		}
	}
	return last
}

// pageBean is a page of a list with a total.
type pageBean[T any] struct {
	Self       string `json:"self"`
	NextPage   string `json:"nextPage,omitempty"`
	MaxResults int    `json:"maxResults"`
	StartAt    int    `json:"startAt"`
	Total      int    `json:"total"`
	IsLast     bool   `json:"isLast"`
	Values     []T    `json:"values"`
}

// pageOf cuts a page out of the list and links to the next.
func pageOf[T any](c *call, all []T, startAt, maxResults int) pageBean[T] {
	return pageAs(c, "maxResults", all, startAt, maxResults)
}

// pageAs is pageOf where the size of a page has another name.
func pageAs[T any](c *call, sizeName string, all []T, startAt, maxResults int) pageBean[T] {
	address := func(start int) string {
		q := c.r.URL.Query()
		q.Del(tokenParameter) // it is good for one call
		q.Set("startAt", itoa(start))
		q.Set(sizeName, itoa(maxResults))
		return c.api.o.BaseURL() + c.r.URL.EscapedPath() + "?" + q.Encode()
	}
	p := pageBean[T]{Self: address(startAt), MaxResults: maxResults, StartAt: startAt, Total: len(all), Values: append([]T{}, slice(all, startAt, maxResults)...)}
	p.IsLast = startAt+len(p.Values) >= len(all)
	if !p.IsLast {
		p.NextPage = address(startAt + maxResults)
	}
	return p
}

func (c projectCall) searchProjects() (answer, error) {
	startAt, maxResults, err := c.page(50, 100)
	if err != nil {
		return answer{}, err
	}
	may, err := c.projectAction()
	if err != nil {
		return answer{}, err
	}
	keys, ids := c.query["keys"], c.query["id"]
	if len(keys) > 50 || len(ids) > 50 {
		return answer{}, badRequest("At most 50 keys or ids can be given.")
	}
	found := slices.DeleteFunc(c.w.Projects(), func(p world.Project) bool {
		query := strings.ToLower(c.query.Get("query"))
		return !may(p) || len(keys) > 0 && !slices.Contains(keys, p.Key) || len(ids) > 0 && !slices.Contains(ids, p.ID) ||
			!strings.Contains(strings.ToLower(p.Key), query) && !strings.Contains(strings.ToLower(p.Name), query) || !c.ofKind(p)
	})
	if err := c.sortProjects(found); err != nil {
		return answer{}, err
	}
	beans := make([]*projectBean, 0, len(found))
	for _, p := range found {
		b := c.projectBean(p)
		c.expandProject(b, p, c.query.Get("expand"))
		beans = append(beans, b)
	}
	return ok(pageOf(c.call, beans, startAt, maxResults))
}

// listProjects lists the projects that the caller sees; Jira asks to search for them
// instead.
func (c projectCall) listProjects() (answer, error) {
	out := []*projectBean{}
	for _, p := range c.w.Projects() {
		if c.views(p) {
			b := c.projectBean(p)
			c.expandProject(b, p, c.query.Get("expand"))
			out = append(out, b)
		}
	}
	return ok(out)
}

// issueTypes lists the issue types of the site.
func (c projectCall) issueTypes() (answer, error) {
	out := []typeBean{}
	for _, t := range c.w.IssueTypes() {
		out = append(out, c.typeBean(t))
	}
	return ok(out)
}

// issueTypesOf lists the issue types of a project: here, those of the site.
func (c projectCall) issueTypesOf() (answer, error) {
	id := c.query.Get("projectId")
	if !isNumber(id) {
		return answer{}, badRequest("The query parameter 'projectId' must be the id of a project.")
	}
	if _, err := c.project(id); err != nil {
		return answer{}, err
	}
	level, err := c.number("level", 0)
	if err != nil {
		return answer{}, err
	}
	out := []typeBean{}
	for _, t := range c.w.IssueTypes() {
		if !c.query.Has("level") || int64(t.Level()) == level {
			out = append(out, c.typeBean(t))
		}
	}
	return ok(out)
}

// ofKind filters by kind and state: all projects here are live software
// projects.
func (c projectCall) ofKind(world.Project) bool {
	kinds, states := c.list("typeKey"), c.list("status")
	return (len(kinds) == 0 || slices.Contains(kinds, "software")) && (len(states) == 0 || slices.Contains(states, "live"))
}

// projectAction is what the caller must be able to do with a project.
func (c projectCall) projectAction() (func(world.Project) bool, error) {
	switch action := c.query.Get("action"); action {
	case "", "view":
		return c.views, nil
	case "browse":
		return func(p world.Project) bool { return c.can(world.BrowseProjects, p.Key) }, nil
	case "edit":
		return c.administers, nil
	case "create":
		return func(p world.Project) bool { return c.can(world.CreateIssues, p.Key) }, nil
	default:
		return nil, badRequest("The action '%s' is not valid.", action)
	}
}

func (c projectCall) sortProjects(list []world.Project) error {
	by := cmp.Or(c.query.Get("orderBy"), "key")
	by, down := strings.CutPrefix(by, "-")
	var text func(world.Project) string
	switch strings.TrimLeft(by, "+ ") {
	case "key":
		text = func(p world.Project) string { return p.Key }
	case "name":
		text = func(p world.Project) string { return strings.ToLower(p.Name) }
	case "category":
		text = func(p world.Project) string { return p.Category }
	case "owner":
		text = func(p world.Project) string { lead, _ := c.w.Person(p.LeadID); return lead.DisplayName }
	case "issueCount":
		text = func(p world.Project) string { return padded(len(c.w.ProjectIssues(p.Key))) }
	case "lastIssueUpdatedDate", "lastIssueUpdatedTime":
		text = func(p world.Project) string { return c.lastUpdate(p).UTC().Format(timeFormat) }
	case "archivedDate", "deletedDate":
		text = func(world.Project) string { return "" }
	default:
		return badRequest("The orderBy value '%s' is not valid.", by)
	}
	slices.SortStableFunc(list, func(a, b world.Project) int {
		if down {
			a, b = b, a
		}
		return strings.Compare(text(a), text(b))
	})
	return nil
}
