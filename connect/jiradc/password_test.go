package jiradc_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/jiradc"
)

func TestPasswordDoesNotPrintItself(t *testing.T) {
	t.Parallel()
	details := jiradc.UserDetails{Name: "fred", Password: "abracadabra"}
	change := jiradc.PasswordChange{Password: "abracadabra", Current: "abracadabra"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "details", details, "change", change, "password", details.Password)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "details", details, "change", change, "password", details.Password)
	written, err := json.Marshal([]any{details, change})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		log.String(), string(written), fmt.Sprintf("%v %+v %#v %s %q", details, change, change, details.Password, details.Password),
	} {
		if strings.Contains(text, "abracadabra") {
			t.Errorf("got %s", text)
		}
	}
}
