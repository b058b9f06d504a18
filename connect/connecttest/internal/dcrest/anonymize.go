package dcrest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// The steps of an anonymization, in their order.
const (
	stepTransfer  = "USER_TRANSFER_OWNERSHIP_PLUGIN_POINTS"
	stepDisable   = "USER_DISABLE"
	stepNameHooks = "USER_NAME_CHANGE_PLUGIN_POINTS"
	stepName      = "USER_NAME_CHANGE"
	stepExternal  = "USER_EXTERNAL_ID_CHANGE"
	stepAnonymize = "USER_ANONYMIZE_PLUGIN_POINTS"
)

// The user keys here are all of the new kind, which say nothing about the
// person, so that no step changes a key. A name of that kind is anonymized.
var anonymizedName = regexp.MustCompile(`^jirauser[0-9]+$`)

// affected is something that an anonymization touches.
type affected struct {
	Type        string `json:"type"`
	Description string `json:"description"`
	Occurrences int    `json:"numberOfOccurrences"`
}

// validationBean says whether a user can be anonymized.
type validationBean struct {
	Errors      map[string]errorCollection `json:"errors"`
	Warnings    map[string]errorCollection `json:"warnings"`
	Expand      string                     `json:"expand"`
	UserKey     string                     `json:"userKey"`
	UserName    string                     `json:"userName,omitempty"`
	DisplayName string                     `json:"displayName,omitempty"`
	Email       string                     `json:"email,omitempty"`
	Deleted     bool                       `json:"deleted"`
	Success     bool                       `json:"success"`
	Affected    map[string][]affected      `json:"affectedEntities,omitempty"`
	Operations  []string                   `json:"operations"`
	LogicFailed bool                       `json:"businessLogicValidationFailed"`
}

// request is what is to be anonymized. Old key and name are only for a rerun.
type request struct {
	UserKey     string `json:"userKey"`
	NewOwnerKey string `json:"newOwnerKey"`
}

type rerunRequest struct {
	UserKey     string `json:"userKey"`
	NewOwnerKey string `json:"newOwnerKey"`
	OldUserKey  string `json:"oldUserKey"`
	OldUserName string `json:"oldUserName"`
}

// needKey refuses a request that does not name a user.
func needKey(key string) error {
	if key == "" {
		return api.BadField("userKey", "The user key must be provided.")
	}
	return nil
}

// needOld refuses a rerun without the user's former names. The key is always of
// the anonymous kind here; the name may still be the old one.
func (c anonymizeCall) needOld(in rerunRequest) error {
	if err := needKey(in.UserKey); err != nil {
		return err
	}
	if in.OldUserKey == "" {
		return api.BadField("oldUserKey", "The old user key must be provided; if there is none, the current one.")
	}
	if u := c.anyByKey(in.UserKey); in.OldUserName == "" && u != nil && anonymizedName.MatchString(u.name) {
		return api.BadField("oldUserName", "The old user name must be provided; if there is none, the current one.")
	}
	return nil
}

func (c anonymizeCall) validateAnonymization() (api.Answer, error) {
	if err := needKey(c.query.Get("userKey")); err != nil {
		return api.Answer{}, err
	}
	return c.validation(c.query.Get("userKey"))
}

func (c anonymizeCall) validateRerun() (api.Answer, error) {
	in := rerunRequest{UserKey: c.query.Get("userKey"), OldUserKey: c.query.Get("oldUserKey"), OldUserName: c.query.Get("oldUserName")}
	if err := c.needOld(in); err != nil {
		return api.Answer{}, err
	}
	return c.validation(in.UserKey)
}

// validation tells what would be done; if it fails, it is a 400 of the same
// shape.
func (c anonymizeCall) validation(key string) (api.Answer, error) {
	bean := validationBean{
		Errors: c.obstacles(key), Warnings: map[string]errorCollection{}, Expand: "affectedEntities", UserKey: key, Operations: []string{},
	}
	u := c.anyByKey(key)
	if u != nil {
		bean.UserName, bean.DisplayName, bean.Email, bean.Deleted = u.name, u.displayName, u.email, u.deleted
	}
	if len(bean.Errors) > 0 {
		return api.Answer{Status: http.StatusBadRequest, Body: bean}, nil
	}
	bean.Success, bean.Operations = true, u.steps()
	if slices.Contains(c.query.List("expand"), "affectedEntities") {
		bean.Affected = c.affected(u)
	}
	return api.OK(bean)
}

// obstacles are the reasons not to anonymize a user.
func (c anonymizeCall) obstacles(key string) map[string]errorCollection {
	problem := ""
	switch {
	case c.anyByKey(key) == nil:
		problem = "There is no user with the key '" + key + "'."
	case key == c.me.key:
		problem = "You can't anonymize yourself."
	default:
		return map[string]errorCollection{}
	}
	return map[string]errorCollection{"GENERAL": newErrors(api.BadRequest("%s", problem))}
}

// steps are the steps to take for a user.
func (u *user) steps() []string {
	steps := []string{stepTransfer}
	if u.canLogIn() {
		steps = append(steps, stepDisable)
	}
	if !anonymizedName.MatchString(u.name) {
		steps = append(steps, stepNameHooks, stepName)
	}
	return append(steps, stepExternal, stepAnonymize)
}

// affected counts what concerns the person in the world's issues and projects.
func (c anonymizeCall) affected(u *user) map[string][]affected {
	out := map[string][]affected{"ANONYMIZE": {{"ANONYMIZE", "User Profile", 1}}}
	issues, led := 0, 0
	for _, p := range c.w.Projects() {
		if p.LeadID == u.account && u.account != "" {
			led++
		}
		for _, issue := range c.w.ProjectIssues(p.Key) {
			if u.account != "" && (issue.Assignee == u.account || issue.Reporter == u.account) {
				issues++
			}
		}
	}
	if issues > 0 {
		out["ANONYMIZE"] = append(out["ANONYMIZE"], affected{"ANONYMIZE", "Assignee or reporter of an issue", issues})
	}
	if led > 0 {
		out["TRANSFER_OWNERSHIP"] = []affected{{"TRANSFER_OWNERSHIP", "Project lead", led}}
	}
	return out
}

// anonymize removes a user's name, address and access.
func (s *state) anonymize(u *user) {
	u.name = strings.ToLower(u.key)
	u.displayName, u.email = "user-"+u.name[len(u.name)-min(5, len(u.name)):], u.key+"@jira.invalid"
	u.active, u.avatar, u.directories = false, "", slices.Clone(u.directories)
	for i := range u.directories {
		u.directories[i].Active = false
	}
	s.endSessions(u.key)
}
