package connecttest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Objects are the ids of the site's objects.
type Objects struct {
	CloudID       string         `json:"cloudId"`
	Dashboards    []Dashboard    `json:"dashboards"`
	Projects      []Project      `json:"projects"`
	Attachments   []string       `json:"attachments"`
	Conversations []Conversation `json:"conversations"`
	// Spaces are keys, Content ids of pages and blog posts, of Confluence.
	Spaces  []string `json:"spaces"`
	Content []string `json:"content"`
	Labels  []string `json:"labels"`
}

// Dashboard is a dashboard with its items. Owner is an account id.
type Dashboard struct {
	ID     string          `json:"id"`
	Name   string          `json:"name"`
	Owner  string          `json:"owner"`
	Shared bool            `json:"shared"`
	Items  []DashboardItem `json:"items"`
}

// DashboardItem is one placed gadget. Module is the module's own key.
type DashboardItem struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	App    string `json:"app"`
	Module string `json:"module"`
}

// Project is a Jira project.
type Project struct {
	ID   string `json:"id"`
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Conversation is a room of the chat. Members are account ids.
type Conversation struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// Objects lists the site's current objects.
func (s *Site) Objects() Objects {
	out := Objects{
		CloudID: s.cloudID, Dashboards: []Dashboard{}, Projects: []Project{}, Attachments: []string{},
		Conversations: []Conversation{}, Spaces: []string{}, Content: []string{}, Labels: []string{},
	}
	for _, d := range s.world.Dashboards() {
		one := Dashboard{ID: d.ID, Name: d.Name, Owner: d.OwnerID, Shared: d.Shared || d.System, Items: []DashboardItem{}}
		for _, item := range d.Items {
			one.Items = append(one.Items, DashboardItem{ID: item.ID, Title: item.Title, App: item.AppKey, Module: item.ModuleKey})
		}
		out.Dashboards = append(out.Dashboards, one)
	}
	for _, p := range s.world.Projects() {
		out.Projects = append(out.Projects, Project{ID: p.ID, Key: p.Key, Name: p.Name})
	}
	for _, a := range s.world.Attachments() {
		out.Attachments = append(out.Attachments, a.ID)
	}
	spaces, content, labels := s.confluence.Objects()
	out.Spaces, out.Content, out.Labels = append(out.Spaces, spaces...), append(out.Content, content...), append(out.Labels, labels...)
	s.chat.Each(func(id, name string, members []string) {
		out.Conversations = append(out.Conversations, Conversation{ID: id, Name: name, Members: append([]string{}, members...)})
	})
	return out
}

func (s *Site) serveObjects(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.Objects())
}
