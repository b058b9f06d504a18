package connect_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sightline/connect"
)

const goodChat = `{
  "key": "ops-board", "baseUrl": "https://ops.example.com/chat",
  "lifecycle": {"installed": "/installed", "uninstalled": "/uninstalled"},
  "modules": {
    "chat:glance": [{"key": "work", "name": {"value": "Work"}, "icon": {"url": "/g.png", "url@2x": "/g2.png"}, "target": "show", "queryUrl": "/glance", "authentication": "jwt"}],
    "chat:sidebar": [{"key": "board", "name": {"value": "Board"}, "url": "/board", "authentication": "jwt"}],
    "chat:dialog": [{"key": "setup-dialog", "title": {"value": "Set up"}, "url": "/setup", "authentication": "jwt"}],
    "chat:configuration": [{"key": "work", "page": {"target": "setup-dialog"}, "state": {"url": "/state"}, "authentication": "jwt"}],
    "chat:actionTarget": [{"key": "show", "openSidebar": {"key": "board"}}, {"key": "ack", "callService": {"url": "/ack"}}, {"key": "dialog", "openDialog": {"key": "setup-dialog"}}],
    "chat:externalPage": [{"key": "docs", "url": "https://example.com/docs"}],
    "chat:bot": [{"key": "bot", "mention": {"url": "/bot"}}]
  }
}`

func TestChatDescriptorCheck(t *testing.T) {
	t.Parallel()
	const glance, configuration = "modules/chat:glance/0/", "modules/chat:configuration/0/"
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
	}
	for _, tt := range tests {
		d, err := connect.ParseChatDescriptor([]byte(edit(t, goodChat, tt.path, tt.value)))
		if err != nil {
			t.Errorf("%s = %s: %v", tt.path, tt.value, err)
			continue
		}
		wantProblem(t, tt.path+" = "+tt.value, d.Check(), tt.want)
	}
}

func TestChatDescriptorRender(t *testing.T) {
	t.Parallel()
	d, err := connect.ParseChatDescriptor([]byte(goodChat))
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
	if _, err := connect.ParseChatDescriptor([]byte(`{"modules":{"chat:glance":{}}}`)); err == nil {
		t.Error("a glance that is no list: got no error")
	}
}
