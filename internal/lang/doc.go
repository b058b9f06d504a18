// Package lang holds every text that the product shows a person, in each of
// its languages, and writes numbers, dates and durations as the language does.
//
// A language is one file: a function that returns its [Texts], such as english
// in en.go, named in catalogue.go. A test finds what such a file leaves out.
package lang
