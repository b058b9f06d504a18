package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const (
	keyOne = "one:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	keyTwo = "two:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
)

func ring(t *testing.T, text string) *KeyRing {
	t.Helper()
	keys, err := ParseKeyRing(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func seal(t *testing.T, keys *KeyRing, text, aad string) []byte {
	t.Helper()
	sealed, err := keys.Seal([]byte(text), aad)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestParseKeyRingRefuses(t *testing.T) {
	t.Parallel()
	secret := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32))
	for _, text := range []string{
		"", " ", ",", secret, ":" + secret, "one", "one:", "one:" + secret[:20], "one:" + secret + "=",
		"one:" + secret + secret, "one:!" + secret[1:], "o ne:" + secret, "one:" + secret + ",",
		"one:" + secret + ",two", "one:" + secret + ",one:" + secret, "one;" + secret,
		strings.Repeat("i", 65) + ":" + secret, "one:" + strings.TrimRight(secret, "="),
	} {
		keys, err := ParseKeyRing(text)
		if err == nil {
			t.Errorf("parse %q: got %v, want an error", text, keys)
			continue
		}
		if strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("parse %q: the error holds key material: %v", text, err)
		}
	}
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	one := ring(t, keyOne)
	rotated := ring(t, " "+keyTwo+" ,\n"+keyOne+"\n")
	sealed := seal(t, one, "hush", "tenant")
	for name, keys := range map[string]*KeyRing{"same": one, "rotated": rotated} {
		got, err := keys.Open(sealed, "tenant")
		if err != nil || string(got) != "hush" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	if again := seal(t, one, "hush", "tenant"); bytes.Equal(again, sealed) {
		t.Error("sealed twice alike: the nonce is not random")
	}
	if bytes.Contains(sealed, []byte("hush")) {
		t.Error("the text is in what was sealed")
	}
	if rotated.Newest(sealed) || !one.Newest(sealed) {
		t.Error("newest: got the wrong answer")
	}
	if _, err := one.Open(sealed, "other"); !errors.Is(err, ErrSealed) {
		t.Errorf("other aad: got %v, want %v", err, ErrSealed)
	}
	stranger := ring(t, keyTwo)
	if _, err := stranger.Open(sealed, "tenant"); !errors.Is(err, ErrSealed) || !strings.Contains(err.Error(), `"one"`) {
		t.Errorf("missing key: got %v, want %v that names it", err, ErrSealed)
	}
	impostor := ring(t, "one:"+strings.TrimPrefix(keyTwo, "two:"))
	if _, err := impostor.Open(sealed, "tenant"); !errors.Is(err, ErrSealed) || !strings.Contains(err.Error(), "wrong key") {
		t.Errorf("wrong key: got %v, want %v", err, ErrSealed)
	}
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		if got, err := one.Open(altered, "tenant"); !errors.Is(err, ErrSealed) {
			t.Errorf("byte %d altered: got %q, %v", i, got, err)
		}
		if got, err := one.Open(sealed[:i], "tenant"); !errors.Is(err, ErrSealed) {
			t.Errorf("cut to %d: got %q, %v", i, got, err)
		}
	}
	if _, err := (&KeyRing{}).Seal(nil, ""); err == nil {
		t.Error("sealed without a key")
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	one, both := ring(t, keyOne), ring(t, keyTwo+","+keyOne)
	a, b := one.Derive("sessions"), both.Derive("sessions")
	if len(a) != 1 || len(b) != 2 || len(a[0]) != 32 {
		t.Fatalf("got %d and %d keys", len(a), len(b))
	}
	if !bytes.Equal(a[0], b[1]) || bytes.Equal(b[0], b[1]) || bytes.Equal(a[0], one.Derive("other")[0]) {
		t.Error("derived keys do not follow key and purpose")
	}
	if bytes.Equal(a[0], one.keys[0].secret) {
		t.Error("the derived key is the key")
	}
}

func TestKeyRingPrintsNothing(t *testing.T) {
	t.Parallel()
	keys := ring(t, keyOne)
	type options struct{ Keys *KeyRing }
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", keys, options{Keys: keys})
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "keys", keys, "options", options{Keys: keys}.Keys)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "keys", keys)
	data, err := json.Marshal(keys) //nolint:staticcheck // that it gives nothing away is the point
	if err != nil {
		t.Fatal(err)
	}
	out.Write(data)
	for _, leak := range []string{"AQEB", "0101", "1 1 1", "\x01\x01", `\x01`, "0x1, 0x1"} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("printed %q: %s", leak, out.String())
		}
	}
}
