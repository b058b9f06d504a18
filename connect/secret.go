package connect

import (
	"encoding/json"
	"log/slog"
)

// redacted is what every printer shows instead of a secret.
const redacted = "[secret]"

// Secret is a text that no formatter, logger or encoder prints: a shared secret,
// a client secret, a bearer token. Only [Secret.Reveal] returns it, so that a
// search for that name finds every use.
//
// The zero value is the empty secret. Secrets cannot be compared with ==: use
// crypto/subtle on what Reveal returns.
type Secret struct {
	_    [0]func()
	text string
}

// NewSecret hides text.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal returns the text itself.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == "" }

// String returns a constant.
func (Secret) String() string { return redacted }

// GoString returns a constant.
func (Secret) GoString() string { return redacted }

// LogValue returns a constant.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON returns a constant; slog's JSON handler does not ask LogValue of
// nested fields.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// MarshalText returns a constant.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalJSON reads the text out of a JSON string.
func (s *Secret) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &s.text) }
