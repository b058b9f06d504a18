// Package index keeps at home the facts of a tenant's issues and work logs that
// counting needs, so that Jira is asked for permission only: which ids a viewer
// sees comes from Jira as the viewer, what the issues are comes from here. It keeps
// no summary, no text and no name of a person.
//
// Facts are packed into pages of bytes, some hundred facts each, so that a whole
// scope is read in one statement and a few rows. A page holds what is read
// together: the open issues of a project with neighbouring keys, the work logs of a
// project that started in the same week, the changes of issues with neighbouring
// ids. [Storage] keeps the pages and knows nothing of what is in them, so that both
// databases mean the same.
//
// Events come late, twice, in any order or never. A fact that is older than the one
// held changes nothing; what an event does not say is a [Need].
package index
