package app

import (
	"errors"
	"net"
	"net/netip"
	"regexp"
	"strconv"
)

// hostName is a name of hosts, without a port.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// calendarHosts are the private hosts that calendars may be read from: names or
// addresses, each perhaps with a port.
func (c *checks) calendarHosts(text string) []string {
	list := split(text)
	for _, entry := range list {
		host := entry
		if name, port, err := net.SplitHostPort(entry); err == nil {
			host = name
			if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
				host = ""
			}
		}
		if _, err := netip.ParseAddr(host); err != nil && !hostName.MatchString(host) {
			c.note("calendar-hosts", errors.New("is not a list of host names or addresses, each perhaps with a port"))
			return nil
		}
	}
	return list
}
