package dcrest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

type validation struct {
	UserKey, UserName, DisplayName, Email string
	Success, Deleted                      bool
	Operations                            []string
	Errors                                map[string]struct{ ErrorMessages []string }
	Warnings                              map[string]any
	AffectedEntities                      map[string][]struct{ Type, Description string }
}

type progress struct {
	UserKey, UserName, FullName, ProgressURL, CurrentSubTask, Status string
	SubmittedTime, StartTime, FinishTime, ExecutingNode              string
	CurrentProgress                                                  int
	Operations                                                       []string
	IsRerun, Rerun                                                   bool
	Errors                                                           map[string]struct{ ErrorMessages []string }
}

func TestValidateAnonymization(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var v validation
	path := "user/anonymization?userKey=" + s.key(other)
	s.Get(admin, path).Into(200, &v)
	if !v.Success || v.UserName != other || len(v.Operations) != 6 || v.Operations[1] != "USER_DISABLE" || v.AffectedEntities != nil || len(v.Errors) != 0 {
		t.Errorf("got %+v", v)
	}
	s.Get(admin, "user/anonymization?expand=affectedEntities&userKey="+s.key(lead)).Into(200, &v)
	if len(v.AffectedEntities["ANONYMIZE"]) != 2 || len(v.AffectedEntities["TRANSFER_OWNERSHIP"]) != 1 {
		t.Errorf("got %+v", v.AffectedEntities)
	}
	for key, part := range map[string]string{s.key(admin): "yourself", "unknown": "unknown"} {
		v = validation{}
		s.Get(admin, "user/anonymization?userKey="+key).Into(400, &v)
		if v.Success || !strings.Contains(v.Errors["GENERAL"].ErrorMessages[0], part) {
			t.Errorf("%s: got %+v", key, v)
		}
	}
	s.Send(admin, "DELETE", "user?username=ytanabe", "").Empty(204)
	s.Get(admin, path).Into(200, &v)
	if !v.Deleted || slices.Contains(v.Operations, "USER_DISABLE") {
		t.Errorf("a deleted one: got %+v", v)
	}
	s.Refuses([]refusal{
		{admin, "GET", "user/anonymization", "", 400, "userKey"},
		{lead, "GET", path, "", 403, ""},
		{nobody, "GET", path, "", 403, ""},
	})
}

func (s *site) schedule(username string) (p progress) {
	s.Helper()
	body := fmt.Sprintf(`{"userKey":%q,"newOwnerKey":%q}`, s.key(username), s.key(lead))
	s.Send(admin, "POST", "user/anonymization", body).Into(202, &p)
	return p
}

func TestAnonymization(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Get(admin, "user/anonymization/progress").Fails(404, "")
	p := s.schedule(other)
	if p.Status != "IN_PROGRESS" || p.CurrentProgress != 0 || p.UserName != other || p.FullName == "" || p.FinishTime != "" || p.IsRerun {
		t.Errorf("got %+v", p)
	}
	s.Send(admin, "POST", "user/anonymization", `{"userKey":"`+s.key(outsider)+`"}`).Fails(409, "in progress")
	s.Send(admin, "POST", "user/anonymization/rerun", `{"oldUserKey":"x","oldUserName":"x","userKey":"`+s.key(outsider)+`"}`).Fails(409, "in progress")
	seen := []int{0}
	for p.Status == "IN_PROGRESS" && len(seen) < 20 {
		s.Get(admin, strings.TrimPrefix(p.ProgressURL, "/rest/api/2/")).Into(200, &p)
		if p.CurrentProgress <= seen[len(seen)-1] {
			t.Fatalf("does not advance: %v, then %+v", seen, p)
		}
		seen = append(seen, p.CurrentProgress)
	}
	if p.Status != "COMPLETED" || p.CurrentProgress != 100 || len(seen) != 7 || len(p.Errors) != 0 || p.FinishTime == "" {
		t.Errorf("got %v %+v", seen, p)
	}
	var u user
	s.Get(admin, "user?key="+s.key(other)).Into(200, &u)
	if u.Name != strings.ToLower(s.key(other)) || !strings.HasPrefix(u.DisplayName, "user-") || u.Active || strings.Contains(u.EmailAddress, "tanabe") {
		t.Errorf("got %+v", u)
	}
	s.Get(other, "user/avatars").Fails(401, "")
	s.Get(admin, "user/anonymization/progress").Into(200, &p) // the last one
	s.Refuses([]refusal{
		{admin, "GET", "user/anonymization/progress?taskId=1", "", 404, ""},
		{admin, "GET", "user/anonymization/progress?taskId=x", "", 404, ""},
		{lead, "GET", "user/anonymization/progress", "", 403, ""},
		{nobody, "GET", "user/anonymization/progress", "", 403, ""},
	})
}

