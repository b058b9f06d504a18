// Package seal keeps secrets sealed at rest: AES-256-GCM under the first of a list
// of keys, each value bound to the row that it belongs to.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
)

// ErrSealed means that a sealed value does not open: its key is not in the
// ring, it was altered, or it belongs to something else.
var ErrSealed = errors.New("sealed value does not open")

var keyID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

const (
	keySize = 32
	// sealedFormat is the first byte of every sealed value.
	sealedFormat = 1
)

// KeyRing holds the keys that secrets are sealed under with AES-256-GCM: the
// first seals, all open. It prints as a constant.
type KeyRing struct {
	keys []ringKey
}

type ringKey struct {
	id     string
	secret []byte
	aead   cipher.AEAD
}

// ParseKeyRing reads a list of id:base64(32 bytes), separated by commas; the
// first seals. Ids are letters, digits and "_.-". Errors count entries from 1
// and hold nothing of them.
func ParseKeyRing(s string) (*KeyRing, error) {
	ring := &KeyRing{}
	for i, entry := range strings.Split(s, ",") {
		key, err := parseKey(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("secret key %d: %w", i+1, err)
		}
		if ring.find(key.id) != nil {
			return nil, fmt.Errorf("secret key %d: its id is taken by an earlier one", i+1)
		}
		ring.keys = append(ring.keys, key)
	}
	return ring, nil
}

func parseKey(entry string) (ringKey, error) {
	id, text, ok := strings.Cut(entry, ":")
	if !ok || !keyID.MatchString(id) {
		return ringKey{}, errors.New("want id:base64")
	}
	secret, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(secret) != keySize {
		return ringKey{}, fmt.Errorf("want base64 of %d bytes after the id", keySize)
	}
	aead, err := newAEAD(secret)
	return ringKey{id: id, secret: secret, aead: aead}, err
}

// newAEAD derives a key for sealing, so that no two purposes share a key.
func newAEAD(secret []byte) (cipher.AEAD, error) {
	key, err := derive(secret, "sightline seal")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func derive(secret []byte, info string) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, nil, info, keySize)
}

// Seal encrypts plain under the first key. It opens only with the same
// aad, which says what the value belongs to.
func (k *KeyRing) Seal(plain []byte, aad string) ([]byte, error) {
	first, err := k.first()
	if err != nil {
		return nil, err
	}
	return first.aead.Seal(Header(first.id), nil, plain, []byte(aad)), nil
}

// Header begins every value that is sealed under the key of an id.
func Header(id string) []byte { return append([]byte{sealedFormat, byte(len(id))}, id...) }

// Headers are those of all keys, the first one's first.
func (k *KeyRing) Headers() [][]byte {
	headers := make([][]byte, len(k.keys))
	for i, key := range k.keys {
		headers[i] = Header(key.id)
	}
	return headers
}

// Has reports whether the key of an id is in the ring.
func (k *KeyRing) Has(id string) bool { return k.find(id) != nil }

// Open decrypts what Seal made under any key of the ring. An error wraps
// [ErrSealed] and holds neither key nor text.
func (k *KeyRing) Open(sealed []byte, aad string) ([]byte, error) {
	id, rest, ok := splitSealed(sealed)
	if !ok {
		return nil, fmt.Errorf("%w: not in a known format", ErrSealed)
	}
	key := k.find(id)
	if key == nil {
		return nil, fmt.Errorf("%w: key %q is not among the secret keys", ErrSealed, id)
	}
	plain, err := key.aead.Open(nil, nil, rest, []byte(aad))
	if err != nil {
		return nil, fmt.Errorf("%w: wrong key %q or altered value", ErrSealed, id)
	}
	return plain, nil
}

// Derive returns a key of 32 bytes for another purpose from each key of the
// ring, the first one's first, by HKDF-SHA256. Equal info, equal keys.
func (k *KeyRing) Derive(info string) [][]byte {
	var keys [][]byte
	for _, key := range k.keys {
		// HKDF fails only when more than 255 hashes are asked for.
		if derived, err := derive(key.secret, "sightline derive "+info); err == nil {
			keys = append(keys, derived)
		}
	}
	return keys
}

// Newest reports whether a sealed value is under the first key.
func (k *KeyRing) Newest(sealed []byte) bool {
	id, _, ok := splitSealed(sealed)
	return ok && len(k.keys) > 0 && id == k.keys[0].id
}

func (k *KeyRing) first() (*ringKey, error) {
	if len(k.keys) == 0 {
		return nil, errors.New("seal: no keys")
	}
	return &k.keys[0], nil
}

func (k *KeyRing) find(id string) *ringKey {
	i := slices.IndexFunc(k.keys, func(key ringKey) bool { return key.id == id })
	if i < 0 {
		return nil
	}
	return &k.keys[i]
}

// splitSealed takes the key id off a sealed value: format, length, id, rest.
func splitSealed(sealed []byte) (id string, rest []byte, ok bool) {
	if len(sealed) < 2 || sealed[0] != sealedFormat || len(sealed) < 2+int(sealed[1]) {
		return "", nil, false
	}
	end := 2 + int(sealed[1])
	return string(sealed[2:end]), sealed[end:], keyID.Match(sealed[2:end])
}

// Format prints a constant for every verb.
func (k *KeyRing) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, "[keys]") }

// LogValue returns a constant.
func (k *KeyRing) LogValue() slog.Value { return slog.StringValue("[keys]") }
