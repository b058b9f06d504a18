package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Resize gives the tab another size, in CSS pixels.
func (t *Tab) Resize(width, height int64) {
	t.tb.Helper()
	t.run(chromedp.EmulateViewport(width, height))
}

// Zoom shows a window of the given size, in CSS pixels before zooming, as a
// browser does that is zoomed in by the factor: at 2, that is 200 %, the page has
// half the width and half the height, in pixels twice as large.
func (t *Tab) Zoom(width, height, factor int64) {
	t.tb.Helper()
	t.run(chromedp.EmulateViewport(width/factor, height/factor, chromedp.EmulateScale(float64(factor))))
}

// Prefers are settings of a person's system. An empty field keeps the browser's
// default.
type Prefers struct {
	ColorScheme   string // light or dark
	ReducedMotion bool
	// ForcedColors is the system's high contrast theme.
	ForcedColors bool
}

// Prefer makes media queries match the settings.
func (t *Tab) Prefer(p Prefers) {
	t.tb.Helper()
	var features []*emulation.MediaFeature
	for _, f := range []struct {
		name, value string
		set         bool
	}{
		{"prefers-color-scheme", p.ColorScheme, p.ColorScheme != ""},
		{"prefers-reduced-motion", "reduce", p.ReducedMotion},
		{"forced-colors", "active", p.ForcedColors},
	} {
		if f.set {
			features = append(features, &emulation.MediaFeature{Name: f.name, Value: f.value})
		}
	}
	t.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	}))
}

// Speak requests pages in a language, such as "de", from the next request on.
func (t *Tab) Speak(language string) {
	t.tb.Helper()
	t.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		headers := network.Headers{"Accept-Language": language}
		_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: headers})
		return err
	}))
}
