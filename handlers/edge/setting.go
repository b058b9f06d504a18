package edge

import (
	"strings"

	"github.com/sightline-go/sightline/connect"
)

// settingOf names the setting that decides whether a refused request would be
// accepted, for the log; "" if none does. The part of the app that was called
// tells which of several it is.
func settingOf(route, code string) string {
	switch {
	case code == connect.CodeHost:
		return "SIGHTLINE_ALLOWED_HOSTS"
	case code == connect.CodeEnvironment:
		return "SIGHTLINE_FORGE_ENVIRONMENTS"
	case code == connect.CodeAPIURL:
		return "SIGHTLINE_FORGE_API_URL"
	case strings.Contains(route, "/forge/"):
		return settingOfForge(code)
	case strings.Contains(route, "/chat/"):
		return settingOfChat(code)
	case strings.Contains(route, "/slack/") && code == connect.CodeSignature:
		return "SIGHTLINE_SLACK_SIGNING_SECRET"
	case code == connect.CodeAudience, code == connect.CodeQSHMismatch:
		return "SIGHTLINE_BASE_URL"
	case code == connect.CodeKey:
		return "SIGHTLINE_INSTALL_KEYS_URL"
	}
	return ""
}

func settingOfForge(code string) string {
	switch code {
	case connect.CodeAudience:
		return "SIGHTLINE_FORGE_APP_ID"
	case connect.CodeKey:
		return "SIGHTLINE_FORGE_JWKS_URL"
	}
	return ""
}

func settingOfChat(code string) string {
	switch code {
	case connect.CodeIssuer:
		return "SIGHTLINE_CHAT_CLIENT_ID"
	case connect.CodeSignature:
		return "SIGHTLINE_CHAT_CLIENT_SECRET"
	}
	return ""
}
