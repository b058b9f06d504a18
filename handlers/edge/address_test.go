package edge

import (
	"net/url"
	"testing"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	about := url.Values{"key": {"A&B"}}
	item := Address{Base: "/base/gadget/workload", Query: "?dashboardId=1"}
	room := Address{Base: "/base/chat/sidebar"}
	for _, tt := range []struct{ got, want string }{
		{item.Call("view"), "/base/gadget/workload/view?dashboardId=1"},
		{item.With("issue", about), "/base/gadget/workload/issue?dashboardId=1&key=A%26B"},
		{room.Call("view"), "/base/chat/sidebar/view"},
		{room.With("issue", about), "/base/chat/sidebar/issue?key=A%26B"},
		{Address{}.With("issue", about), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
