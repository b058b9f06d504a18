package edge

import (
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func TestSettingOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ route, code, want string }{
		{"/lifecycle/installed", connect.CodeHost, "SIGHTLINE_ALLOWED_HOSTS"},
		{"/lifecycle/installed", connect.CodeAudience, "SIGHTLINE_BASE_URL"},
		{"/gadgets/workload", connect.CodeQSHMismatch, "SIGHTLINE_BASE_URL"},
		{"/gadgets/workload", connect.CodeExpired, ""},
		{"/forge/events", connect.CodeAudience, "SIGHTLINE_FORGE_APP_ID"},
		{"/forge/events", connect.CodeEnvironment, "SIGHTLINE_FORGE_ENVIRONMENTS"},
		{"/base/forge/events", connect.CodeAPIURL, "SIGHTLINE_FORGE_API_URL"},
		{"/chat/glance", connect.CodeIssuer, "SIGHTLINE_CHAT_CLIENT_ID"},
		{"/chat/glance", connect.CodeSignature, "SIGHTLINE_CHAT_CLIENT_SECRET"},
		{"/slack/events", connect.CodeSignature, "SIGHTLINE_SLACK_SIGNING_SECRET"},
		{"/slack/events", connect.CodeMissing, ""},
	} {
		if got := settingOf(tt.route, tt.code); got != tt.want {
			t.Errorf("%s on %s: got %q, want %q", tt.code, tt.route, got, tt.want)
		}
	}
}
