package slack

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// linkShared says below a message which status the issues have that it links to, if
// somebody has chosen so for the channel. Everybody in the channel sees that, so that it is
// key and status alone, of issues in the channel's projects, as far as the app sees them.
// Slack is told that all is well whatever happens: a message without that is no loss, and
// Slack would send the event again.
func (s *Slack) linkShared(r *edge.Request, in slackapp.Install, e slackapp.Event) error {
	ctx, cancel := context.WithTimeout(r.Request.Context(), answerTime)
	defer cancel()
	switch {
	case e.Channel == "" || e.Message == "" || len(e.Links) == 0:
		return ignore(connect.IgnoredShape, "no channel, no message or no link")
	case e.Composed:
		return ignore(connect.IgnoredUnknown, "a message that is not written yet")
	}
	row, err := s.Store.Glance(ctx, channel{e.Team, e.Channel}.glance())
	if room.IsAbsent(err) || err == nil && (!row.Config.Links || row.Stopped || !in.TellsLinks()) {
		return ignore(connect.IgnoredForeign, "a channel that shows no links")
	}
	if err != nil {
		return err
	}
	tenant, err := s.Store.Tenant(ctx, in.Tenant)
	if err != nil {
		return err
	}
	issues := linkedIssues(e.Links, tenant.DisplayURL, row.Config.Projects)
	if len(issues) == 0 || tenant.State != connect.StateActive {
		return ignore(connect.IgnoredForeign, "no issue of the channel's projects")
	}
	if !s.Surface.TakesLinks(e.Team, e.Channel) {
		return ignore(connect.IgnoredUnknown, "too many links in the channel")
	}
	if err := s.unfurl(ctx, tenant, e, issues); err != nil {
		r.Note(err)
	}
	return nil
}

// unfurl reads the issues as the app, and says what Jira says of them.
func (s *Slack) unfurl(ctx context.Context, tenant *connect.Tenant, e slackapp.Event, issues map[string]string) error {
	j, err := s.Rooms.AsApp(ctx, tenant)
	if err != nil {
		return err
	}
	var keys []string
	for _, key := range issues {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	found, err := source.NewReader(j).Linked(ctx, keys)
	if err != nil {
		return err
	}
	lines := map[string]string{}
	for address, key := range issues {
		if i := slices.IndexFunc(found, func(l source.Linked) bool { return l.Key == key }); i >= 0 {
			lines[address] = key + " · " + clip(found[i].Status, maxStatus)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return s.Surface.Unfurl(ctx, e.Team, e.Channel, e.Message, lines)
}

// maxStatus is how long the name of a status is at most, in characters. Jira allows 60.
const maxStatus = 100

// linkedIssues are the keys of the issues that links lead to, by link: those on the
// tenant's site and in some projects.
func linkedIssues(links []string, site string, projects []string) map[string]string {
	home, err := url.Parse(site)
	if err != nil || home.Host == "" {
		return nil
	}
	issues := map[string]string{}
	for _, link := range links {
		at, err := url.Parse(link)
		if err != nil || at.Scheme != home.Scheme || !strings.EqualFold(at.Host, home.Host) || at.User != nil {
			continue
		}
		key := issueIn(at)
		project, _, _ := strings.Cut(key, "-")
		if workload.IsIssueKey(key) && slices.Contains(projects, project) {
			issues[link] = key
		}
	}
	return issues
}

// issueIn is the key in an address of Jira's: of an issue's own page, or of the issue that
// is open on a board or in a search.
func issueIn(at *url.URL) string {
	if key, ok := strings.CutPrefix(at.Path, "/browse/"); ok {
		return strings.ToUpper(strings.TrimSuffix(key, "/"))
	}
	return strings.ToUpper(at.Query().Get("selectedIssue"))
}

// linksBlock offers to show linked issues, or says what is missing for it.
func linksBlock(l *lang.Language, in slackapp.Install, chosen bool) slack.Block {
	if !in.TellsLinks() {
		return slack.NewContextBlock("", plain(l.Slack.LinksMissing))
	}
	element := slack.NewCheckboxGroupsBlockElement(fieldLinks, choice(fieldLinks, l.Slack.LinksShow))
	if chosen {
		element.InitialOptions = element.Options
	}
	return optional(slack.NewInputBlock(fieldLinks, plain(l.Slack.Links), plain(l.Slack.LinksHelp), element))
}

// fieldLinks is the name of the choice to show linked issues.
const fieldLinks = "links"

// readLinks reads that choice; a modal without it changes nothing.
func (in input) readLinks(before bool) bool {
	if _, asked := in.View.State.Values[fieldLinks]; !asked {
		return before
	}
	return len(in.value(fieldLinks).Options) > 0
}
