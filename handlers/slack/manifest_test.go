package slack

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/slackapp"
)

// TestManifestInTheDocs: the manifest with which an operator registers the app asks
// for the scopes that the app asks a workspace for, names the addresses that it
// serves, and subscribes to events that it acts upon.
func TestManifestInTheDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "```yaml\n")
	manifest, _, _ := strings.Cut(after, "```")

	address, err := slackapp.New(slackapp.Config{AuthorizeURL: "https://slack.example/"}).AuthorizeAddress("s", "r")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(asked.Query().Get("scope"), ",")
	list := regexp.MustCompile(`bot: \[(.*)\]`).FindStringSubmatch(manifest)
	if list == nil || !slices.Equal(strings.Split(strings.ReplaceAll(list[1], `"`, ""), ", "), want) {
		t.Errorf("the scopes are %q, want %q", list, want)
	}

	var served []string
	s := new(Slack)
	for _, path := range regexp.MustCompile(`https://BASE-URL(/\S+)`).FindAllStringSubmatch(manifest, -1) {
		served = append(served, path[1])
	}
	slices.Sort(served)
	if want := []string{"/slack/command", "/slack/events", "/slack/interactions", "/slack/oauth", "/slack/options"}; !slices.Equal(served, want) {
		t.Errorf("the addresses are %q, want %q", served, want)
	}

	_, events, _ := strings.Cut(manifest, "bot_events:\n")
	listed := regexp.MustCompile(`(?m)^      - (\S+)$`).FindAllStringSubmatch(events, -1)
	if len(listed) < 10 {
		t.Errorf("only the events %q", listed)
	}
	for _, event := range listed {
		if s.reaction(nil, event[1]) == nil {
			t.Errorf("nothing happens on %s", event[1])
		}
	}
}
