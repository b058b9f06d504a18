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
// What the examples leave open is settled here in the way that is least likely
// to be read differently elsewhere: AND binds closer than OR, there are no
// parentheses around terms, words are written as in the examples, and in a
// quoted string a backslash precedes a quotation mark or a backslash.
package userquery
