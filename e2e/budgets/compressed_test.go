package budgets

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
)

// TestPagesAreCompressed asks for pages as browsers and as simpler clients do.
func TestPagesAreCompressed(t *testing.T) {
	t.Parallel()
	r, dashboard, item := harness.Configured(t)
	r.Gadget(t, dashboard.Owner, dashboard.ID, item)
	plainClient := &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 30 * time.Second}
	ask := func(address, encoding string) (*http.Response, []byte) {
		req := harness.NewRequest(t, http.MethodGet, address, nil)
		if encoding != "" {
			req.Header.Set("Accept-Encoding", encoding)
		}
		resp, err := plainClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, body
	}
	page, err := r.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	for encoding, zipped := range map[string]bool{"": false, "identity": false, "gzip;q=0": false, "br": false, "gzip": true, "br, gzip;q=0.5": true} {
		resp, body := ask(page, encoding)
		if got := resp.Header.Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("%q: compressed is %v, want %v", encoding, got, zipped)
		}
		if resp.Header.Get("Vary") != "Accept-Encoding" || resp.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%q: %v", encoding, resp.Header)
		}
		text := string(body)
		if zipped {
			whole := harness.Unzipped(t, body)
			if len(whole) < 4*len(body) {
				t.Errorf("%q: %d bytes became %d", encoding, len(whole), len(body))
			}
			text = whole
		}
		if !strings.HasPrefix(text, "<!doctype html>") && !strings.HasPrefix(text, "<!DOCTYPE html>") || !strings.HasSuffix(strings.TrimSpace(text), "</html>") || !strings.Contains(text, `data-fragment="workload"`) {
			t.Errorf("%q: not the page:\n%.300s", encoding, text)
		}
	}
	// A short fragment is not compressed.
	d := r.Desk(t, dashboard.Owner, dashboard, item)
	req := harness.NewRequest(t, http.MethodGet, d.URL+"/gadget/workload/issue?key=HARB-999999&dashboardId="+d.Dashboard+"&dashboardItemId="+d.Item, nil)
	req.Header.Set("Authorization", "JWT "+d.Session)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := plainClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Encoding") != "" {
		t.Errorf("a short answer: %d, encoding %q", resp.StatusCode, resp.Header.Get("Content-Encoding"))
	}
}
