package handlers

import (
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
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
	// Address is where the later calls go; a sample has none.
	edge.Address
}

// calls are the addresses that the page's script is told.
func (p spot) calls() web.Calls {
	calls := web.Calls{View: p.Call("view")}
	if !p.item.IsZero() {
		calls.Form = p.Call("form")
	}
	return calls
}

type spotFunc func(r *edge.Request, p spot) error

// atItem serves a later call of a dashboard item.
func (s *Server) atItem(g gadget, h spotFunc) edge.Endpoint {
	return s.edge.API(func(r *edge.Request, caller *connect.Caller) error {
		item, vouched, err := apiItem(r, caller)
		if err != nil {
			return err
		}
		return h(r, s.itemSpot(g, caller, item, vouched))
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
		Address: edge.Address{Base: s.edge.Path("/gadget/" + string(g)), Query: query(item)},
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
func (s *Server) inRoom(h spotFunc) edge.Endpoint {
	return s.chatAPI(func(r *edge.Request, caller *connect.ChatCaller) error {
		p, err := s.roomSpot(r, caller)
		if errors.Is(err, errNoTenant) && r.Request.Method == http.MethodGet {
			r.Render(http.StatusOK, noTenant(r.Language(), caller.Cloud()))
			return nil
		}
		if errors.Is(err, errNoTenant) {
			return edge.Refuse(lang.ProblemNoTenant)
		}
		if err != nil {
			return err
		}
		return h(r, p)
	})
}

// roomSpot is a room's sidebar. The error is errNoTenant when the Jira of its
// site does not have the app.
func (s *Server) roomSpot(r *edge.Request, caller *connect.ChatCaller) (spot, error) {
	row, err := s.row(r, caller, s.glance)
	if err != nil {
		return spot{}, err
	}
	person, err := s.chatPerson(r, caller)
	if err != nil {
		return spot{}, err
	}
	place := viewer.Place{Person: person, Name: chatPlace(caller.Conversation()), Config: roomConfig(row.Config)}
	return spot{Place: place, gadget: gadgetWorkload, Address: edge.Address{Base: s.edge.Path("/chat/sidebar")}}, nil
}
