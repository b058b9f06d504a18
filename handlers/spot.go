package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// gadget names one of the app's dashboard items: the key of its module, and
// the part of its addresses.
type gadget string

// The dashboard items of the app.
const (
	gadgetWorkload gadget = "workload"
	gadgetTimelog  gadget = "timelog"
)

// spot is where a person looks at a view: a dashboard item in Jira, or the
// sidebar of a room. What serves one serves the other.
type spot struct {
	viewer.Place
	gadget gadget
	// item is zero in a room.
	item connect.DashboardItem
	// vouched says that the host's signature or our session names the item;
	// else only Jira's own answer tells whether this person may see it.
	vouched bool
	// base and query make the addresses of the spot's later calls.
	base, query string
}

// call is the address of one of the spot's later calls.
func (p spot) call(name string) string { return p.base + "/" + name + p.query }

// callWith is the address of a later call about one thing.
func (p spot) callWith(call, name, value string) string {
	separator := "?"
	if p.query != "" {
		separator = "&"
	}
	return p.call(call) + separator + url.Values{name: {value}}.Encode()
}

// calls are the addresses that the page's script is told.
func (p spot) calls() web.Calls {
	calls := web.Calls{View: p.call("view")}
	if !p.item.IsZero() {
		calls.Form = p.call("form")
	}
	return calls
}

type spotFunc func(c *gin.Context, p spot) error

// atItem serves a later call of a dashboard item.
func (s *Server) atItem(g gadget, h spotFunc) endpoint {
	return s.api(func(c *gin.Context, caller *connect.Caller) error {
		item, vouched, err := apiItem(c, caller)
		if err != nil {
			return err
		}
		return h(c, s.itemSpot(g, caller, item, vouched))
	})
}

func (s *Server) itemSpot(g gadget, caller *connect.Caller, item connect.DashboardItem, vouched bool) spot {
	w := viewer.Person{Tenant: caller.Tenant(), Account: caller.Account()}
	place := viewer.Place{
		Person: w, Name: itemPlace(item, vouched),
		Config: s.itemConfig(w.Tenant.ID, item, vouched && s.views.People.Known(w)),
	}
	return spot{
		Place: place, gadget: g, item: item, vouched: vouched,
		base: s.path("/gadget/" + string(g)), query: query(item),
	}
}

// itemPlace names an item in the caches. What was read for an item that nobody
// vouched for is kept apart.
func itemPlace(item connect.DashboardItem, vouched bool) string {
	name := "item/" + item.Dashboard + "/" + item.Item
	if !vouched {
		name += "/unvouched"
	}
	return name
}

// inRoom serves a later call of a room's sidebar.
func (s *Server) inRoom(h spotFunc) endpoint {
	return s.chatAPI(func(c *gin.Context, caller *connect.ChatCaller) error {
		p, err := s.roomSpot(c, caller)
		if errors.Is(err, errNoTenant) && c.Request.Method == http.MethodGet {
			s.render(c, http.StatusOK, noTenant(s.language(c), caller.Cloud()))
			return nil
		}
		if errors.Is(err, errNoTenant) {
			return forbidden(saysNoTenant)
		}
		if err != nil {
			return err
		}
		return h(c, p)
	})
}

// roomSpot is a room's sidebar. The error is errNoTenant when the Jira of its
// site does not have the app.
func (s *Server) roomSpot(c *gin.Context, caller *connect.ChatCaller) (spot, error) {
	row, err := s.row(c, caller, s.glance)
	if err != nil {
		return spot{}, err
	}
	person, err := s.chatPerson(c, caller)
	if err != nil {
		return spot{}, err
	}
	place := viewer.Place{Person: person, Name: chatPlace(caller.Conversation()), Config: roomConfig(row.Config)}
	return spot{Place: place, gadget: gadgetWorkload, base: s.path("/chat/sidebar")}, nil
}
