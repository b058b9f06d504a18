package handlers

import (
	"net/http"

	"sightline/web"
)

// The texts of Slack, all of them.
const (
	textSlackTeam      = "Sightline is not connected to Jira for this workspace. A Jira admin can connect it: in Jira, open Apps, Manage your apps, Sightline, Configure, and choose “Add to Slack”."
	textSlackPerson    = "Sightline shows you only what you may see in Jira, so it has to know who you are there. <%s|Connect your Jira account>, then type the command again. The link is good for ten minutes."
	textSlackFailed    = "Sightline could not open its settings. Try again in a moment."
	textSlackExpired   = "Slack did not wait for Sightline. Type the command again."
	textSlackInvite    = "Sightline is not in this channel. Invite it with “/invite @Sightline” and save again."
	textSlackArchived  = "This channel is archived."
	textSlackRevoked   = "Slack has taken Sightline's access to this workspace away. An admin has to add it to Slack again, from Jira."
	textSlackRefused   = "Saved, but Slack did not take it. Sightline keeps trying; save again to try at once."
	textSlackJira      = "Saved, but Jira did not answer. Sightline keeps trying; save again to try at once."
	textSlackUnseen    = "You cannot see the project %q in Jira."
	textSlackParts     = "Choose at least one number."
	textSlackZone      = "Choose a time zone."
	textSlackQuiet     = "Enter both times, or neither."
	textSlackEqual     = "The two times are the same."
	textSlackNoJira    = "Jira could not answer, and nothing was saved. Try again in a moment."
	textSlackProjects  = "Choose at least one project."
	textSlackMany      = "Choose at most %d projects."
	textSlackRole      = "Choose everybody, or a role."
	textSlackWindow    = "Choose 7, 14 or 30 days."
	textSlackField     = "There is no such field."
	textSlackLogIn     = "Log in to Jira first."
	textSlackForbidden = "You may not do this."
	textSlackGone      = "Your Jira account is not connected any more. Close this and type the command again."
)

// The words of the modal.
const (
	wordTitle         = "Sightline"
	wordSave          = "Save"
	wordCancel        = "Cancel"
	wordClose         = "Close"
	wordProjects      = "Projects"
	wordProjectsHint  = "Only projects that you can see in Jira."
	wordFindProjects  = "Type a name or key"
	wordTeam          = "Team"
	wordTeamHint      = "Everybody with open issues, or the people of one project role."
	wordEverybody     = "Everybody with open issues"
	wordRole          = "The chosen role"
	wordWindow        = "Logged time"
	wordDays          = "Last %d days"
	wordParts         = "The label shows"
	wordZone          = "Time zone"
	wordZoneHint      = "Decides when an issue is overdue."
	wordQuietFrom     = "Quiet from"
	wordQuietTo       = "Quiet until"
	wordQuietHint     = "The channel is left alone between these times."
	wordStop          = "Stop showing"
	wordStopSure      = "Stop showing?"
	wordStopText      = "Sightline removes its message and its bookmark from this channel."
	wordStopped       = "This channel shows nothing of Jira any more. Type %s to set it up again."
	wordStoppedRest   = "Slack did not let Sightline remove its message; you can delete it yourself."
	wordSaved         = "Saved. The channel shows it as soon as Jira and Slack have answered."
	wordStoppedReason = "Not shown at the moment: %s"
)

// partWords are the numbers of a label, as the modal offers them.
func partWords() map[string]string {
	return map[string]string{
		"open": "Open", "overdue": "Overdue", "dueSoon": "Due soon", "unassigned": "Unassigned", "heavy": "People with a heavy load",
	}
}

func slackInstallText() web.SlackInstall {
	return web.SlackInstall{
		Title:  "Show it in Slack",
		Text:   "Add Sightline to your Slack workspace, and its channels can show how much is open and overdue. Numbers only, never a name or an issue.",
		Listed: "Connected:", Action: "Add to Slack",
		Note: "The link is good for ten minutes; reload this page for a new one.",
	}
}

func slackInstalledText(team, site string) web.Message {
	return web.Message{
		Kind: web.MessageInfo, Title: "Sightline is in Slack",
		Text: "The workspace " + team + " is connected to " + site + ". In the channel that should show a team's work, type /sightline and choose the projects. You can close this page.",
	}
}

// slackRefusal is an error in Slack's own words: a title for a page and a
// sentence.
func slackRefusal(status int, code, title, text string, err error) error {
	return &problem{status: status, code: code, title: title, text: text, err: err}
}

func slackForbidden(text string, err error) error {
	return slackRefusal(http.StatusForbidden, "slack.person", "", text, err)
}

func slackStateProblem(err error) error {
	return slackRefusal(http.StatusForbidden, "slack.state", "This link does not work any more",
		"It is good for ten minutes and for one use. Go back to Jira, reload Sightline's Configure page and choose “Add to Slack” there.", err)
}

func slackDenied() error {
	return slackRefusal(http.StatusForbidden, "slack.denied", "Nothing was installed",
		"Slack says that the request was turned down. If that was not intended, start again from Sightline's Configure page in Jira.", nil)
}

func slackExchangeProblem(err error) error {
	return slackRefusal(http.StatusBadGateway, "slack.exchange", "Slack did not finish the installation",
		"Slack answered with an error, and nothing was stored. Start again from Sightline's Configure page in Jira.", err)
}

func slackTakenProblem(err error) error {
	return slackRefusal(http.StatusConflict, "slack.taken", "This workspace belongs to another Jira site",
		"A workspace shows the work of one Jira site. Remove Sightline from the workspace in Slack first, then add it again.", err)
}

func slackCodeProblem(err error) error {
	return slackRefusal(http.StatusForbidden, "slack.code", "This link does not work any more",
		"It is good for ten minutes, for one use, and in one Jira site. Go back to Slack and type /sightline for a new one.", err)
}

func slackPersonText(user, team string) web.SlackPerson {
	return web.SlackPerson{
		Title:   "Connect Slack to your Jira account?",
		Text:    "Is " + user + " of the Slack workspace " + team + " you? Then Sightline will let them choose from the projects that you can see.",
		Warning: "Say yes only if you typed /sightline there yourself just now.",
		Action:  "Yes, connect",
	}
}

func slackPersonDone(team string) web.Message {
	return web.Message{
		Kind: web.MessageInfo, Title: "Connected",
		Text: "Go back to the Slack workspace " + team + " and type /sightline again.",
	}
}
