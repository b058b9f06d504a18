package jiradc

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

const redacted = "[redacted]"

// Password is a password that formatters, loggers and encoders do not print.
type Password string

// String hides the password.
func (Password) String() string { return redacted }

// GoString hides the password.
func (Password) GoString() string { return redacted }

// LogValue hides the password.
func (Password) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the password, in JSON too.
func (Password) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// PasswordChange is a new password.
type PasswordChange struct {
	Password Password
	// Current is the present password, needed to change one's own.
	Current Password
}

// SetPassword changes a person's password. Experimental.
//
// PUT /rest/api/2/user/password. Permission: to edit users. Statuses: 204, 400,
// 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-password-put
func (s *UsersService) SetPassword(ctx context.Context, user UserRef, change PasswordChange) error {
	return do(ctx, s.rest, rest.Request{
		Method: http.MethodPut, Path: "/rest/api/2/user/password", Query: refQuery(user), Header: experimental(),
		Body: struct {
			Password string `json:"password"`
			Current  string `json:"currentPassword,omitempty"`
		}{string(change.Password), string(change.Current)},
	})
}
