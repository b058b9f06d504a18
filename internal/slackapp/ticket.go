package slackapp

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
)

// TicketTime is how long a ticket is valid.
const TicketTime = 10 * time.Minute

const (
	ticketType    = "slack+jwt" // header typ
	ticketIssuer  = "sightline slack"
	ticketKeySize = 32 // bytes
)

// Use is what a ticket is for; a ticket is refused for any other use.
type Use string

// The uses of a ticket.
const (
	UseInstall Use = "install" // a tenant's admin adds the app to a workspace
	UsePerson  Use = "person"  // a workspace's user connects their account in the tenant
)

// Ticket is what travels through a person's browser between Jira and Slack.
type Ticket struct {
	// ID is unique to each ticket, so that its use can be recorded.
	ID  string
	Use Use
	// Tenant and Generation are the installation that the ticket was made for.
	Tenant     connect.TenantID
	Generation int64
	// Team, TeamName, User and UserName are the ids and names of a workspace
	// and one of its users; set only for UsePerson.
	Team, TeamName, User, UserName string
	// NamesPeople is what an admin allows, see [Install]; set only for UseInstall.
	NamesPeople bool
}

// Tickets signs tickets with the app's own keys and opens them for ten
// minutes. All fields are set before the first use. It is safe for concurrent
// use.
type Tickets struct {
	// Keys have 32 bytes each. The first signs, all verify.
	Keys [][]byte
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

type ticketClaims struct {
	jwt.RegisteredClaims
	Use        Use              `json:"token_use"`
	Tenant     connect.TenantID `json:"tenant"`
	Generation int64            `json:"generation"`
	Team       string           `json:"team,omitempty"`
	TeamName   string           `json:"team_name,omitempty"`
	User       string           `json:"user,omitempty"`
	UserName   string           `json:"user_name,omitempty"`
	Names      bool             `json:"names_people,omitempty"`
}

// Issue signs a ticket and gives it a new ID.
func (t *Tickets) Issue(ticket Ticket) (string, error) {
	if len(t.Keys) == 0 || len(t.Keys[0]) != ticketKeySize {
		return "", fmt.Errorf("issue ticket: no signing key of %d bytes", ticketKeySize)
	}
	now := clock(t.Now)()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, &ticketClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: ticketIssuer, ID: rand.Text(), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(TicketTime)),
		},
		Use: ticket.Use, Tenant: ticket.Tenant, Generation: ticket.Generation,
		Team: ticket.Team, TeamName: ticket.TeamName, User: ticket.User, UserName: ticket.UserName, Names: ticket.NamesPeople,
	})
	token.Header["typ"] = ticketType
	text, err := token.SignedString(t.Keys[0])
	if err != nil {
		return "", fmt.Errorf("issue ticket: %w", err)
	}
	return text, nil
}

// Open verifies a ticket that was issued for the use. A refusal is a
// [*connect.AuthError].
func (t *Tickets) Open(use Use, text string) (Ticket, error) {
	if text == "" {
		return Ticket{}, refuse(connect.CodeMissing, "no ticket")
	}
	c := new(ticketClaims)
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(clock(t.Now)), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	token, err := parser.ParseWithClaims(text, c, t.keys)
	if err != nil {
		return Ticket{}, &connect.AuthError{Code: refusal(err), Detail: "not a ticket of ours", Err: err}
	}
	if c.Issuer != ticketIssuer || token.Header["typ"] != ticketType || c.Use != use || c.ID == "" {
		return Ticket{}, refuse(RefusedTicket, "made for another use")
	}
	return Ticket{
		ID: c.ID, Use: c.Use, Tenant: c.Tenant, Generation: c.Generation,
		Team: c.Team, TeamName: c.TeamName, User: c.User, UserName: c.UserName, NamesPeople: c.Names,
	}, nil
}

// keys are all that may have signed a ticket.
func (t *Tickets) keys(*jwt.Token) (any, error) {
	var set jwt.VerificationKeySet
	for _, key := range t.Keys {
		if len(key) == ticketKeySize {
			set.Keys = append(set.Keys, key)
		}
	}
	return set, nil
}

// refusal is the code for what the JWT library found wrong. The library checks
// the signature before the times.
func refusal(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return connect.CodeMalformed
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return connect.CodeSignature
	case errors.Is(err, jwt.ErrTokenExpired):
		return connect.CodeExpired
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return connect.CodeNoExpiry
	}
	return connect.CodeNotYet
}
