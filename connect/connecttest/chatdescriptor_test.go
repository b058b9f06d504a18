package connecttest

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestChatDescriptorRefusals(t *testing.T) {
	t.Parallel()
	app := newTestApp(t)
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
		"chat:glance[0].icon: ":        func(d map[string]any) { first(d, kindGlance)["icon"] = map[string]any{"url": "/g.png"} },
		"chat:glance[0].name.value: ":  func(d map[string]any) { delete(first(d, kindGlance), "name") },
		"chat:glance[0].target: ":      func(d map[string]any) { first(d, kindGlance)["target"] = "nowhere" },
		"chat:glance[0].queryUrl: ":    func(d map[string]any) { first(d, kindGlance)["queryUrl"] = "https://x" },
		"chat:configuration[0].page: ": func(d map[string]any) { first(d, kindConfiguration)["page"] = map[string]any{"target": "board"} },
		"chat:configuration[0].state":  func(d map[string]any) { delete(first(d, kindConfiguration), "state") },
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
		if _, err := parseChatDescriptor(marshal(t, d)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func TestResolveTargets(t *testing.T) {
	t.Parallel()
	var d chatDescriptor
	err := json.Unmarshal([]byte(`{"modules":{
		"chat:sidebar":[{"key":"side","url":"/s"},{"key":"both","url":"/s"}],"chat:dialog":[{"key":"dialog","url":"/d"}],
		"chat:configuration":[{"key":"setup","page":{"target":"dialog"}},{"key":"page","page":{"url":"/p"}}],
		"chat:actionTarget":[{"key":"a","openSidebar":{"key":"side"}},{"key":"b","openDialog":{"key":"dialog"}},
			{"key":"both","openDialog":{"key":"dialog"}},{"key":"c","openConfiguration":{"key":"setup"}},
			{"key":"d","callService":{"url":"/x"}},{"key":"e"},{"key":"f","openConfiguration":{"key":"page"}}]}}`), &d)
	if err != nil {
		t.Fatal(err)
	}
	d.readModules(&faultList{})
	for key, want := range map[string]string{
		"a": "sidebar side", "b": "dialog dialog", "both": "dialog dialog", "c": "dialog dialog", "d": "service d",
		"e": " ", "f": " ", "side": "sidebar side", "dialog": "dialog dialog", "nothing": " ",
	} {
		if to := d.resolve(key); to.Kind+" "+to.Key != want {
			t.Errorf("%s: got %+v, want %s", key, to, want)
		}
	}
}
