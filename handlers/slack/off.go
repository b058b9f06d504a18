package slack

import (
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/web"
)

// Off is what is left of Slack on a server without it: the page in Jira where
// Slack users connect their account. Jira's menu has the page anyway, because a
// manifest does not depend on a server's settings.
type Off struct {
	edge   *edge.Edge
	module string
}

// NewOff finds the page in the app's own descriptor.
func NewOff(e *edge.Edge, d *descriptor.Descriptor) (*Off, error) {
	module, err := connectModule(d)
	return &Off{edge: e, module: module}, err
}

// ConnectRoutes are the page's address.
func (o *Off) ConnectRoutes() []edge.Route {
	return []edge.Route{edge.Get(connectPath, o.edge.Page(o.page))}
}

// ForgeRoutes are the page's address on Forge.
func (o *Off) ForgeRoutes() []edge.Route {
	names := o.edge.Forge.Names
	module := connect.ForgeModule{Type: edge.ForgeGlobalPage, Key: names.Page(o.module)}
	return []edge.Route{edge.Get(names.Pages+module.Key, o.edge.ForgePage(o.page, module))}
}

// page says that Slack is not set up, and who can change that.
func (o *Off) page(r *edge.Request, _ *connect.Caller) error {
	l := r.Language()
	r.RenderPage(http.StatusOK, o.edge.Shell(l, edge.Product, web.MessageView(web.Message{
		Kind: web.MessageInfo, Title: l.Slack.Off, Text: l.Slack.OffText,
	})))
	return nil
}
