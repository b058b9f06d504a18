package forgerest

import (
	"encoding/base64"
	"math/big"
	"net/http"
	"sync"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// KeysPath is where the key set of invocation tokens lies.
const KeysPath = "/forge/.well-known/jwks.json"

// keyPrefix begins the ids of keys, as Forge's do.
const keyPrefix = "forge/invocation-token/"

// keyring holds the key that signs and, so that tokens on their way stay good,
// the one before it. The first is made when it is needed.
type keyring struct {
	mu                sync.Mutex
	current, previous sign.Key
}

// both are the key that signs now and the one before it, if there was one.
func (k *keyring) both() (current, previous sign.Key, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current.Private == nil {
		if k.current, err = newKey(); err != nil {
			return sign.Key{}, sign.Key{}, err
		}
	}
	return k.current, k.previous, nil
}

func newKey() (sign.Key, error) {
	key, err := sign.NewKey()
	key.ID = keyPrefix + key.ID
	return key, err
}

// Key is the one that signs now.
func (s *Server) Key() (sign.Key, error) {
	key, _, err := s.hub().keys.both()
	return key, err
}

// RotateKey makes another key that signs from now on. The key set keeps the one
// before it.
func (s *Server) RotateKey() error {
	key, err := newKey()
	if err != nil {
		return err
	}
	keys := &s.hub().keys
	keys.mu.Lock()
	defer keys.mu.Unlock()
	keys.previous, keys.current = keys.current, key
	return nil
}

// publicKey is a key of the set, https://www.rfc-editor.org/rfc/rfc7517.
type publicKey struct {
	Type      string `json:"kty"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	ID        string `json:"kid"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
}

func newPublicKey(k sign.Key) publicKey {
	public := k.Private.PublicKey
	text := base64.RawURLEncoding.EncodeToString
	return publicKey{"RSA", "sig", "RS256", k.ID, text(public.N.Bytes()), text(big.NewInt(int64(public.E)).Bytes())}
}

func (s *Server) serveKeys(w http.ResponseWriter, _ *http.Request) {
	current, previous, err := s.hub().keys.both()
	if err != nil {
		reply.Problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	list := []publicKey{newPublicKey(current)}
	if previous.Private != nil {
		list = append(list, newPublicKey(previous))
	}
	w.Header().Set("Cache-Control", "public, max-age=3600")
	reply.JSON(w, http.StatusOK, map[string]any{"keys": list})
}
