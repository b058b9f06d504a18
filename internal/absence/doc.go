// Package absence reads who is away from a calendar at an address: an iCalendar file.
//
// Whoever enters an address makes this program fetch it. So it is fetched with
// bounds, and never from a private, loopback or link-local address, whatever name or
// redirect leads there, unless the operator has allowed that host.
package absence
