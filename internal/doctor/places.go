package doctor

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/sightline-go/sightline/internal/app"
)

// calendars looks whether the private hosts that calendars may be read from take
// connections. Other hosts are the internet's, and not known before somebody names one.
func (v *visit) calendars(ctx context.Context) []Line {
	hosts := strings.FieldsFunc(v.Flags.CalendarHosts, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	if len(hosts) == 0 {
		return off("not in use")
	}
	var wrong []string
	for _, host := range hosts {
		if err := v.reach(ctx, host); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", host, err))
		}
	}
	if len(wrong) > 0 {
		return warning("%s", strings.Join(wrong, "; "))
	}
	return ok("%d take connections", len(hosts))
}

// reach connects to a host, to the port of https unless it names one.
func (v *visit) reach(ctx context.Context, host string) error {
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(strings.Trim(host, "[]"), "443")
	}
	dialer := net.Dialer{Timeout: v.client.Timeout}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	return conn.Close()
}

// reports looks whether the places are there where stored accounts are reported. Without
// a token they refuse.
func (v *visit) reports(ctx context.Context) []Line {
	if v.Flags.ReportAccounts == "off" {
		return off("switched off")
	}
	places, err := v.reportPlaces(ctx)
	if err != nil {
		return fault("%v", err)
	}
	if len(places) == 0 {
		return off("no tenant is known")
	}
	var wrong []string
	for _, place := range places {
		got, err := v.ask(ctx, http.MethodPost, place, "{}", "Content-Type", "application/json")
		if err == nil && got.StatusCode != http.StatusUnauthorized && got.StatusCode != http.StatusForbidden {
			err = fmt.Errorf("it answers %s to a call without a token", got.Status)
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", plainly(place), err))
		}
	}
	if len(wrong) > 0 {
		return warning("%s", strings.Join(wrong, "; "))
	}
	return ok("%d refuse a call without a token, as they should", len(places))
}

// reportPlaces are those of a few tenants with the Connect app, and Forge's.
func (v *visit) reportPlaces(ctx context.Context) (places []string, err error) {
	if v.onForge() {
		places = append(places, strings.TrimSuffix(v.Flags.ForgeFlags.APIURL, "/")+app.ForgeReport)
	}
	tenants, err := v.tenants(ctx, someSites)
	for _, t := range tenants {
		if v.connected() && t.ClientKey != "" {
			places = append(places, strings.TrimSuffix(t.BaseURL, "/")+app.ConnectReport)
		}
	}
	return places, err
}

// plainly is an address without what nobody should read.
func plainly(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address"
	}
	return u.Redacted()
}
