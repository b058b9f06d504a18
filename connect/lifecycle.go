package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Lifecycle does what the four lifecycle calls ask for: it verifies them, then
// stores what they say. body is always the whole body of r, read within a limit.
// A refusal is an [*AuthError] or, for a body that cannot be read, a [*BodyError];
// a call from before what it would end is an [*IgnoredError]; any other error is a
// failure of storage or of the key host.
//
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/#lifecycle
type Lifecycle struct {
	// Verifier checks the calls.
	Verifier *Verifier
	// Store keeps what they say.
	Store Installations
	// Changed is called after every change that was stored, to drop caches. It
	// must be quick: the host waits. It may be nil.
	Changed func(t *Tenant)
	// Dropped is called after an install of which a part was not taken, with what
	// and why, in words for a log. It may be nil.
	Dropped func(ctx context.Context, t *Tenant, what string)
}

// Installed stores an install and returns the tenant. First installs, upgrades,
// renamed sites and new secrets all look alike.
func (l *Lifecycle) Installed(r *http.Request, body []byte) (*Tenant, error) {
	in, err := l.Verifier.Install(r, body)
	if err != nil {
		return nil, err
	}
	if err := checkEvent(in, "installed"); err != nil {
		return nil, err
	}
	if in.SharedSecret.IsZero() {
		return nil, &BodyError{Field: "sharedSecret", Detail: "missing"}
	}
	t, err := l.Store.SaveInstall(r.Context(), in)
	if err != nil {
		return nil, fmt.Errorf("save install of %s: %w", in.ClientKey, err)
	}
	if in.Dropped != "" && l.Dropped != nil {
		l.Dropped(r.Context(), t, in.Dropped)
	}
	l.changed(t)
	return t, nil
}

// Uninstalled marks a tenant as gone and returns it. One that is not known is
// gone already: the result is nil then, as it is from Enabled and Disabled.
func (l *Lifecycle) Uninstalled(r *http.Request, body []byte) (*Tenant, error) {
	in, err := l.Verifier.Install(r, body)
	return l.move(r.Context(), in, err, "uninstalled", StateUninstalled)
}

// Enabled marks a disabled tenant as active and returns it.
func (l *Lifecycle) Enabled(r *http.Request, body []byte) (*Tenant, error) {
	in, err := l.Verifier.Lifecycle(r, body)
	return l.move(r.Context(), in, err, "enabled", StateActive)
}

// Disabled marks a tenant as disabled and returns it: its requests are refused
// until it is enabled again.
func (l *Lifecycle) Disabled(r *http.Request, body []byte) (*Tenant, error) {
	in, err := l.Verifier.Lifecycle(r, body)
	return l.move(r.Context(), in, err, "disabled", StateDisabled)
}

func (l *Lifecycle) move(ctx context.Context, in Install, err error, event string, to State) (*Tenant, error) {
	if err != nil {
		return nil, err
	}
	if err := checkEvent(in, event); err != nil {
		return nil, err
	}
	t, err := l.Store.SetState(ctx, in.ClientKey, to, in.IssuedAt)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("set %s %s: %w", in.ClientKey, to, err)
	}
	l.changed(t)
	return t, nil
}

func (l *Lifecycle) changed(t *Tenant) {
	if l.Changed != nil {
		l.Changed(t)
	}
}

// checkEvent compares what the body says of itself, if it does, with where it
// was sent.
func checkEvent(in Install, want string) error {
	if in.EventType != "" && in.EventType != want {
		return &BodyError{Field: "eventType", Detail: "want " + want}
	}
	return nil
}
