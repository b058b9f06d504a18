package lang

func englishSlack() SlackTexts {
	return SlackTexts{
		NoTenant:     "Sightline is not connected to Jira for this workspace. A Jira admin can connect it: in Jira, open Apps, Manage your apps, Sightline, Configure, and choose “Add to Slack”.",
		NotOpened:    "Sightline could not open its settings. Try again in a moment.",
		TooLate:      "Slack did not wait for Sightline. Type the command again.",
		NoPerson:     "Sightline shows you only what you may see in Jira, so it needs to know who you are there. <%s|Connect your Jira account>, then type the command again. The link is valid for ten minutes.",
		ProjectsHelp: "Only projects that you can see in Jira.", TeamHelp: "Everybody, or the people of one project role.",
		QueryHelp: "In place of a role: a structured user query as Jira knows it, for example: is assignee of ABC",
		QuietFrom: "Quiet from", QuietTo: "Quiet until", Close: "Close",
		Stop: "Stop showing", StopSure: "Stop showing?", StopText: "Sightline removes its message and its bookmark from this channel.",
		Stopped:      "This channel no longer shows anything from Jira. Type %s to set it up again.",
		MessageLeft:  "Slack did not let Sightline remove its message; you can delete it yourself.",
		NotShown:     "Not shown at the moment: %s",
		Saved:        "Saved. The channel shows it as soon as Jira and Slack have answered.",
		NotInvited:   "Sightline is not in this channel. Invite it with “/invite @Sightline” and save again.",
		Archived:     "This channel is archived.",
		Revoked:      "Slack has revoked Sightline's access to this workspace. An admin has to add it to Slack again from Jira.",
		Forbidden:    "Slack does not let Sightline write in this channel. Ask an admin of the workspace.",
		Refused:      "Saved, but Slack rejected it. Sightline keeps trying; save again to try at once.",
		JiraFailed:   "Saved, but Jira did not answer. Sightline keeps trying; save again to try at once.",
		NothingSaved: "Jira could not answer, and nothing was saved. Try again in a moment.",
		Disconnected: "Your Jira account is no longer connected. Close this and type the command again.",
		Offer:        "Show it in Slack",
		OfferText:    "Add Sightline to your Slack workspace, and its channels can show how much is open and overdue: only numbers, never names or issues.",
		Connected:    "Connected:", Add: "Add to Slack", LinkTime: "The link is valid for ten minutes; reload this page for a new one.",
		Installed:     "Sightline is in Slack",
		InstalledText: "The workspace %s is connected to %s. In the channel that should show a team's work, type /sightline and choose the projects. You can close this page.",
		Confirm:       "Connect Slack to your Jira account?", ConfirmText: "Is %s of the Slack workspace %s you? Then Sightline will let them choose from the projects that you can see.",
		ConfirmWarning: "Say yes only if you typed /sightline there yourself just now.", ConfirmYes: "Yes, connect",
		KnownNow: "Connected", KnownText: "Go back to the Slack workspace %s and type /sightline again.",
	}
}
