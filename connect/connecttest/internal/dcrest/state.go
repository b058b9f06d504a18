package dcrest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// state is all that Reset puts back.
type state struct {
	users      []*user
	lastKey    int // number in the newest user key
	uploads    map[string]upload
	avatars    []*avatar
	lastAvatar int
	sessions   map[string]string // user key by session id
	properties map[string]map[string]json.RawMessage
	tasks      []*task
	taskCount  int // also those unlocked
	duplicates *duplicates
}

// user is an account of the Data Center site.
type user struct {
	account     string // in the world, "" for users made here
	key, name   string
	displayName string
	email       string
	timeZone    string
	locale      string
	admin       bool
	active      bool
	deleted     bool
	token       string // personal access token, accepted as a password too
	password    string // "": none was set
	apps        []string
	directories []directory
	avatar      string   // id of the chosen one, "": the first of the system
	columns     []string // nil: the default
	lastLogin   time.Time
}

func (u *user) canLogIn() bool { return u.active && !u.deleted }

// directory is where an account of a user is kept.
type directory struct {
	ID     int    `json:"directoryId"`
	Name   string `json:"directoryName"`
	Active bool   `json:"userActive"`
}

func internalDirectory() directory { return directory{1, "Jira Internal Directory", true} }

// placeOfDuplicate is which of the people has an account in two directories.
const placeOfDuplicate = 4

// newState makes users of the world's people; users of installed apps are not
// on a Data Center site.
func newState(people []world.Person) state {
	s := state{
		lastKey: 10200, uploads: map[string]upload{}, avatars: systemAvatars(), sessions: map[string]string{},
		properties: map[string]map[string]json.RawMessage{},
	}
	for _, p := range people {
		if p.AppKey != "" {
			continue
		}
		u := &user{
			account: p.AccountID, key: p.UserKey, name: p.Username, displayName: p.DisplayName, email: p.Email,
			timeZone: p.TimeZone, locale: p.Locale, admin: p.Admin, active: p.Active, token: p.Token,
			apps: []string{appSoftware}, directories: []directory{internalDirectory()},
		}
		if len(s.users) == placeOfDuplicate {
			u.directories = append(u.directories, directory{10000, "Crowd Server", true})
		}
		s.users = append(s.users, u)
		s.lastKey = max(s.lastKey, keyNumber(p.UserKey))
	}
	return s
}

func keyNumber(key string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(key, "JIRAUSER")) // another key has no number
	return n
}

func (s *state) nextKey() string {
	s.lastKey++
	return fmt.Sprintf("JIRAUSER%d", s.lastKey)
}

// anyByKey finds a user, also a deleted one.
func (s *state) anyByKey(key string) *user {
	i := slices.IndexFunc(s.users, func(u *user) bool { return u.key == key })
	if i < 0 {
		return nil
	}
	return s.users[i]
}

// byKey finds a user who is not deleted.
func (s *state) byKey(key string) *user {
	if u := s.anyByKey(key); u != nil && !u.deleted {
		return u
	}
	return nil
}

// byName finds a user who is not deleted, by the user name in any case.
func (s *state) byName(name string) *user {
	i := slices.IndexFunc(s.users, func(u *user) bool { return !u.deleted && strings.EqualFold(u.name, name) })
	if i < 0 || name == "" {
		return nil
	}
	return s.users[i]
}
