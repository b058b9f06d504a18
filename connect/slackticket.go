package connect

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	ticketTime = 10 * time.Minute
	ticketType = "slack+jwt" // header typ
)

// The uses of a ticket; one made for a use is refused for every other.
const (
	SlackTicketInstall = "install" // a tenant's admin puts the app into a workspace
	SlackTicketPerson  = "person"  // a person of a workspace becomes known to the tenant
)

// SlackTicket is what travels through a person's browser between Jira and
// Slack.
type SlackTicket struct {
	// ID is different for each ticket, so that a use can be recorded.
	ID  string
	Use string
	// Tenant and Generation are the installation that it was made for.
	Tenant     TenantID
	Generation int64
	// Of a person's ticket.
	Team, TeamName, User, UserName string
}

// SlackTickets signs tickets with the app's own keys and knows them again for
// ten minutes.
type SlackTickets struct {
	// Keys are of 32 bytes each. The first signs, all verify.
	Keys [][]byte
	// Now is the clock, time.Now when nil.
	Now func() time.Time

	tokens tokenReader
}

type ticketClaims struct {
	claims
	ID         string   `json:"jti"`
	Use        string   `json:"token_use"`
	Tenant     TenantID `json:"tenant"`
	Generation int64    `json:"generation"`
	Team       string   `json:"team,omitempty"`
	TeamName   string   `json:"team_name,omitempty"`
	User       string   `json:"user,omitempty"`
	UserName   string   `json:"user_name,omitempty"`
}

const ticketIssuer = "sightline slack"

// Issue signs a ticket; its ID is made here.
func (t *SlackTickets) Issue(ticket SlackTicket) (string, error) {
	if len(t.Keys) == 0 || len(t.Keys[0]) != sessionKeySize {
		return "", fmt.Errorf("issue ticket: no signing key of %d bytes", sessionKeySize)
	}
	now := clock(t.Now)()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, &ticketClaims{
		claims: claims{Issuer: ticketIssuer, IssuedAt: now.Unix(), Expires: now.Add(ticketTime).Unix()},
		ID:     rand.Text(), Use: ticket.Use, Tenant: ticket.Tenant, Generation: ticket.Generation,
		Team: ticket.Team, TeamName: ticket.TeamName, User: ticket.User, UserName: ticket.UserName,
	})
	token.Header["typ"] = ticketType
	text, err := token.SignedString(t.Keys[0])
	if err != nil {
		return "", fmt.Errorf("issue ticket: %w", err)
	}
	return text, nil
}

// Open knows a ticket again that was issued for the use. A refusal is an
// [*AuthError].
func (t *SlackTickets) Open(use, text string) (SlackTicket, error) {
	now := clock(t.Now)
	tokens := t.tokens.ready(now, 0)
	c := new(ticketClaims)
	if text == "" {
		return SlackTicket{}, refuse(CodeMissing, "no ticket")
	}
	token, err := tokens.parse(text, jwt.SigningMethodHS256, c)
	if err != nil {
		return SlackTicket{}, err
	}
	if !t.signed(token) {
		return SlackTicket{}, refuse(CodeSignature, "")
	}
	if c.Issuer != ticketIssuer || token.Header["typ"] != ticketType || c.Use != use || c.ID == "" {
		return SlackTicket{}, refuse(CodeTicket, "made for another use")
	}
	if err := tokens.checkTimes(c, now()); err != nil {
		return SlackTicket{}, err
	}
	return SlackTicket{
		ID: c.ID, Use: c.Use, Tenant: c.Tenant, Generation: c.Generation,
		Team: c.Team, TeamName: c.TeamName, User: c.User, UserName: c.UserName,
	}, nil
}

func (t *SlackTickets) signed(token *jwt.Token) bool {
	for _, key := range t.Keys {
		if len(key) == sessionKeySize && verifies(token, key) {
			return true
		}
	}
	return false
}
