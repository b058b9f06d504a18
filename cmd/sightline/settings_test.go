package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runCommand runs the program with arguments and an environment of its own.
func runCommand(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // a command that gets as far as serving stops at once
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	code = run(ctx, args, console{stdout: &out, stderr: &errs, environ: environ, env: func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}})
	return code, out.String(), errs.String()
}

func TestWrongSettingsAreReportedAllAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "never.db")
	code, _, stderr := runCommand(t, map[string]string{
		"SIGHTLINE_ADDR":           "nowhere",
		"SIGHTLINE_DATABASE_URL":   "mysql://" + database,
		"SIGHTLINE_SECRET_KEYS":    "k1:c2hvcnQ=",
		"SIGHTLINE_ALLOWED_HOSTS":  "https://*.atlassian.net/",
		"SIGHTLINE_ACJS_URL":       "http://cdn.example/all.js",
		"SIGHTLINE_CHAT_CLIENT_ID": "half",
		"SIGHTLINE_LOG_LEVEL":      "loud",
		"SIGHTLINE_LOG_FORMAT":     "xml",
	}, "serve")
	if code != exitUsage {
		t.Errorf("exit code %d, want %d", code, exitUsage)
	}
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	for _, name := range []string{
		"ADDR", "BASE_URL", "DATABASE_URL", "SECRET_KEYS", "ALLOWED_HOSTS", "ACJS_URL", "CHAT_CLIENT_ID", "LOG_LEVEL", "LOG_FORMAT",
	} {
		found := 0
		for _, line := range lines {
			if strings.Contains(line, "SIGHTLINE_"+name+":") {
				found++
			}
		}
		if found != 1 {
			t.Errorf("SIGHTLINE_%s has %d lines, want 1:\n%s", name, found, stderr)
		}
	}
	if strings.Contains(stderr, "c2hvcnQ=") {
		t.Error("a key is repeated")
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("something was opened: %v", entries)
	}
}

// TestHalfOfSlack: the settings of Slack go together.
func TestHalfOfSlack(t *testing.T) {
	t.Parallel()
	code, _, stderr := runCommand(t, map[string]string{"SIGHTLINE_SLACK_CLIENT_ID": "half", "SIGHTLINE_SLACK_API_URL": "nowhere"}, "serve")
	if code != exitUsage || !strings.Contains(stderr, "SIGHTLINE_SLACK_CLIENT_ID:") || !strings.Contains(stderr, "SIGHTLINE_SLACK_API_URL:") {
		t.Errorf("exit %d:\n%s", code, stderr)
	}
}

func TestSettingFromFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "keys")
	if err := os.WriteFile(file, []byte(testKeys()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"SIGHTLINE_DATABASE_URL":     "sqlite://" + filepath.Join(dir, "sightline.db"),
		"SIGHTLINE_SECRET_KEYS_FILE": file,
	}
	if code, _, stderr := runCommand(t, env, "rekey"); code != exitFailed || !strings.Contains(stderr, "there is no database of Sightline") {
		t.Errorf("exit %d, want it to find the settings right and no database:\n%s", code, stderr)
	}
	env["SIGHTLINE_SECRET_KEYS"] = testKeys()
	if code, _, stderr := runCommand(t, env, "rekey"); code != exitUsage || !strings.Contains(stderr, "both set") {
		t.Errorf("exit %d, want a complaint about both:\n%s", code, stderr)
	}
	delete(env, "SIGHTLINE_SECRET_KEYS")
	env["SIGHTLINE_SECRET_KEYS_FILE"] = filepath.Join(dir, "absent")
	if code, _, stderr := runCommand(t, env, "rekey"); code != exitUsage || !strings.Contains(stderr, "SIGHTLINE_SECRET_KEYS_FILE") {
		t.Errorf("exit %d, want a complaint about the file:\n%s", code, stderr)
	}
}

func TestDescriptorCommand(t *testing.T) {
	t.Parallel()
	for _, product := range []string{"jira", "chat"} {
		code, stdout, stderr := runCommand(t, nil, "descriptor", "--product", product, "--base-url", "https://app.example/base/")
		if code != 0 || !strings.Contains(stdout, `"baseUrl": "https://app.example/base"`) {
			t.Errorf("%s: exit %d\n%s%s", product, code, stdout, stderr)
		}
		if code, stdout, stderr := runCommand(t, nil, "descriptor", "--product", product, "--check"); code != 0 {
			t.Errorf("%s: exit %d\n%s%s", product, code, stdout, stderr)
		}
	}
	if code, _, stderr := runCommand(t, nil, "descriptor", "--base-url", "http://app.example", "--check"); code != exitFailed || !strings.Contains(stderr, "https") {
		t.Errorf("exit %d, want a complaint about http:\n%s", code, stderr)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}} {
		if code, _, stderr := runCommand(t, nil, args...); code != exitUsage || stderr == "" {
			t.Errorf("%q: exit %d, want %d\n%s", args, code, exitUsage, stderr)
		}
	}
	if code, stdout, _ := runCommand(t, nil, "serve", "--help"); code != 0 || !strings.Contains(stdout, "$SIGHTLINE_BASE_URL") {
		t.Errorf("help: exit %d, no environment variables:\n%s", code, stdout)
	}
}

