package slack

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/room"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/viewer"
)

// answerTime is how long Slack waits for an answer, less the network's share.
const answerTime = 2500 * time.Millisecond

// The reasons why a Slack user cannot be served.
var (
	errTeam   = errors.New("the workspace serves no installed tenant")
	errPerson = errors.New("the person is not known to jira")
)

func isStranger(err error) bool {
	return errors.Is(err, errPerson) || errors.Is(err, errTeam)
}

// tenant is the tenant that the caller's workspace serves.
func (s *Slack) tenant(ctx context.Context, caller *slackapp.Caller) (slackapp.Install, *connect.Tenant, error) {
	in, err := s.Store.SlackInstall(ctx, caller.Team())
	if room.IsAbsent(err) {
		return in, nil, errors.Join(errTeam, err)
	}
	if err != nil {
		return in, nil, err
	}
	tenant, err := s.Store.Tenant(ctx, in.Tenant)
	if room.IsAbsent(err) || err == nil && tenant.State != connect.StateActive {
		return in, nil, errors.Join(errTeam, err)
	}
	return in, tenant, err
}

// person is the caller in Jira. The tenant is returned even if the person is
// not known.
func (s *Slack) person(ctx context.Context, r *edge.Request, caller *slackapp.Caller) (slackapp.Install, viewer.Person, error) {
	in, tenant, err := s.tenant(ctx, caller)
	if err != nil {
		return in, viewer.Person{}, err
	}
	r.IsOf(tenant.ID)
	account, err := s.Store.SlackPerson(ctx, caller.Team(), caller.User())
	if room.IsAbsent(err) {
		return in, viewer.Person{Tenant: tenant}, errPerson
	}
	if err != nil {
		return in, viewer.Person{Tenant: tenant}, err
	}
	person := viewer.Person{Tenant: tenant, Account: account}
	r.IsFrom(person)
	return in, person, nil
}

// localeOf is a person's language, time zone and first day of the week, if they are known to
// Jira and Jira answers in time; otherwise the language of their Slack, if the
// request names one, and UTC. The error is why Jira did not say.
func (s *Slack) localeOf(ctx context.Context, person viewer.Person, caller *slackapp.Caller) (l *lang.Language, zone string, first time.Weekday, err error) {
	l, zone, first = s.Edge.Languages.Of(caller.Locale()), "UTC", lang.FirstDay(caller.Locale())
	if person.Account == "" {
		return l, zone, first, nil
	}
	user, err := s.inJira(ctx, person)
	if err != nil {
		return l, zone, first, err
	}
	own, _ := viewer.ZoneOf(user)
	return s.Edge.Languages.Of(user.Locale), own.String(), lang.FirstDay(user.Locale), nil
}

// inJira is what Jira tells a person of themselves, if it answers in time.
func (s *Slack) inJira(ctx context.Context, person viewer.Person) (jira.User, error) {
	j, err := s.Views.Jira(person)
	if err != nil {
		return jira.User{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.Views.Patience.Modal)
	defer cancel()
	return s.Views.People.Get(ctx, person, j)
}

// atChannel is a Slack user who sets up a channel. If the app may not read Jira for
// them, they could choose nothing: that is an error, in their language.
func (s *Slack) atChannel(ctx context.Context, person viewer.Person, caller *slackapp.Caller, place channel) (room.Setup, error) {
	at := room.Setup{Person: person}
	var err error
	if at.Language, at.Zone, at.FirstDay, err = s.localeOf(ctx, person, caller); errors.Is(err, connect.ErrImpersonation) {
		return at, err
	}
	if at.Row, err = s.Store.Glance(ctx, place.glance()); err != nil && !room.IsAbsent(err) {
		return at, err
	}
	at.Jira, err = s.Views.Jira(person)
	return at, err
}
