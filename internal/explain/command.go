package explain

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Command explains a token on the command line, with command line tags.
type Command struct {
	Text         string `arg:"" name:"token|url" help:"The token, or an address with one in its parameter jwt; - reads it from the input."`
	Method       string `help:"Method of the request that the token came with." default:"GET"`
	URL          string `name:"url" help:"Address of the request that the token came with in a header."`
	BaseURL      string `name:"base-url" help:"The app's base URL, to compare its path and an install token's audience."`
	SharedSecret string `help:"Shared secret of the install, to check the signature; better as SIGHTLINE_SHARED_SECRET_FILE."`
	ForgeAppID   string `name:"forge-app-id" help:"The app's id on Forge, to compare."`
	JSON         bool   `name:"json" help:"Print the report as JSON."`
}

// maxInput bounds a token that is read from the input, in bytes.
const maxInput = 64 << 10

// Run prints the report. The error is [ErrRefused] for a bad token.
func (c Command) Run(in io.Reader, out io.Writer, now time.Time) error {
	q := Question{Text: c.Text, Method: c.Method, URL: c.URL, BaseURL: c.BaseURL, AppID: c.ForgeAppID, Now: now}
	if c.Text == "-" {
		data, err := io.ReadAll(io.LimitReader(in, maxInput))
		if err != nil {
			return fmt.Errorf("read the token: %w", err)
		}
		q.Text = string(data)
	}
	if c.SharedSecret != "" {
		q.Secret = []byte(strings.TrimSpace(c.SharedSecret))
	}
	r, err := Ask(q)
	if err != nil {
		return err
	}
	text := r.String()
	if c.JSON {
		data, err := r.JSON()
		if err != nil {
			return err
		}
		text = string(data) + "\n"
	}
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	if r.Bad() {
		return ErrRefused
	}
	return nil
}
