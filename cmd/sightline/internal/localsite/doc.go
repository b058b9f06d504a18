// Package localsite is what the commands dev and site run: the local site on a
// listener, and the app beside it, installed and set up as people would do it.
// It is a part of the command, as only that may carry the local site.
package localsite
