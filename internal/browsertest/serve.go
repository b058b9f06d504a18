package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// StandIn makes a handler answer for a foreign origin, such as
// https://cdn.example, in all tabs opened from now on. Their requests to it never
// leave the machine; Served lists them instead of Requests.
func (b *Browser) StandIn(origin string, h http.Handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.standIns = append(b.standIns, standIn{origin, h})
}

type standIn struct {
	origin  string
	handler http.Handler
}

// Served returns the addresses that a stand-in has answered so far.
func (t *Tab) Served() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.served)
}

// intercept makes the browser hold requests to the origins of stand-ins.
func (t *Tab) intercept() {
	t.tb.Helper()
	if len(t.standIns) == 0 {
		return
	}
	var patterns []*fetch.RequestPattern
	for _, s := range t.standIns {
		patterns = append(patterns, &fetch.RequestPattern{URLPattern: s.origin + "/*"})
	}
	t.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, fetch.Enable, fetch.EnableParams{Patterns: patterns})
		return err
	}))
}

// standInFor returns the handler for an address, nil without one.
func (t *Tab) standInFor(address string) http.Handler {
	for _, s := range t.standIns {
		if strings.HasPrefix(address, s.origin+"/") {
			return s.handler
		}
	}
	return nil
}

// answer passes a held request to the stand-in. It ignores errors, because a tab
// that is closed by now waits for nothing.
func (t *Tab) answer(held *fetch.EventRequestPaused, h http.Handler) {
	req := httptest.NewRequestWithContext(t.ctx, held.Request.Method, held.Request.URL, http.NoBody)
	got := httptest.NewRecorder()
	h.ServeHTTP(got, req)
	params := fetch.FulfillRequestParams{
		RequestID: held.RequestID, ResponseCode: int64(got.Code), Body: got.Body.Bytes(),
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Access-Control-Allow-Origin", Value: "*"}},
	}
	for name := range got.Header() {
		params.ResponseHeaders = append(params.ResponseHeaders, &fetch.HeaderEntry{Name: name, Value: got.Header().Get(name)})
	}
	_ = chromedp.Do(t.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, fetch.FulfillRequest, params)
		return err
	}))
}
