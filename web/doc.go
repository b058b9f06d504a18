// Package web draws what people see: typed view models, templates, styles and
// scripts, all embedded in the binary.
//
// A page is a shell around one fragment: the workload, the configuration form
// or a message. Fragments hold neither scripts nor inline styles, so that every
// host (a Jira gadget, a chat dialog or sidebar, a Forge bundle) can place the
// same one. Handlers fill the view models; templates only print them.
//
// The package imports templ and the texts, and nothing else of the project: a
// view model knows no Jira, no request and no store.
package web
