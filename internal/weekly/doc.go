// Package weekly writes a summary of the week into the conversations that want one, each
// at its own time, once a week: what is open and how that has changed since the last
// summary, and who has room.
//
// That a summary is being sent is stored before it is sent. A program that is killed in
// between leaves it out: one summary less is better than the same twice. So it is with a
// chat whose answer does not come.
//
// It knows no chat, no Jira and no database.
package weekly