// TestPlainHelp: the program without a command says what it can do.
func TestPlainHelp(t *testing.T) {
	t.Parallel()
	if code, stdout, stderr := runCommand(t, nil); code != 0 || !strings.Contains(stdout, "serve") || stderr != "" {
		t.Errorf("exit %d:\n%s%s", code, stdout, stderr)
	}
}

// TestEmptyVariable: an empty variable counts as not set, as compose files write
// it, also beside the same setting from a file.
func TestEmptyVariable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "keys")
	if err := os.WriteFile(file, []byte(testKeys()), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"SIGHTLINE_BASE_URL": "https://app.example", "SIGHTLINE_SECRET_KEYS": "", "SIGHTLINE_SECRET_KEYS_FILE": file,
		"SIGHTLINE_DATABASE_URL": "sqlite://" + filepath.Join(dir, "sightline.db"), "SIGHTLINE_DATABASE_URL_FILE": "",
		"SIGHTLINE_CONNECT": "", "SIGHTLINE_MAX_AGE": "", "SIGHTLINE_CHAT_CLIENT_ID": "", "SIGHTLINE_NONSENSE": "",
	}
	if code, _, stderr := runCommand(t, env, "serve"); code != exitFailed || !strings.Contains(stderr, "canceled") || strings.Contains(stderr, "NONSENSE") {
		t.Errorf("exit %d, want the canceled context's error:\n%s", code, stderr)
	}
}

// TestUnknownVariables: a variable that is no setting is warned about, with the
// nearest one, in the form in which the command logs.
func TestUnknownVariables(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"SIGHTLINE_BASEURL": "https://app.example", "SIGHTLINE_SECRET_KEY_FILE": "keys", "SIGHTLINE_WHATEVER_ELSE": "1",
		"SIGHTLINE_TEST_ALL": "1", "SIGHTLINE_SERVICE_HOST": "10.0.0.1", "SIGHTLINE_PORT": "tcp://10.0.0.1:80", "HOME": "/root",
		"OTEL_SERVICE_NAME": "sightline", "OTEL_NO_SUCH_THING": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
	}
	for command, lines := range map[string][]string{
		"version": {
			"sightline: SIGHTLINE_BASEURL is no setting; did you mean SIGHTLINE_BASE_URL?",
			"sightline: SIGHTLINE_SECRET_KEY_FILE is no setting; did you mean SIGHTLINE_SECRET_KEYS_FILE?",
			"sightline: SIGHTLINE_WHATEVER_ELSE is no setting",
		},
		"serve": {
			`level=WARN msg="SIGHTLINE_BASEURL is no setting; did you mean SIGHTLINE_BASE_URL?"`,
			`level=WARN msg="SIGHTLINE_SECRET_KEY_FILE is no setting; did you mean SIGHTLINE_SECRET_KEYS_FILE?"`,
			`level=WARN msg="SIGHTLINE_WHATEVER_ELSE is no setting"`,
		},
	} {
		_, _, stderr := runCommand(t, env, command)
		for _, line := range lines {
			if !strings.Contains(stderr, line+"\n") {
				t.Errorf("%s: no line %q:\n%s", command, line, stderr)
			}
		}
		if got := strings.Count(stderr, "is no setting"); got != len(lines) {
			t.Errorf("%s: %d warnings, want %d:\n%s", command, got, len(lines), stderr)
		}
	}
}

// TestTraceVariables: wrong ones of OpenTelemetry's variables are reported with all other
// settings, before anything is opened.
func TestTraceVariables(t *testing.T) {
	t.Parallel()
	env := map[string]string{"OTEL_TRACES_EXPORTER": "zipkin", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "SIGHTLINE_SECRET_KEYS": testKeys()}
	code, _, stderr := runCommand(t, env, "serve")
	for _, line := range []string{
		"sightline: OTEL_TRACES_EXPORTER: is neither otlp nor none\n", "sightline: OTEL_EXPORTER_OTLP_PROTOCOL: is not http/protobuf", "sightline: SIGHTLINE_BASE_URL: is required\n",
	} {
		if code != exitUsage || !strings.Contains(stderr, line) {
			t.Errorf("exit %d, no line %q:\n%s", code, line, stderr)
		}
	}
}
