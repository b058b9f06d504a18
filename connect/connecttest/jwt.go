package connecttest

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func signHS256(secret string, claims jwt.Claims) (string, error) {
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signed, nil
}

// hostClaims are the claims of a token that the host makes.
type hostClaims struct {
	jwt.RegisteredClaims
	QSH     string `json:"qsh,omitempty"`
	Context any    `json:"context,omitempty"`
}

// newClaims are those of a token that is good from now for its life.
func newClaims(now time.Time, issuer, subject string, life time.Duration) hostClaims {
	return hostClaims{RegisteredClaims: jwt.RegisteredClaims{
		Issuer: issuer, Subject: subject,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
	}}
}
