package chatrest

import (
	"encoding/json"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// appView is an app in a conversation as the pages show it.
type appView struct {
	Key            string              `json:"key"`
	Name           string              `json:"name"`
	Origin         string              `json:"origin"`
	Glances        []glanceView        `json:"glances"`
	Configurations []configurationView `json:"configurations"`
	Dialogs        []dialogView        `json:"dialogs,omitempty"`
	Sidebars       []sidebarView       `json:"sidebars,omitempty"`
	Targets        []targetView        `json:"targets,omitempty"`
}

type glanceView struct {
	Key      string          `json:"key"`
	Name     string          `json:"name"`
	Icon     string          `json:"icon"`
	Label    string          `json:"label"`
	Metadata json.RawMessage `json:"metadata"`
	// Target is as in the descriptor; Targets of the app says where it leads.
	Target string `json:"target"`
}

type configurationView struct {
	Key        string `json:"key"`
	Configured bool   `json:"configured"`
	// Known says whether the app has pushed or answered a state.
	Known bool `json:"known"`
	// Dialog is the key of the page to configure in.
	Dialog string `json:"dialog"`
}

type actionView struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

type dialogView struct {
	Key              string       `json:"key"`
	Title            string       `json:"title"`
	Width            string       `json:"width"`
	Height           string       `json:"height"`
	PrimaryAction    *actionView  `json:"primaryAction"`
	SecondaryActions []actionView `json:"secondaryActions"`
}

type sidebarView struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

type targetView struct {
	Key         string      `json:"key"`
	Destination destination `json:"destination"`
}

type conversationView struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Topic    string           `json:"topic"`
	Archived bool             `json:"archived"`
	Apps     []appView        `json:"apps"`
	Members  []control.Viewer `json:"members,omitempty"`
}

func (s page) conversationView(id string) (conversationView, bool) {
	s.chat.mu.Lock()
	r := s.chat.find(id)
	if r == nil {
		s.chat.mu.Unlock()
		return conversationView{}, false
	}
	view := conversationView{ID: r.id, Name: r.name, Topic: r.topic, Archived: r.archived, Apps: []appView{}}
	members := slices.Clone(r.members)
	s.chat.mu.Unlock()
	for _, key := range s.chat.appsIn(id) {
		if a, err := s.chat.installedIn(id, key); err == nil {
			view.Apps = append(view.Apps, s.appView(a, id))
		}
	}
	for _, account := range members {
		if v := control.Show(s.World, account, ""); v != nil {
			view.Members = append(view.Members, *v)
		}
	}
	return view, true
}

func (s page) appView(a *app, conversation string) appView {
	d := a.descriptor
	view := appView{
		Key: d.Key, Name: a.name(), Origin: uri.Origin(d.BaseURL),
		Glances: []glanceView{}, Configurations: []configurationView{},
	}
	for _, g := range d.glances {
		state, _ := s.chat.state(conversation, d.Key, kindGlance, g.Key)
		view.Glances = append(view.Glances, glanceView{
			Key: g.Key, Name: g.Name.Value, Icon: absolute(d.BaseURL, g.Icon.URL), Label: state.Label,
			Metadata: state.Metadata, Target: g.Target,
		})
	}
	for _, m := range d.configurations {
		state, known := s.chat.state(conversation, d.Key, kindConfiguration, m.Key)
		view.Configurations = append(view.Configurations, configurationView{
			Key: m.Key, Known: known, Configured: state.Configured != nil && *state.Configured, Dialog: d.configurationPage(m),
		})
	}
	return view
}

// configurationPage is the key under which the page to configure in is opened.
func (d *appDescriptor) configurationPage(m configurationModule) string {
	if m.Page.Target != "" {
		return d.resolve(m.Page.Target).Key
	}
	return m.Key
}

// withPages adds what can be opened.
func (v appView) withPages(d *appDescriptor) appView {
	v.Dialogs, v.Sidebars = []dialogView{}, []sidebarView{}
	for _, m := range d.dialogs {
		v.Dialogs = append(v.Dialogs, m.view())
	}
	for _, m := range d.configurations {
		if m.Page.URL != "" {
			v.Dialogs = append(v.Dialogs, dialogView{Key: m.Key, Title: "Configure", SecondaryActions: []actionView{}})
		}
	}
	for _, m := range d.sidebars {
		v.Sidebars = append(v.Sidebars, sidebarView{Key: m.Key, Name: m.Name.Value})
	}
	for _, m := range d.targets {
		v.Targets = append(v.Targets, targetView{Key: m.Key, Destination: d.resolve(m.Key)})
	}
	return v
}

func (m dialogModule) view() dialogView {
	v := dialogView{
		Key: m.Key, Title: m.Title.Value, Width: m.Options.Size.Width, Height: m.Options.Size.Height,
		SecondaryActions: []actionView{},
	}
	if m.Options.PrimaryAction != nil {
		v.PrimaryAction = &actionView{m.Options.PrimaryAction.Key, m.Options.PrimaryAction.Name.Value}
	}
	for _, action := range m.Options.SecondaryActions {
		v.SecondaryActions = append(v.SecondaryActions, actionView{action.Key, action.Name.Value})
	}
	return v
}

// absolute resolves an address of a descriptor that may also be absolute.
func absolute(base, path string) string {
	if uri.Relative(path) {
		return uri.Join(base, path)
	}
	return path
}
