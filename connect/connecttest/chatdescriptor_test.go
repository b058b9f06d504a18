package connecttest

import (
	"strings"
	"testing"
)

func TestChatDescriptorRefusals(t *testing.T) {
	t.Parallel()
	site, app := NewSite(t), newTestApp(t)
	modules := func(d map[string]any) map[string]any { m, _ := d["modules"].(map[string]any); return m }
	first := func(d map[string]any, kind string) map[string]any {
		list, _ := modules(d)[kind].([]any)
		m, _ := list[0].(map[string]any)
		return m
	}
	for want, amend := range map[string]func(d map[string]any){
		"key: ":                        func(d map[string]any) { delete(d, "key") },
		"baseUrl: ":                    func(d map[string]any) { d["baseUrl"] = "http://app.example.com" },
		"lifecycle.installed: ":        func(d map[string]any) { delete(d, "lifecycle") },
		"chat:glance[0].icon: ":        func(d map[string]any) { first(d, "chat:glance")["icon"] = map[string]any{"url": "/g.png"} },
		"chat:glance[0].name.value: ":  func(d map[string]any) { delete(first(d, "chat:glance"), "name") },
		"chat:glance[0].target: ":      func(d map[string]any) { first(d, "chat:glance")["target"] = "nowhere" },
		"chat:glance[0].queryUrl: ":    func(d map[string]any) { first(d, "chat:glance")["queryUrl"] = "https://x" },
		"chat:configuration[0].page: ": func(d map[string]any) { first(d, "chat:configuration")["page"] = map[string]any{"target": "board"} },
		"chat:configuration[0].state":  func(d map[string]any) { delete(first(d, "chat:configuration"), "state") },
		"chat:dialog[0].url: ":         func(d map[string]any) { first(d, "chat:dialog")["url"] = "setup" },
		"chat:sidebar[0].key: ":        func(d map[string]any) { delete(first(d, "chat:sidebar"), "key") },
		"chat:actionTarget[0]: ":       func(d map[string]any) { first(d, "chat:actionTarget")["openSidebar"] = map[string]any{"key": "x"} },
		"modules.chat:dialog: ":        func(d map[string]any) { modules(d)["chat:dialog"] = "none" },
		"chat:sidebar[1].key: \"board\" is used": func(d map[string]any) {
			modules(d)["chat:sidebar"] = []any{first(d, "chat:sidebar"), first(d, "chat:sidebar")}
		},
	} {
		d := app.chatDescriptor()
		amend(d)
		if _, err := site.InstallChat(t.Context(), serving(t, marshal(t, d)), "", "client", "secret"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}
