package chat

import (
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
)

// The chat's handlers, by what their adapter has verified.
type (
	callerFunc    func(r *edge.Request, caller *connect.ChatCaller) error
	lifecycleFunc func(r *edge.Request, in connect.ChatInstall) error
	eventFunc     func(r *edge.Request, e connect.ChatEvent) error
)

// page serves a page of the chat platform.
func (c *Chat) page(h callerFunc) edge.Endpoint {
	return c.Edge.Endpoint(edge.AsPage, edge.SchemeBearer, func(r *edge.Request) error {
		r.FramedBy(c.Origins...)
		return c.call(r, c.limited(h))
	})
}

// api serves the later calls of a chat page.
func (c *Chat) api(h callerFunc) edge.Endpoint {
	return c.Edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		r.LimitForm()
		return c.call(r, c.limited(h))
	})
}

// limited serves a call of a page, if it is not one too many.
func (c *Chat) limited(h callerFunc) callerFunc {
	return func(r *edge.Request, caller *connect.ChatCaller) error {
		site := string(caller.Cloud())
		if err := c.Edge.Enter(site); err != nil {
			return err
		}
		defer c.Edge.Leave(site)
		return h(r, caller)
	}
}

// state serves the state addresses, which browsers call from another origin.
func (c *Chat) state(h callerFunc) edge.Endpoint {
	return c.Edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		if err := c.crossOrigin(r); err != nil {
			return err
		}
		return c.call(r, h)
	})
}

func (c *Chat) call(r *edge.Request, h callerFunc) error {
	caller, err := c.Verifier.Verify(r.Request)
	if err != nil {
		return err
	}
	return h(r, caller)
}

// lifecycle serves installed and uninstalled of one conversation.
func (c *Chat) lifecycle(h lifecycleFunc) edge.Endpoint {
	return c.Edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		body, err := r.JSONBody(edge.MaxLifecycleBody)
		if err != nil {
			return err
		}
		in, err := c.Verifier.Lifecycle(r.Request, body)
		if err != nil {
			return err
		}
		if err := h(r, in); err != nil {
			return err
		}
		r.Status(http.StatusNoContent)
		return nil
	})
}

// webhook serves the chat platform's events.
func (c *Chat) webhook(h eventFunc) edge.Endpoint {
	return c.Edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		body, err := r.ReadBody(edge.MaxLifecycleBody)
		if err != nil {
			return err
		}
		event, err := c.Verifier.Webhook(r.Request, body)
		if err != nil {
			return err
		}
		if err := h(r, event); err != nil {
			return err
		}
		r.Status(http.StatusOK)
		return nil
	})
}
