package sign

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// HS256 signs claims with a shared secret.
func HS256(secret string, claims jwt.Claims) (string, error) {
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signed, nil
}

// Claims are the claims of a token that the host makes.
type Claims struct {
	jwt.RegisteredClaims
	QSH     string `json:"qsh,omitempty"`
	Context any    `json:"context,omitempty"`
}

// NewClaims are those of a token that is valid from now for its life.
func NewClaims(now time.Time, issuer, subject string, life time.Duration) Claims {
	return Claims{RegisteredClaims: jwt.RegisteredClaims{
		Issuer: issuer, Subject: subject,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
	}}
}
