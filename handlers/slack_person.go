package handlers

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/viewer"
)

// slackPatience is how long Slack waits for an answer, less what the way
// takes.
const slackPatience = 2500 * time.Millisecond

// The reasons why a person of Slack cannot be served.
var (
	errSlackTeam   = errors.New("the workspace serves no living tenant")
	errSlackPerson = errors.New("the person is not known to jira")
)

func isSlackStranger(err error) bool {
	return errors.Is(err, errSlackPerson) || errors.Is(err, errSlackTeam)
}

// slackTenant is the tenant that the caller's workspace serves.
func (s *Server) slackTenant(ctx context.Context, caller *slackapp.Caller) (slackapp.Install, *connect.Tenant, error) {
	in, err := s.Slack.Store.SlackInstall(ctx, caller.Team())
	if isAbsent(err) {
		return in, nil, errors.Join(errSlackTeam, err)
	}
	if err != nil {
		return in, nil, err
	}
	tenant, err := s.Slack.Store.Tenant(ctx, in.Tenant)
	if isAbsent(err) || err == nil && tenant.State != connect.StateActive {
		return in, nil, errors.Join(errSlackTeam, err)
	}
	return in, tenant, err
}

// slackPerson is the caller in Jira. The tenant is known also of a person who
// is not.
func (s *Server) slackPerson(ctx context.Context, r *edge.Request, caller *slackapp.Caller) (slackapp.Install, viewer.Person, error) {
	in, tenant, err := s.slackTenant(ctx, caller)
	if err != nil {
		return in, viewer.Person{}, err
	}
	r.IsOf(tenant.ID)
	account, err := s.Slack.Store.SlackPerson(ctx, caller.Team(), caller.User())
	if isAbsent(err) {
		return in, viewer.Person{Tenant: tenant}, errSlackPerson
	}
	if err != nil {
		return in, viewer.Person{Tenant: tenant}, err
	}
	person := viewer.Person{Tenant: tenant, Account: account}
	r.IsFrom(person)
	return in, person, nil
}

// slackTaste is the language and the time zone of a person who is known to
// Jira, as far as Jira says so in time; else the language of their Slack, where
// the request names one, and UTC.
func (s *Server) slackTaste(ctx context.Context, person viewer.Person, caller *slackapp.Caller) (l *lang.Language, zone string) {
	l, zone = s.texts.Of(caller.Locale()), "UTC"
	if person.Account == "" {
		return l, zone
	}
	j, err := s.Jira(person.Tenant, person.Account)
	if err != nil {
		return l, zone
	}
	ctx, cancel := context.WithTimeout(ctx, s.Patience.Modal)
	defer cancel()
	user, err := s.views.People.Get(ctx, person, j)
	if err != nil {
		return l, zone
	}
	if isZone(user.TimeZone) {
		zone = user.TimeZone
	}
	return s.texts.Of(user.Locale), zone
}

// atChannel is a person of Slack who sets up a channel.
func (s *Server) atChannel(ctx context.Context, person viewer.Person, caller *slackapp.Caller, place slackPlace) (roomSetup, error) {
	at := roomSetup{Person: person}
	at.l, at.zone = s.slackTaste(ctx, person, caller)
	var err error
	if at.row, err = s.Store.Glance(ctx, place.glance()); err != nil && !isAbsent(err) {
		return at, err
	}
	at.jira, err = s.Jira(person.Tenant, person.Account)
	return at, err
}
