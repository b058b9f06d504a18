package connecttest

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// The places of the personal data reporting API: of Connect apps at the site, and of
// others at the API address.
// https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/
const (
	// ConnectReportPath takes a JWT of the app.
	ConnectReportPath = "/rest/atlassian-connect/latest/report-accounts"
	// ForgeReportPath takes the app's system token.
	ForgeReportPath = "/app/report-accounts/"
)

const (
	reportLimit = 90
	// reportCycle is the answer's Cycle-Period, in days.
	reportCycle = "7"
)

func isReport(path string) bool {
	return path == ConnectReportPath || strings.TrimSuffix(path, "/") == strings.TrimSuffix(ForgeReportPath, "/")
}

// AccountChange is what the personal data reporting API says of an account.
type AccountChange struct {
	AccountID string `json:"accountId"`
	Closed    bool   `json:"closed"`
	// Updated is when the profile has changed; zero: never.
	Updated time.Time `json:"updated"`
}

// ReportedAccount is one that an app has reported.
type ReportedAccount struct {
	AccountID string `json:"accountId"`
	// App is the key of the app, At when it called, UpdatedAt what it said.
	App       string    `json:"app"`
	At        time.Time `json:"at"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// accounts is what the reporting API knows.
type accounts struct {
	now func() time.Time

	mu       sync.Mutex
	changes  map[string]AccountChange
	reported []ReportedAccount
}

// maxReported bounds what is remembered of reports.
const maxReported = 10_000

// SetAccount has the reporting API say something of an account until the next Reset.
// What the other APIs say of the person stays.
func (s *Site) SetAccount(c AccountChange) {
	s.accounts.mu.Lock()
	defer s.accounts.mu.Unlock()
	if s.accounts.changes == nil {
		s.accounts.changes = map[string]AccountChange{}
	}
	s.accounts.changes[c.AccountID] = c
}

// ReportedAccounts lists what apps have reported, oldest first.
func (s *Site) ReportedAccounts() []ReportedAccount {
	s.accounts.mu.Lock()
	defer s.accounts.mu.Unlock()
	return slices.Clone(s.accounts.reported)
}

func (s *Site) resetAccounts() {
	s.accounts.mu.Lock()
	defer s.accounts.mu.Unlock()
	s.accounts.changes, s.accounts.reported = nil, nil
}

func (s *Site) serveAccounts(w http.ResponseWriter, _ *http.Request) {
	s.accounts.mu.Lock()
	changes := make([]AccountChange, 0, len(s.accounts.changes))
	for _, c := range s.accounts.changes {
		changes = append(changes, c)
	}
	s.accounts.mu.Unlock()
	slices.SortFunc(changes, func(a, b AccountChange) int { return strings.Compare(a.AccountID, b.AccountID) })
	reply.JSON(w, http.StatusOK, map[string]any{"changes": changes, "reported": append([]ReportedAccount{}, s.ReportedAccounts()...)})
}

func (s *Site) serveSetAccount(w http.ResponseWriter, r *http.Request) {
	var c AccountChange
	if err := reply.Decode(w, r, &c); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	account := r.PathValue("account")
	if c.AccountID != "" && c.AccountID != account {
		reply.Problem(w, http.StatusUnprocessableEntity, "accountId: is not the one of the address")
		return
	}
	c.AccountID = account
	s.SetAccount(c)
	reply.JSON(w, http.StatusOK, c)
}

// accountReport is the body of a report.
type accountReport struct {
	Accounts []struct {
		AccountID string `json:"accountId"`
		UpdatedAt string `json:"updatedAt"`
	} `json:"accounts"`
}

// serveReport is the reporting API. Only an app that calls as itself may report.
func (s *Site) serveReport(w http.ResponseWriter, r *http.Request) {
	app, err := s.reporter(w, r)
	if err != nil {
		journal.NoteRefusal(w, err)
		refuse(w, err)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		jiraError(w, http.StatusMethodNotAllowed, "HTTP method not allowed.")
		return
	}
	list, err := readReport(w, r)
	if err != nil {
		reply.Note(w, err.Error())
		jiraError(w, http.StatusBadRequest, err.Error())
		return
	}
	w.Header().Set("Cycle-Period", reportCycle)
	said := s.accounts.take(app, list)
	if len(said) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"accounts": said})
}

var errNotTheApp = errors.New("only an app that calls as itself may report accounts")

// reporter finds out which app calls.
func (s *Site) reporter(w http.ResponseWriter, r *http.Request) (app string, err error) {
	if r.URL.Path != ConnectReportPath {
		id, ok := s.forge.System(r)
		journal.NoteCaller(w, id.App, id.Account, id.Token)
		if !ok {
			return "", errNotTheApp
		}
		return id.App, nil
	}
	id, err := s.gate.Caller(r)
	journal.NoteCaller(w, id.App, id.Account, id.Token)
	if err == nil && (!id.Self || id.App == "") {
		err = errNotTheApp
	}
	return id.App, err
}

// readReport reads a body as strictly as the documents have it.
func readReport(w http.ResponseWriter, r *http.Request) ([]ReportedAccount, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, errors.New("the content type is not application/json")
	}
	var body accountReport
	if err := reply.Decode(w, r, &body); err != nil {
		return nil, err
	}
	if n := len(body.Accounts); n == 0 || n > reportLimit {
		return nil, fmt.Errorf("accounts: %d, not 1 to %d", n, reportLimit)
	}
	list := make([]ReportedAccount, 0, len(body.Accounts))
	for i, a := range body.Accounts {
		at, err := time.Parse(time.RFC3339, a.UpdatedAt)
		if err != nil || a.AccountID == "" {
			return nil, fmt.Errorf("accounts[%d]: needs an accountId, and updatedAt as a time of ISO 8601", i)
		}
		list = append(list, ReportedAccount{AccountID: a.AccountID, UpdatedAt: at})
	}
	return list, nil
}

type accountStatus struct {
	AccountID string `json:"accountId"`
	Status    string `json:"status"`
}

// take remembers a report and says which of its accounts are closed, or have changed
// since what the app says.
func (a *accounts) take(app string, list []ReportedAccount) (said []accountStatus) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, account := range list {
		account.App, account.At = app, a.now()
		a.reported = append(a.reported, account)
		switch c := a.changes[account.AccountID]; {
		case c.Closed:
			said = append(said, accountStatus{account.AccountID, "closed"})
		case c.Updated.After(account.UpdatedAt):
			said = append(said, accountStatus{account.AccountID, "updated"})
		}
	}
	if more := len(a.reported) - maxReported; more > 0 {
		a.reported = slices.Delete(a.reported, 0, more)
	}
	return said
}
