package commands

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store"
)

// TestZonesAreInTheBinary: the static command knows the zones of conversations
// where there is nothing but the command and its database.
func TestZonesAreInTheBinary(t *testing.T) {
	t.Parallel()
	harness.Long(t)
	if os.Getuid() != 0 {
		t.Skip("only root may give a process an empty root folder")
	}
	root, secrets := t.TempDir(), "k:"+app.NewKey()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(root, "sightline"), "github.com/sightline-go/sightline/cmd/sightline")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	storeZones(t, "sqlite://"+filepath.Join(root, "x.db"), secrets, "Pacific/Chatham", "No/Such")
	list := exec.CommandContext(t.Context(), "/sightline", "glances")
	list.Dir, list.SysProcAttr = "/", &syscall.SysProcAttr{Chroot: root}
	list.Env = []string{"SIGHTLINE_DATABASE_URL=sqlite:///x.db", "SIGHTLINE_SECRET_KEYS=" + secrets}
	out, err := list.CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"No/Such" is not a time zone`) || strings.Contains(string(out), `"Pacific/Chatham" is not`) {
		t.Errorf("got %v\n%s", err, out)
	}
}

// storeZones makes a database with one conversation for each zone.
func storeZones(t *testing.T, address, secrets string, zones ...string) {
	t.Helper()
	keys, err := store.ParseKeyRing(secrets)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{
		URL: address, Keys: keys, Version: "0.1.0", Log: harness.Quiet(), Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, zone := range zones {
		room := glance.Conversation{Surface: glance.SurfaceSlack, Site: "T1", ID: zone}
		key := glance.Key{Surface: glance.SurfaceSlack, Site: "T1", Conversation: zone, Kind: glance.KindGlance, Module: "glance"}
		state := key
		state.Kind = glance.KindConfiguration
		if err := st.Conversations.Begin(t.Context(), room, key, state, time.Now()); err != nil {
			t.Fatal(err)
		}
		config := glance.Config{Projects: []string{"ABC"}, Window: 14, Zone: "UTC"}
		if err := st.Conversations.Configure(t.Context(), key, state, config, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	setZones(t, strings.TrimPrefix(address, "sqlite://"))
}

// setZones stores a zone that saving may refuse: the conversation's name.
func setZones(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "UPDATE glances SET zone = conversation_id"); err != nil {
		t.Fatal(err)
	}
}
