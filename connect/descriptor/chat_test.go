package descriptor_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/descriptor"
)

const goodChat = `{
  "key": "ops-board", "baseUrl": "https://ops.example.com/chat",
  "lifecycle": {"installed": "/installed", "uninstalled": "/uninstalled"},
  "modules": {
    "chat:glance": [{"key": "work", "name": {"value": "Work"}, "icon": {"url": "/g.png", "url@2x": "/g2.png"}, "target": "show", "queryUrl": "/glance", "authentication": "jwt"}],
    "chat:sidebar": [{"key": "board", "name": {"value": "Board"}, "url": "/board", "authentication": "jwt"}],
    "chat:dialog": [{"key": "setup-dialog", "title": {"value": "Set up"}, "url": "/setup", "authentication": "jwt",
      "options": {"size": {"width": "480px", "height": "320px"},
        "primaryAction": {"key": "save", "name": {"value": "Save"}},
        "secondaryActions": [{"key": "cancel", "name": {"value": "Cancel"}}]}}],
    "chat:configuration": [{"key": "work", "page": {"target": "setup-dialog"}, "state": {"url": "/state"}, "authentication": "jwt"}],
    "chat:actionTarget": [{"key": "show", "openSidebar": {"key": "board"}}, {"key": "ack", "callService": {"url": "/ack"}}, {"key": "dialog", "openDialog": {"key": "setup-dialog"}, "parameters": {"x": 1}},
      {"key": "configure", "openConfiguration": {"key": "work"}}, {"key": "read", "openExternalPage": {"key": "docs"}}],
    "chat:webhook": [{"key": "rooms", "event": "conversation:updates", "url": "/hook"}, {"key": "people", "event": "roster:updates", "url": "/hook"}],
    "chat:externalPage": [{"key": "docs", "name": {"value": "Docs"}, "url": "https://example.com/docs"}],
    "chat:inputAction": [{"key": "new", "name": {"value": "New"}, "target": "ack"}],
    "chat:messageAction": [{"key": "track", "name": {"value": "Track"}, "target": "board"}],
    "chat:bot": [{"key": "bot", "mention": {"url": "/bot"}}],
    "chat:bot:messages": [{"key": "keys", "pattern": "[A-Z]+-[0-9]+", "url": "/match"}]
  }
}`

