package jql

import (
	"slices"
	"strings"
)

// Function is a function that queries can call.
type Function struct {
	// Name is how it is called, with its arguments.
	Name string
	// List says that it stands for any number of values.
	List bool
	// Type is what its values are, as Jira's Java names it.
	Type string
}

// Functions lists the functions by name.
func Functions() []Function {
	return []Function{
		{"closedSprints()", true, kindSprint},
		{"currentUser()", false, kindUser},
		{"endOfDay()", false, kindDate},
		{"endOfMonth()", false, kindDate},
		{"endOfWeek()", false, kindDate},
		{"endOfYear()", false, kindDate},
		{"futureSprints()", true, kindSprint},
		{`membersOf("")`, true, kindUser},
		{"now()", false, kindDate},
		{"openSprints()", true, kindSprint},
		{"releasedVersions()", true, kindBuild},
		{"startOfDay()", false, kindDate},
		{"startOfMonth()", false, kindDate},
		{"startOfWeek()", false, kindDate},
		{"startOfYear()", false, kindDate},
		{"unreleasedVersions()", true, kindBuild},
	}
}

// knownFunction tells whether there is a function of that name, in any case.
func knownFunction(name string) bool {
	return slices.ContainsFunc(Functions(), func(f Function) bool { return f.is(name) })
}

// isList tells whether the function of that name stands for any number of values.
func isList(name string) bool {
	return slices.ContainsFunc(Functions(), func(f Function) bool { return f.List && f.is(name) })
}

func (f Function) is(name string) bool {
	known, _, _ := strings.Cut(f.Name, "(")
	return strings.EqualFold(known, name)
}
