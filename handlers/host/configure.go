package host

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/web"
)

// configurePage tells an admin that the app works and what to do next. A site
// has no settings of its own: gadgets are set up on their dashboards and
// glances in their rooms.
func (h *Host) configurePage(r *edge.Request, caller *connect.Caller) error {
	l := r.Language()
	m := web.Message{
		Kind:  web.MessageInfo,
		Title: l.Product.Installed,
		Text:  l.Say(l.Product.InstalledText, l.Product.Workload),
	}
	if !edge.CanActAsPeople(caller) {
		m.Kind = web.MessageWarning
		m.Title = l.Product.NoImpersonation
		m.Text = l.Product.NoImpersonText
	}
	sections := []templ.Component{web.MessageView(m)}
	for _, section := range h.Sections {
		more, err := section(r, caller)
		if err != nil {
			return err
		}
		if more != nil {
			sections = append(sections, more)
		}
	}
	r.RenderPage(http.StatusOK, h.Edge.Shell(l, edge.Product, web.SectionsView(sections)))
	return nil
}
