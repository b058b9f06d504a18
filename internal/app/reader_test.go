package app

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/quota"
)

func TestReaderSetting(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ first, spent bool }{
		"": {false, true}, "auto": {false, true}, "browser": {true, true}, "server": {false, false},
	} {
		var c checks
		ledger, tenant := &quota.Ledger{}, &connect.Tenant{ID: "t"}
		open := 0
		inPage := c.reader(text).inPage(ledger, func(string) int { return open })
		asks := func() bool { return inPage != nil && inPage(tenant) }
		if got := asks(); c.err() != nil || got != want.first {
			t.Errorf("%q: in the page %t, error %v", text, got, c.err())
		}
		if open = quota.FirstTier / spareFrom; asks() != want.spent {
			t.Errorf("%q, a view of a tenth: in the page %t", text, !want.spent)
		}
		open = 0
		ledger.Count("other", quota.Glance, quota.FirstTier/spareFrom)
		if got := asks(); got != want.spent {
			t.Errorf("%q, a tenth is spent: in the page %t", text, got)
		}
	}
	for _, text := range []string{"Browser", "page", "on"} {
		var c checks
		c.reader(text)
		if err := c.err(); err == nil || !strings.Contains(err.Error(), "SIGHTLINE_READER: is not auto, server or browser") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
