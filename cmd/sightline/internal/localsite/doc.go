// Package localsite is what the commands dev and site run: the local site on a
// listener, and next to it the app, installed and set up as people would do it.
// It lives under the command, because only the command may contain the local
// site.
package localsite
