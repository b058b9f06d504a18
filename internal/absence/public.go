package absence

import "net/netip"

// internet is what of IPv6 is assigned to the internet.
const internet = "2000::/3"

// reserved lists what is not anybody's on the internet, besides what package netip
// calls private, loopback, link-local, multicast or unspecified, and IPv6 addresses
// with an IPv4 address inside, which a gateway would unwrap.
//
// https://www.iana.org/assignments/iana-ipv4-special-registry/
// https://www.iana.org/assignments/iana-ipv6-special-registry/
func reserved() []string {
	return []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	}
}

// public reports whether an address is that of a host on the internet.
func public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !netip.MustParsePrefix(internet).Contains(a) {
		return false
	}
	for _, prefix := range reserved() {
		if netip.MustParsePrefix(prefix).Contains(a) {
			return false
		}
	}
	return true
}
