package host

import (
	"slices"
	"strings"
)

// knownEvent says whether Jira Cloud sends a webhook of that name.
// See https://developer.atlassian.com/cloud/jira/platform/modules/webhook/
func knownEvent(event string) bool {
	for _, family := range []string{
		"jira:issue_ created updated deleted",
		"comment_ created updated deleted",
		"issue_property_ set deleted",
		"worklog_ created updated deleted",
		"attachment_ created deleted",
		"issuelink_ created deleted",
		"project_ created updated deleted soft_deleted restored_deleted archived restored_archived",
		"jira:version_ created updated released unreleased moved deleted",
		"user_ created updated deleted",
		"filter_ created updated deleted",
		"issuetype_ created updated deleted",
		"sprint_ created updated started closed deleted",
		"board_ created updated deleted configuration_changed",
		"option_ voting_changed watching_changed unassigned_issues_changed subtasks_changed " +
			"attachments_changed issuelinks_changed timetracking_changed",
		"jira_expression_ evaluation_failed",
		"connect_addon_ enabled disabled",
	} {
		words := strings.Fields(family)
		if rest, ok := strings.CutPrefix(event, words[0]); ok && slices.Contains(words[1:], rest) {
			return true
		}
	}
	return false
}

// issueEvent says whether an event is about an issue, so that JQL can filter it.
func issueEvent(event string) bool {
	for _, prefix := range []string{"jira:issue_", "comment_", "issue_property_", "worklog_", "attachment_"} {
		if strings.HasPrefix(event, prefix) {
			return true
		}
	}
	return false
}
