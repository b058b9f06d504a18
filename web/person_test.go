package web

import "testing"

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "?", "  ": "?", "ada": "A", "Ada Moreno": "AM", "Ada de la Moreno": "AM", "élodie örtel": "ÉÖ",
	} {
		if got := Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
