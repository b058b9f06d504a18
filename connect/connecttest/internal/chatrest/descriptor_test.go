package chatrest

import (
	"encoding/json"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/descriptor"
)

func TestResolveTargets(t *testing.T) {
	t.Parallel()
	var d appDescriptor
	err := json.Unmarshal([]byte(`{"modules":{
		"chat:sidebar":[{"key":"side","url":"/s"},{"key":"both","url":"/s"}],"chat:dialog":[{"key":"dialog","url":"/d"}],
		"chat:configuration":[{"key":"setup","page":{"target":"dialog"}},{"key":"page","page":{"url":"/p"}}],
		"chat:actionTarget":[{"key":"a","openSidebar":{"key":"side"}},{"key":"b","openDialog":{"key":"dialog"}},
			{"key":"both","openDialog":{"key":"dialog"}},{"key":"c","openConfiguration":{"key":"setup"}},
			{"key":"d","callService":{"url":"/x"}},{"key":"e"},{"key":"f","openConfiguration":{"key":"page"}}]}}`), &d)
	if err != nil {
		t.Fatal(err)
	}
	d.readModules(&descriptor.Faults{})
	for key, want := range map[string]string{
		"a": "sidebar side", "b": "dialog dialog", "both": "dialog dialog", "c": "dialog dialog", "d": "service d",
		"e": " ", "f": " ", "side": "sidebar side", "dialog": "dialog dialog", "nothing": " ",
	} {
		if to := d.resolve(key); to.Kind+" "+to.Key != want {
			t.Errorf("%s: got %+v, want %s", key, to, want)
		}
	}
}