func TestChatDescriptorCheck(t *testing.T) {
	t.Parallel()
	const glance, configuration, options, hook, target = "modules/chat:glance/0/", "modules/chat:configuration/0/",
		"modules/chat:dialog/0/options/", "modules/chat:webhook/1/", "modules/chat:actionTarget/"
	tests := []struct{ path, value, want string }{
		{"key", `"ops-board"`, ""},
		{"key", "", "key: "},
		{"baseUrl", "", "baseUrl: "},
		{"lifecycle/installed", "", "lifecycle.installed: "},
		{"lifecycle/uninstalled", `"https://evil.com"`, "lifecycle.uninstalled: "},
		{glance + "target", `"board"`, ""},
		{glance + "target", `"setup-dialog"`, ""},
		{glance + "target", `"work"`, "modules.chat:glance[0].target: "},
		{glance + "queryUrl", "", "modules.chat:glance[0].queryUrl: "},
		{glance + "name", "", "modules.chat:glance[0].name.value: "},
		{glance + "icon/url@2x", "", "modules.chat:glance[0].icon.url@2x: "},
		{glance + "authentication", `"none"`, ""},
		{glance + "authentication", `"basic"`, "modules.chat:glance[0].authentication: "},
		{glance + "key", `"a b"`, "modules.chat:glance[0].key: "},
		{configuration + "page/target", `"board"`, "modules.chat:configuration[0].page.target: "},
		{configuration + "page", `{"url":"/setup"}`, ""},
		{configuration + "page", `{"url":"https://evil.com"}`, "modules.chat:configuration[0].page.url: "},
		{configuration + "state", "", "modules.chat:configuration[0].state.url: "},
		{"modules/chat:sidebar/0/url", "", "modules.chat:sidebar[0].url: "},
		{"modules/chat:sidebar/0/url", `"//evil.com"`, "modules.chat:sidebar[0].url: "},
		{"modules/chat:dialog/0/title", "", "modules.chat:dialog[0].title.value: "},
		{"modules/chat:actionTarget/0/key", `"ack"`, "modules.chat:actionTarget[1].key: "},
		{"modules/chat:actionTarget/0/openSidebar/key", `"x"`, "modules.chat:actionTarget[0].openSidebar.key: "},
		{"modules/chat:actionTarget/2/openDialog/key", `"x"`, "modules.chat:actionTarget[2].openDialog.key: "},
		{"modules/chat:actionTarget/1/callService/url", `"x"`, "modules.chat:actionTarget[1].callService.url: "},
		{"modules/chat:glances", `[{"key":"x"}]`, "modules.chat:glances[0]: "},
		{"modules/core:webhook", `[{"key":"x"}]`, "modules.core:webhook[0]: "},
		{"modules/chat:glance/0/key", "", "modules.chat:glance[0].key: "},
		{glance + "queryUrl", `"https://evil.com/glance"`, "modules.chat:glance[0].queryUrl: "},
		{glance + "icon/url", `"http://evil.com/g.png"`, "modules.chat:glance[0].icon.url: "},
		{glance + "icon/url", `"https://cdn.example/g.png"`, ""},
		{configuration + "page", "", "modules.chat:configuration[0]: "},
		{configuration + "page", "{}", "modules.chat:configuration[0].page: "},
		{configuration + "page/url", `"/setup"`, "modules.chat:configuration[0].page: "},
		{configuration + "externalPage", `{"target":"docs"}`, "modules.chat:configuration[0]: "},
		{configuration + "state/url", `"state"`, "modules.chat:configuration[0].state.url: "},
		{"modules/chat:sidebar/0/name", "", "modules.chat:sidebar[0].name.value: "},
		{"modules/chat:dialog/0/url", "", "modules.chat:dialog[0].url: "},
		{"modules/chat:dialog/0/url", `"https://evil.com"`, "modules.chat:dialog[0].url: "},
		{"modules/chat:dialog/0/options", "", ""},
		{options + "size/width", `"wide"`, "modules.chat:dialog[0].options.size.width: "},
		{options + "size/height", `"320"`, "modules.chat:dialog[0].options.size.height: "},
		{options + "size/height", `"60vh"`, ""},
		{options + "primaryAction/key", "", "modules.chat:dialog[0].options.primaryAction.key: "},
		{options + "primaryAction/name", "", "modules.chat:dialog[0].options.primaryAction.name.value: "},
		{options + "secondaryActions/0/key", `"save"`, "modules.chat:dialog[0].options.secondaryActions[0].key: "},
		{options + "secondaryActions/0/name/value", `""`, "modules.chat:dialog[0].options.secondaryActions[0].name.value: "},
		{target + "0/openSidebar", "", "modules.chat:actionTarget[0]: "},
		{target + "0/openDialog", `{"key":"setup-dialog"}`, "modules.chat:actionTarget[0]: "},
		{target + "1/callService/url", "", "modules.chat:actionTarget[1].callService.url: "},
		{target + "2/parameters", `[1]`, "modules.chat:actionTarget[2].parameters: "},
		{target + "2/parameters", `null`, "modules.chat:actionTarget[2].parameters: "},
		{target + "3/openConfiguration/key", `"setup-dialog"`, "modules.chat:actionTarget[3].openConfiguration.key: "},
		{target + "4/openExternalPage/key", `"x"`, "modules.chat:actionTarget[4].openExternalPage.key: "},
		{hook + "event", "", "modules.chat:webhook[1].event: "},
		{hook + "event", `"roster:update"`, "modules.chat:webhook[1].event: "},
		{hook + "event", `"jira:issue_created"`, "modules.chat:webhook[1].event: "},
		{hook + "url", "", "modules.chat:webhook[1].url: "},
		{hook + "url", `"https://evil.com/hook"`, "modules.chat:webhook[1].url: "},
		{hook + "key", `"rooms"`, "modules.chat:webhook[1].key: "},
		{hook + "authentication", `"basic"`, "modules.chat:webhook[1].authentication: "},
		{"modules/chat:externalPage/0/name", "", "modules.chat:externalPage[0].name.value: "},
		{"modules/chat:externalPage/0/url", `"http://example.com"`, "modules.chat:externalPage[0].url: "},
		{"modules/chat:inputAction/0/target", `"rooms"`, "modules.chat:inputAction[0].target: "},
		{"modules/chat:inputAction/0/name", "", "modules.chat:inputAction[0].name.value: "},
		{"modules/chat:messageAction/0/target", "", "modules.chat:messageAction[0].target: "},
		{"modules/chat:bot/0/mention", "", "modules.chat:bot[0]: "},
		{"modules/chat:bot/0/mention/url", `"bot"`, "modules.chat:bot[0].mention.url: "},
		{"modules/chat:bot:messages/0/pattern", "", "modules.chat:bot:messages[0].pattern: "},
		{"modules/chat:bot:messages/0/url", "", "modules.chat:bot:messages[0].url: "},
	}
	for _, tt := range tests {
		d, err := descriptor.ParseChat([]byte(edit(t, goodChat, tt.path, tt.value)))
		if err != nil {
			t.Errorf("%s = %s: %v", tt.path, tt.value, err)
			continue
		}
		wantProblem(t, tt.path+" = "+tt.value, d.Check(), tt.want)
	}
}

func TestChatDescriptorRender(t *testing.T) {
	t.Parallel()
	d, err := descriptor.ParseChat([]byte(goodChat))
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Render("https://new.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(goodChat, "https://ops.example.com/chat", "https://new.example.com", 1)
	if diff := cmp.Diff(decode(t, want), decode(t, string(out))); diff != "" {
		t.Errorf("want +got:\n%s", diff)
	}
	if d.Modules.Configurations[0].Page.Target != "setup-dialog" || d.Modules.Glances[0].Icon.URL2x != "/g2.png" {
		t.Errorf("got %+v", d.Modules)
	}
	if _, err := descriptor.ParseChat([]byte(`{"modules":{"chat:glance":{}}}`)); err == nil {
		t.Error("a glance that is no list: got no error")
	}
}
