// Package surfaces drives the chat platforms that glances are shown on, one
// file each.
package surfaces
