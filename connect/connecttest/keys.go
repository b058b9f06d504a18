package connecttest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// installKey signs the installed and uninstalled calls. It is made when it is
// first needed, since making one takes longer than everything else here.
type installKey struct {
	once    sync.Once
	private *rsa.PrivateKey
	public  []byte
	kid     string
	err     error
}

func (k *installKey) ready() error {
	k.once.Do(func() { k.err = k.generate() })
	return k.err
}

func (k *installKey) generate() error {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("make install key: %w", err)
	}
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return fmt.Errorf("encode install key: %w", err)
	}
	k.private, k.kid = private, newUUID()
	k.public = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return nil
}

func (k *installKey) sign(claims jwt.Claims) (string, error) {
	if err := k.ready(); err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = k.kid
	signed, err := token.SignedString(k.private)
	if err != nil {
		return "", fmt.Errorf("sign install token: %w", err)
	}
	return signed, nil
}

// serveInstallKey answers /install-keys/{kid} as Atlassian's key host does.
func (s *Site) serveInstallKey(w http.ResponseWriter, r *http.Request) {
	if err := s.key.ready(); err != nil {
		problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	if r.PathValue("kid") != s.key.kid {
		problem(w, http.StatusNotFound, "there is no such install key")
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(s.key.public)
}

// InstallKey returns the private key that signs the installed and uninstalled
// calls and its key id, for tests that need forged ones.
func (s *Site) InstallKey() (*rsa.PrivateKey, string, error) {
	err := s.key.ready()
	return s.key.private, s.key.kid, err
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// randomText is 256 bits, in hex.
func randomText() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
