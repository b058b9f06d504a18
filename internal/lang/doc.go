// Package lang holds every text that the product shows a person, in each of its
// languages, and writes numbers, dates and durations as the language does.
//
// The texts*.go files declare the texts by subject. A language is one file a
// subject, such as en_form.go, and a line in catalogue.go. A test finds the texts
// that a language leaves out.
//
// The package imports x/text and nothing of the project.
package lang
