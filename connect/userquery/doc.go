// Package userquery builds and reads Jira's structured user queries, such as
//
//	is assignee of ABC AND [location].office.city is "Sydney"
//
// Atlassian shows the language by examples only:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-query-get
//
//	query    = term { ( "AND" | "OR" ) term }
//	term     = role | property
//	role     = "is" kind "of" ( PROJECT | "(" ISSUE { "," ISSUE } ")" )
//	kind     = "assignee" | "reporter" | "watcher" | "voter" | "commenter" | "transitioner"
//	property = "[" key "]" "." name { "." name } "is" string
//
// Where the examples leave a choice, this package makes the one that other readers
// most likely share: AND binds closer than OR, terms have no parentheses, words
// are written as in the examples, and in a quoted string a backslash precedes a
// quotation mark or a backslash.
package userquery
