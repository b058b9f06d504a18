package dcrest

import (
	"fmt"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// stepTime is how long a step of an anonymization takes. Each request for its
// progress also advances it by a step, so that nobody has to wait.
const stepTime = 250 * time.Millisecond

const taskFormat = "2006-01-02T15:04:05.000-0700"

// firstTask is where the ids of tasks start.
const firstTask = 10100

// task is an anonymization.
type task struct {
	id         int
	user       *user
	userName   string // as it was when the task was scheduled
	fullName   string
	rerun      bool
	operations []string
	errors     map[string]errorCollection
	submitted  time.Time
	looks      int
	finished   time.Time
}

// progressBean is a task's progress.
type progressBean struct {
	Errors     map[string]errorCollection `json:"errors"`
	Warnings   map[string]errorCollection `json:"warnings"`
	UserKey    string                     `json:"userKey"`
	UserName   string                     `json:"userName"`
	FullName   string                     `json:"fullName"`
	URL        string                     `json:"progressUrl"`
	Progress   int                        `json:"currentProgress"`
	SubTask    string                     `json:"currentSubTask,omitempty"`
	Submitted  string                     `json:"submittedTime"`
	Started    string                     `json:"startTime,omitempty"`
	Finished   string                     `json:"finishTime,omitempty"`
	Operations []string                   `json:"operations"`
	Status     string                     `json:"status"`
	Node       string                     `json:"executingNode"`
	IsRerun    bool                       `json:"isRerun"`
	Rerun      bool                       `json:"rerun"`
}

// done is how many steps are, at most all.
func (t *task) done(now time.Time) int {
	return min(t.looks+int(now.Sub(t.submitted)/stepTime), len(t.operations))
}

// running is the unfinished task, nil if there is none.
func (s *state) running() *task {
	if n := len(s.tasks); n > 0 && s.tasks[n-1].finished.IsZero() {
		return s.tasks[n-1]
	}
	return nil
}

// settle finishes the running task when it is due. On a node that is down tasks
// stand still.
func (c *call) settle() {
	t := c.running()
	if t == nil || c.w.Settings().NodeDown || t.done(c.now) < len(t.operations) {
		return
	}
	t.finished = c.now
	if len(t.errors) == 0 {
		c.anonymize(t.user)
	}
}

func (c anonymizeCall) scheduleAnonymization() (api.Answer, error) {
	var in request
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	if err := needKey(in.UserKey); err != nil {
		return api.Answer{}, err
	}
	return c.schedule(in, false)
}

func (c anonymizeCall) scheduleRerun() (api.Answer, error) {
	var in rerunRequest
	if err := api.Decode(c.body, &in); err != nil {
		return api.Answer{}, err
	}
	if err := c.needOld(in); err != nil {
		return api.Answer{}, err
	}
	return c.schedule(request{in.UserKey, in.NewOwnerKey}, true)
}

// schedule accepts the task. A task that would anonymize the caller is accepted
// too, and fails when it runs.
func (c anonymizeCall) schedule(in request, rerun bool) (api.Answer, error) {
	u := c.anyByKey(in.UserKey)
	switch {
	case u == nil:
		return api.Answer{}, api.BadField("userKey", "There is no user with the key '%s'.", in.UserKey)
	case in.NewOwnerKey != "" && (c.byKey(in.NewOwnerKey) == nil || in.NewOwnerKey == in.UserKey):
		return api.Answer{}, api.BadField("newOwnerKey", "The key '%s' is not of a user who can be the new owner.", in.NewOwnerKey)
	case in.NewOwnerKey == "" && len(c.affected(u)["TRANSFER_OWNERSHIP"]) > 0:
		return api.Answer{}, api.BadField("newOwnerKey", "The user owns something: a new owner must be provided.")
	case c.running() != nil:
		return api.Answer{}, api.Refuse(http.StatusConflict, "Another user anonymization process is already in progress.")
	}
	t := &task{
		id: firstTask + c.taskCount, user: u, userName: u.name, fullName: u.displayName, rerun: rerun,
		errors: c.obstacles(u.key), submitted: c.now, operations: []string{},
	}
	if len(t.errors) == 0 {
		t.operations = u.steps()
	}
	c.taskCount++
	c.tasks = append(c.tasks, t)
	return api.Answer{Status: http.StatusAccepted, Body: c.progress(t)}, nil
}

func (c anonymizeCall) progress(t *task) progressBean {
	bean := progressBean{
		Errors: map[string]errorCollection{}, Warnings: map[string]errorCollection{}, UserKey: t.user.key, UserName: t.userName,
		FullName: t.fullName, URL: fmt.Sprintf("/rest/api/2/user/anonymization/progress?taskId=%d", t.id),
		Submitted: t.submitted.In(c.zone()).Format(taskFormat), Operations: t.operations, Status: "IN_PROGRESS",
		Node: "node1", IsRerun: t.rerun, Rerun: t.rerun,
	}
	done := t.done(c.now)
	switch {
	case !t.finished.IsZero():
		bean.Errors, bean.Status, bean.Progress = t.errors, "COMPLETED", 100
		bean.Started, bean.Finished = bean.Submitted, t.finished.In(c.zone()).Format(taskFormat)
	case c.w.Settings().NodeDown:
		bean.Status = "INTERRUPTED"
	case done > 0:
		bean.Started, bean.Progress, bean.SubTask = bean.Submitted, 100*done/len(t.operations), t.operations[done]
	}
	return bean
}

// anonymizationProgress tells about one task or, if none is named, the last.
func (c anonymizeCall) anonymizationProgress() (api.Answer, error) {
	t, err := c.task()
	if err != nil {
		return api.Answer{}, err
	}
	if !c.w.Settings().NodeDown && t.finished.IsZero() {
		t.looks++
		c.settle()
	}
	return api.OK(c.progress(t))
}

func (c anonymizeCall) task() (*task, error) {
	id := c.query.Get("taskId")
	for i := len(c.tasks) - 1; i >= 0; i-- {
		if id == "" || id == fmt.Sprint(c.tasks[i].id) {
			return c.tasks[i], nil
		}
	}
	return nil, noTask()
}

func noTask() error {
	return api.Refuse(http.StatusNotFound, "There is no user anonymization task.")
}

// unlockAnonymization removes a task whose node has gone.
func (c anonymizeCall) unlockAnonymization() (api.Answer, error) {
	switch {
	case c.w.Settings().ClusterOff:
		return api.Answer{}, api.BadRequest("Jira is running in a non-clustered mode.")
	case c.running() == nil:
		return api.Answer{}, noTask()
	case !c.w.Settings().NodeDown:
		return api.Answer{}, api.Refuse(http.StatusConflict, "The node that executes the anonymization is still running.")
	}
	c.tasks = c.tasks[:len(c.tasks)-1]
	return api.Empty(http.StatusNoContent)
}
