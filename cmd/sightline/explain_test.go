package main

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	// The claims {"iss":"key","exp":1} under {"alg":"none"}.
	const token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJrZXkiLCJleHAiOjF9."
	code, out, errs := runCommand(t, nil, "explain", "https://app.example.com/page?jwt="+token)
	if code != exitFailed || !strings.Contains(out, "alg        none  wrong") || !strings.Contains(out, "qsh        missing") || !strings.Contains(errs, "refused") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if strings.Contains(out, token) {
		t.Error("the token is printed")
	}
	if code, _, errs := runCommand(t, nil, "explain", "https://app.example.com/page"); code != exitFailed || !strings.Contains(errs, "no token") {
		t.Errorf("no token: exit %d, %s", code, errs)
	}
}