func TestAnonymizationTakesTime(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.schedule(other)
	s.clock.pass(time.Second)
	var p progress
	s.Get(admin, "user/anonymization/progress").Into(200, &p)
	if p.CurrentProgress < 50 || p.Status != "IN_PROGRESS" || p.CurrentSubTask == "" {
		t.Errorf("got %+v", p)
	}
	s.clock.pass(time.Second)
	s.Get(admin, "user?username=ytanabe").Fails(404, "") // without asking for the progress
}

func TestScheduleAnonymizationRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Refuses([]refusal{
		{admin, "POST", "user/anonymization", `{}`, 400, "userKey"},
		{admin, "POST", "user/anonymization", ``, 400, "JSON"},
		{admin, "POST", "user/anonymization", `{"userKey":"unknown"}`, 400, "unknown"},
		{admin, "POST", "user/anonymization", `{"userKey":"` + s.key(lead) + `"}`, 400, "newOwnerKey"},
		{admin, "POST", "user/anonymization", `{"userKey":"` + s.key(other) + `","newOwnerKey":"unknown"}`, 400, "newOwnerKey"},
		{admin, "POST", "user/anonymization", `{"userKey":"` + s.key(other) + `","name":"x"}`, 400, "name"},
		{lead, "POST", "user/anonymization", `{}`, 403, ""},
		{nobody, "POST", "user/anonymization", `{}`, 403, ""},
	})
	s.schedule(admin) // accepted, and then refused
	var p progress
	s.Get(admin, "user/anonymization/progress").Into(200, &p)
	if p.Status != "COMPLETED" || !strings.Contains(p.Errors["GENERAL"].ErrorMessages[0], "yourself") {
		t.Errorf("got %+v", p)
	}
	s.Get(admin, "user?username=iokonjo").Into(200, &user{})
}

func TestAnonymizationRerun(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	s.schedule(other)
	s.clock.pass(time.Minute)
	key := s.key(other)
	var v validation
	s.Get(admin, "user/anonymization/rerun?oldUserKey="+key+"&oldUserName=ytanabe&userKey="+key).Into(200, &v)
	if !v.Success || slices.Contains(v.Operations, "USER_NAME_CHANGE") {
		t.Errorf("got %+v", v)
	}
	full := fmt.Sprintf(`{"userKey":%q,"oldUserKey":%q,"oldUserName":"ytanabe"}`, key, key)
	s.Refuses([]refusal{
		{admin, "GET", "user/anonymization/rerun", "", 400, "userKey"},
		{admin, "GET", "user/anonymization/rerun?oldUserName=x&userKey=" + key, "", 400, "oldUserKey"},
		{admin, "GET", "user/anonymization/rerun?oldUserKey=x&userKey=" + key, "", 400, "oldUserName"},
		{lead, "GET", "user/anonymization/rerun?userKey=" + key, "", 403, ""},
		{admin, "POST", "user/anonymization/rerun", `{}`, 400, "userKey"},
		{admin, "POST", "user/anonymization/rerun", `x`, 400, "JSON"},
		{admin, "POST", "user/anonymization/rerun", `{"userKey":"` + key + `","oldUserKey":"x"}`, 400, "oldUserName"},
		{admin, "POST", "user/anonymization/rerun", `{"userKey":"unknown","oldUserKey":"x","oldUserName":"x"}`, 400, "unknown"},
		{lead, "POST", "user/anonymization/rerun", full, 403, ""},
		{nobody, "POST", "user/anonymization/rerun", full, 403, ""},
	})
	s.Get(admin, "user/anonymization/rerun?oldUserKey=x&oldUserName=x&userKey=unknown").Into(400, &v)
	if v.Success || len(v.Errors) != 1 {
		t.Errorf("got %+v", v)
	}
	var p progress
	s.Send(admin, "POST", "user/anonymization/rerun", full).Into(202, &p)
	if !p.IsRerun || !p.Rerun {
		t.Errorf("got %+v", p)
	}
}

func TestUnlockAnonymization(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	set := func(off, down bool) {
		settings := s.World.Settings()
		settings.ClusterOff, settings.NodeDown = off, down
		s.World.SetSettings(settings)
	}
	unlock := func(as string) reply { return s.Send(as, "DELETE", "user/anonymization/unlock", "") }
	unlock(admin).Fails(404, "task")
	unlock(lead).Fails(403, "")
	unlock(nobody).Fails(403, "")
	first := s.schedule(other)
	unlock(admin).Fails(409, "still running")
	set(true, false)
	unlock(admin).Fails(400, "non-clustered")
	set(false, true)
	s.clock.pass(time.Hour)
	var p progress
	s.Get(admin, "user/anonymization/progress").Into(200, &p)
	if p.Status != "INTERRUPTED" {
		t.Errorf("got %+v", p)
	}
	unlock(admin).Empty(204)
	unlock(admin).Fails(404, "task")
	set(false, false)
	s.Get(admin, "user?username=ytanabe").Into(200, &user{}) // nothing was done
	if second := s.schedule(other); second.ProgressURL == first.ProgressURL {
		t.Errorf("the same task again: %s", second.ProgressURL)
	}
}
