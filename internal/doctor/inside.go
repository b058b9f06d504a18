package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/store"
)

// eachSetting is a line for each setting, and for each variable of OpenTelemetry's that
// is set.
func (v *visit) eachSetting(context.Context) (lines []Line) {
	for _, s := range v.settings {
		line := Line{Check: app.Variable(s.Flag), State: OK, Says: s.Value}
		if s.Err != nil {
			line.State, line.Says = Fault, s.Err.Error()
		}
		lines = append(lines, line)
	}
	for _, s := range v.Flags.TraceVariables() {
		line := Line{Check: s.Name, State: OK, Says: s.Value}
		if s.Err != nil {
			line.State, line.Says, line.Do = Fault, s.Err.Error(), "Correct it, or unset it: without it no traces are sent."
		}
		lines = append(lines, line)
	}
	return lines
}

// connected, onForge, chats and slacks say which doors are open.
func (v *visit) connected() bool { return v.Flags.Connect != "off" }
func (v *visit) onForge() bool   { return v.Flags.AppID != "" }
func (v *visit) chats() bool     { return v.Flags.ChatClientID != "" }
func (v *visit) slacks() bool    { return v.Flags.ClientID != "" }

// names looks for settings that stand against each other.
func (v *visit) names(context.Context) []Line {
	var odd []string
	base, err := url.Parse(v.Flags.BaseURL)
	if err == nil && v.URL != "" && strings.TrimSuffix(v.URL, "/") != strings.TrimSuffix(v.Flags.BaseURL, "/") {
		odd = append(odd, fmt.Sprintf("the app is asked at %s, but its own settings say %s", v.at, base.Redacted()))
	}
	if v.Flags.MetricsAddr != "" && v.Flags.MetricsAddr == v.Flags.Addr {
		odd = append(odd, "SIGHTLINE_METRICS_ADDR is SIGHTLINE_ADDR")
	}
	if !v.connected() && !v.onForge() {
		odd = append(odd, "neither Connect nor Forge is on")
	}
	if len(odd) > 0 {
		return warning("%s", strings.Join(odd, "; "))
	}
	return ok("nothing stands against anything else")
}

func (v *visit) database(ctx context.Context) []Line {
	if v.opened != nil && !errors.Is(v.opened, store.ErrSealed) {
		return fault("%v", v.opened)
	}
	if v.store == nil { // it opens, but the keys do not open what is in it
		return ok("it answers")
	}
	if err := v.store.Ready(ctx); err != nil {
		return fault("%v", err)
	}
	tenants, err := v.store.Tenants.List(ctx)
	if err != nil {
		return fault("%v", err)
	}
	return ok("it answers, takes writes and holds %d tenants", len(tenants))
}

func (v *visit) secrets(ctx context.Context) []Line {
	if v.store == nil {
		if errors.Is(v.opened, store.ErrSealed) {
			return fault("%v", v.opened)
		}
		return off("the database cannot be opened")
	}
	count, closed, err := v.store.TryAll(ctx)
	switch {
	case err != nil:
		return fault("%v", err)
	case len(closed) > 0:
		return fault("%d of %d secrets do not open, the first is of %s %q", len(closed), count, closed[0].Kind, closed[0].ID)
	}
	return ok("all %d open", count)
}

func (v *visit) programs(ctx context.Context) []Line {
	if v.store == nil {
		return off("the database cannot be opened")
	}
	list, err := v.store.Programs(ctx)
	if err != nil {
		return fault("%v", err)
	}
	if len(list) == 0 {
		return warning("no program has said within a minute that it works on this database")
	}
	var names []string
	state := OK
	for _, p := range list {
		names = append(names, p.Name+" ("+p.Version+")")
		if p.Version != sightline.Version {
			state = Warning
		}
	}
	return one(state, "at work: %s; this is %s", strings.Join(names, ", "), sightline.Version)
}
