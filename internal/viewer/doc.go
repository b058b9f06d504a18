// Package viewer is what one person sees: the views read for them, the cache
// that keeps those views, the person's own preferences, and how long people
// wait.
//
// It reads Jira with that person's rights and shares nothing between two
// people. It knows no router, template or database: the code that draws a view
// keeps its result in the cache as a type of its own.
package viewer
