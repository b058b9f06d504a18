package app

import (
	"context"
	"net"
	"strings"
	"testing"
)

// A port in use ends the program with the name of its setting.
func TestPortInUseNamesItsSetting(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	other, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	used := other.Addr().String()
	for want, change := range map[string]func(*Settings){
		"SIGHTLINE_ADDR":         func(s *Settings) { s.addr = used },
		"SIGHTLINE_METRICS_ADDR": func(s *Settings) { s.metricsAddr = used },
	} {
		p := newForgeProgram(t).Program
		p.settings.addr = "127.0.0.1:0"
		change(&p.settings)
		ctx, cancel := context.WithCancel(t.Context())
		err := p.Listen(ctx)
		cancel()
		if err == nil || !strings.HasPrefix(err.Error(), want+": ") {
			t.Errorf("got %v, want an error that begins with %s", err, want)
		}
	}
}
