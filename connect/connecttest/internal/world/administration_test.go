package world_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	w := sample(t)
	made, err := w.CreateRole("Reviewers", "They look.")
	if got, found := w.Role(made.ID); err != nil || !found || got != made || made.ID != "10004" {
		t.Errorf("got %+v, %v, %v", got, found, err)
	}
	for _, name := range []string{"reviewers", "Developers"} {
		if _, err := w.CreateRole(name, ""); !errors.Is(err, world.ErrExists) {
			t.Errorf("%s: got %v, want %v", name, err, world.ErrExists)
		}
	}
	if second, err := w.CreateRole("Guests", ""); err != nil || second.ID != "10005" {
		t.Errorf("second: got %+v, %v", second, err)
	}
	if len(w.Roles()) != 6 {
		t.Errorf("got %d roles", len(w.Roles()))
	}
	w.Reset()
	if _, found := w.Role(made.ID); found || len(w.Roles()) != 4 {
		t.Errorf("reset: got %d roles", len(w.Roles()))
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	w := sample(t)
	all := w.Attachments()
	if len(all) != 4 {
		t.Fatalf("got %d attachments", len(all))
	}
	for _, a := range all {
		if _, found := w.Issue(a.IssueID); !found || a.Author == "" || a.Content == "" || a.Created.IsZero() {
			t.Errorf("got %+v", a)
		}
	}
	if _, err := w.DeleteIssue(all[0].IssueID, at(t)); err != nil {
		t.Fatal(err)
	}
	if _, found := w.Attachment(all[0].ID); found || len(w.Attachments()) != 2 {
		t.Errorf("with its issue: got %d attachments", len(w.Attachments()))
	}
	w.Reset()
	if got, found := w.Attachment(all[0].ID); !found || got != all[0] {
		t.Errorf("reset: got %+v", got)
	}
}

func TestNotificationSchemesCoverEachProjectOnce(t *testing.T) {
	t.Parallel()
	w := sample(t)
	var covered []string
	ids := map[int64]bool{}
	for _, s := range w.NotificationSchemes() {
		covered = append(covered, s.Projects...)
		for _, e := range s.Events {
			for _, r := range e.Recipients {
				if ids[r.ID] {
					t.Errorf("recipient %d is there twice", r.ID)
				}
				ids[r.ID] = true
			}
		}
	}
	var want []string
	for _, p := range w.Projects() {
		want = append(want, p.ID)
	}
	if !slices.Equal(covered, want) {
		t.Errorf("got %v, want %v", covered, want)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := sample(t)
	off := world.Settings{TimeTrackingOff: true, AttachmentsOff: true}
	w.SetSettings(off)
	if got := w.Settings(); got != off {
		t.Errorf("got %+v", got)
	}
	w.Reset()
	if got := w.Settings(); got != (world.Settings{}) {
		t.Errorf("reset: got %+v", got)
	}
}

func TestBrowsingUsersIsAPermission(t *testing.T) {
	t.Parallel()
	w := sample(t)
	w.AddApp("acme", "Acme")
	for account, want := range map[string]bool{
		person(t, w, "mlindqvist").AccountID:  true,
		person(t, w, "tfaleolo").AccountID:    false,
		person(t, w, "wcastellane").AccountID: false,
		world.AppAccount("acme"):              true,
		"":                                    false,
	} {
		if got := w.Can(account, world.UserPicker, ""); got != want {
			t.Errorf("%q: got %t", account, got)
		}
	}
}
