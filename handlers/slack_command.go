package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"sightline/connect"
	"sightline/connect/jira"
	"sightline/internal/glance"
	"sightline/internal/workload"
)

// slackReadTime is how much of Slack's three seconds may go into what makes
// the modal nicer: the person's time zone and a role's name.
const slackReadTime = 900 * time.Millisecond

// slackCommand opens the settings of a channel. Everything that is wrong is
// told to the person alone; an error in HTTP would only read "failed".
func (s *Server) slackCommand(c *gin.Context, caller *connect.SlackCaller) error {
	form := caller.Form()
	if form.Get("trigger_id") == "" || form.Get("channel_id") == "" {
		return &connect.AuthError{Code: connect.CodeSlackBody, Detail: "not a command"}
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), slackPatience)
	defer cancel()
	in, person, err := s.slackWho(ctx, caller)
	if person.tenant != nil {
		outcome(c).tenant = person.tenant.ID
	}
	switch {
	case errors.Is(err, errSlackTeam):
		return slackSay(c, textSlackTeam)
	case errors.Is(err, errSlackPerson):
		link, err := s.connectLink(in, person.tenant, caller)
		if err != nil {
			return err
		}
		return slackSay(c, fmt.Sprintf(textSlackPerson, link))
	case err != nil:
		return err
	}
	return s.openSettings(ctx, c, caller, person)
}

func (s *Server) openSettings(ctx context.Context, c *gin.Context, caller *connect.SlackCaller, person who) error {
	form := caller.Form()
	place := slackPlace{caller.Team(), form.Get("channel_id")}
	row, err := s.Store.Glance(ctx, place.glance())
	if err != nil && !isAbsent(err) {
		return err
	}
	view := s.settingsView(ctx, person, place, row, form.Get("command"))
	if err := s.Slack.Surface.OpenView(ctx, place.team, form.Get("trigger_id"), view); err != nil {
		outcome(c).err = err
		return slackSay(c, openFailure(err))
	}
	c.Status(http.StatusOK)
	return nil
}

// openFailure is what a person is told when the modal did not open.
func openFailure(err error) string {
	switch {
	case isSlackCode(err, "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"):
		return textSlackExpired
	case errors.Is(err, glance.ErrGone):
		return textSlackRevoked
	}
	return textSlackFailed
}

// slackSay answers a command with a message for who typed it.
func slackSay(c *gin.Context, text string) error {
	c.JSON(http.StatusOK, struct {
		Type string `json:"response_type"`
		Text string `json:"text"`
	}{"ephemeral", text})
	return nil
}

// slackExtras is what makes the modal nicer, as far as Jira answers in time.
type slackExtras struct{ zone, role string }

func (s *Server) slackExtras(ctx context.Context, person who, c glance.Config) slackExtras {
	ctx, cancel := context.WithTimeout(ctx, slackReadTime)
	defer cancel()
	j, err := s.Jira(person.tenant, person.account)
	if err != nil {
		return slackExtras{zone: "UTC", role: wordRole}
	}
	role := make(chan string, 1)
	go func() { role <- roleName(ctx, j, c) }()
	out := slackExtras{zone: "UTC"}
	if me, err := s.views.person(ctx, person, j); err == nil && knownZone(me.TimeZone) {
		out.zone = me.TimeZone
	}
	out.role = <-role
	return out
}

// roleName is the name of the role that a channel shows; a role that Jira
// does not name in time is still the chosen one.
func roleName(ctx context.Context, j *jira.Client, c glance.Config) string {
	if c.Role == "" || len(c.Projects) == 0 {
		return wordEverybody
	}
	roles, err := j.Roles.List(ctx, c.Projects[0])
	if err != nil {
		return wordRole
	}
	for name, id := range roles {
		if id == c.Role {
			return name
		}
	}
	return wordRole
}

func knownZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

// startConfig is what an empty form starts from.
func startConfig(zone string) glance.Config {
	return glance.Config{
		Window: int(workload.NewGadgetConfig().Window), Zone: zone,
		Parts: []glance.Part{glance.PartOpen, glance.PartOverdue},
	}
}
