package gadget

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// page is a gadget on a dashboard: a whole page with the numbers already in it.
func (s *Gadgets) page(g Gadget) edge.Endpoint {
	return s.Edge.Page(func(r *edge.Request, caller *connect.Caller) error {
		switch {
		case r.Query("view") == "directory":
			l := r.Language()
			r.RenderPage(http.StatusOK, s.Edge.Shell(l, g.Title(l), g.Sample(l)))
			return nil
		case caller.Account() == "":
			l := r.Language()
			r.RenderPage(http.StatusOK, s.shell(l, g, anonymous(l)))
			return nil
		}
		return s.itemPage(r, caller, g)
	})
}

func (s *Gadgets) itemPage(r *edge.Request, caller *connect.Caller, g Gadget) error {
	id, err := itemOf(r)
	if err != nil {
		return err
	}
	it := s.item(g, caller, id, true, false)
	body, err := FirstLook(r, s.Views.Patience.FirstLook, g.Title, func(ctx context.Context) (templ.Component, error) {
		return s.body(ctx, it, false)
	})
	l := r.Language()
	shell := s.shell(l, g, body)
	shell.Calls = web.Calls{View: it.Call("view"), Form: it.Call("form")}
	if err != nil {
		return r.FailIn(shell, err)
	}
	session, err := s.Sessions.Mint(caller, id)
	if err != nil {
		return err
	}
	shell.Session = session.Reveal()
	r.RenderPage(http.StatusOK, shell)
	return nil
}

// shell is a gadget's page, without later calls.
func (s *Gadgets) shell(l *lang.Language, g Gadget, body templ.Component) web.Shell {
	shell := s.Edge.Shell(l, g.Title(l), body)
	shell.Kind = web.KindGadget
	return shell
}

func anonymous(l *lang.Language) templ.Component {
	return web.MessageView(web.Message{Kind: web.MessageInfo, Title: l.State.Anonymous, Text: l.State.AnonymousText})
}

// view answers the view of a gadget as a fragment.
func (s *Gadgets) view(r *edge.Request, it item) error {
	body, err := s.body(r.Request.Context(), it, r.Query("fresh") == "1")
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, body)
	return nil
}

// body is the view of an item, or what replaces it.
func (s *Gadgets) body(ctx context.Context, it item, fresh bool) (templ.Component, error) {
	body, err := it.gadget.View(ctx, it.At, fresh)
	if unset := new(board.Unconfigured); errors.As(err, &unset) {
		return s.unconfigured(ctx, it, unset.Language)
	}
	return body, err
}

// unconfigured shows the form to people who may fill it in, or says where it is, and
// tells others who may.
func (s *Gadgets) unconfigured(ctx context.Context, it item, l *lang.Language) (templ.Component, error) {
	j, err := s.Views.Reader(it.Person)
	if err != nil {
		return nil, err
	}
	may, err := mayEdit(ctx, j, it.id)
	if err != nil {
		return nil, err
	}
	if !may {
		return notSetUp(l, l.State.UnconfiguredText), nil
	}
	if it.forge != nil { // Forge keeps a configuration in its own editor only
		return notSetUp(l, l.State.UnconfiguredOwn), nil
	}
	d, err := it.noted(ctx, form.DraftOf(workload.NewGadgetConfig()))
	if err != nil {
		return nil, err
	}
	filled, err := s.Forms.Filled(ctx, l, j, it.editor(), d)
	if err != nil {
		return nil, err
	}
	return web.ConfigView(filled), nil
}

func notSetUp(l *lang.Language, text string) templ.Component {
	return web.MessageView(web.Message{Kind: web.MessageEmpty, Title: l.State.Unconfigured, Text: text})
}

// preferences serves the buttons that change how a person sees things.
func (s *Gadgets) preferences(r *edge.Request, it item) error {
	return SavePreferences(s.Views.Preferences, func(r *edge.Request, _ board.At) error { return s.viewAfter(r, it) })(r, it.At)
}

// viewAfter answers the view after a change.
func (s *Gadgets) viewAfter(r *edge.Request, it item) error {
	if s.readsInPage(r, it) {
		return s.inPage(r, it, onPage{path: it.Call("view"), page: r.Query(readsParam)}, s.view)
	}
	return s.view(r, it)
}
