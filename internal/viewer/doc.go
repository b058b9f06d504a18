// Package viewer is what one person sees and for how long: the views that were
// read for them, the cache that keeps these, the person's own preferences, and
// how long people wait.
//
// It reads Jira with that person's rights and shares nothing between two
// people. It knows no router, template or database: who draws a view keeps the
// result in the cache as a value of a type of their own.
package viewer
