package jiradc

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/sightline-go/sightline/connect/rest"
)

// Problems are Jira's objections.
type Problems struct {
	Messages []string `json:"errorMessages"`
	// Fields are the objections to single fields, by field.
	Fields map[string]string `json:"errors"`
}

// AnonymizationValidation says what an anonymization would do.
type AnonymizationValidation struct {
	UserKey     string `json:"userKey"`
	UserName    string `json:"userName"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
	Deleted     bool   `json:"deleted"`
	// Success reports whether the person can be anonymized.
	Success                       bool `json:"success"`
	BusinessLogicValidationFailed bool `json:"businessLogicValidationFailed"`
	// Errors and Warnings are keyed by step.
	Errors   map[string]Problems `json:"errors"`
	Warnings map[string]Problems `json:"warnings"`
	// Operations are the steps, such as USER_NAME_CHANGE.
	Operations []string `json:"operations"`
	// AffectedEntities are set if Expand asked for them, keyed by their types.
	AffectedEntities map[string][]AffectedEntity `json:"affectedEntities"`
}

// AffectedEntity is something that an anonymization changes.
type AffectedEntity struct {
	// Type is ANONYMIZE, TRANSFER_OWNERSHIP, REMOVE or MANUAL.
	Type                string `json:"type"`
	Description         string `json:"description"`
	NumberOfOccurrences int64  `json:"numberOfOccurrences"`
	URI                 string `json:"uri"`
	URIDisplayName      string `json:"uriDisplayName"`
}

// The statuses of an anonymization.
const (
	AnonymizationCompleted        = "COMPLETED" // perhaps with errors or warnings
	AnonymizationInProgress       = "IN_PROGRESS"
	AnonymizationInterrupted      = "INTERRUPTED"       // its node is gone; see Unlock
	AnonymizationValidationFailed = "VALIDATION_FAILED" // it has not been begun
)

// AnonymizationProgress says how far an anonymization is.
type AnonymizationProgress struct {
	UserKey  string `json:"userKey"`
	UserName string `json:"userName"`
	FullName string `json:"fullName"`
	// ProgressURL is relative to Jira's address.
	ProgressURL string `json:"progressUrl"`
	// CurrentProgress goes from 0 to 100. It does not tell the end; Status does.
	CurrentProgress int    `json:"currentProgress"`
	CurrentSubTask  string `json:"currentSubTask"`
	// Status is one of the constants.
	Status    string `json:"status"`
	Submitted Time   `json:"submittedTime"`
	Started   Time   `json:"startTime"`
	Finished  Time   `json:"finishTime"`
	// Operations are the steps, such as USER_NAME_CHANGE.
	Operations []string `json:"operations"`
	// Errors and Warnings are keyed by step.
	Errors        map[string]Problems `json:"errors"`
	Warnings      map[string]Problems `json:"warnings"`
	ExecutingNode string              `json:"executingNode"`
	Rerun         bool                `json:"isRerun"`
}

// TaskID is the id to ask Progress for; 0 if Jira has not given one.
func (p AnonymizationProgress) TaskID() int64 {
	u, err := url.Parse(p.ProgressURL)
	if err != nil {
		return 0
	}
	id, _ := strconv.ParseInt(u.Query().Get("taskId"), 10, 64)
	return id
}

// AnonymizationOptions name the person to validate. Zero values are left out.
type AnonymizationOptions struct {
	// UserKey is required.
	UserKey string `url:"userKey,omitempty"`
	// Expand takes affectedEntities.
	Expand []string `url:"expand,omitempty,comma"`
}

// AnonymizationRerunOptions name the person to validate. Zero values are left out.
type AnonymizationRerunOptions struct {
	// UserKey is required.
	UserKey string `url:"userKey,omitempty"`
	// OldUserKey and OldUserName are the former ones, or the present ones if
	// they never changed.
	OldUserKey  string `url:"oldUserKey,omitempty"`
	OldUserName string `url:"oldUserName,omitempty"`
	// Expand takes affectedEntities.
	Expand []string `url:"expand,omitempty,comma"`
}

// AnonymizationRequest names the person to anonymize.
type AnonymizationRequest struct {
	UserKey string `json:"userKey"`
	// NewOwnerKey is the key of the person who gets what this one owns.
	NewOwnerKey string `json:"newOwnerKey,omitempty"`
}

// AnonymizationRerunRequest names the person to anonymize once more, see
// [AnonymizationRerunOptions].
type AnonymizationRerunRequest struct {
	UserKey     string `json:"userKey"`
	OldUserKey  string `json:"oldUserKey,omitempty"`
	OldUserName string `json:"oldUserName,omitempty"`
	// NewOwnerKey is the key of the person who gets what this one owns.
	NewOwnerKey string `json:"newOwnerKey,omitempty"`
}

// AnonymizationService removes a person's identity. One anonymization runs at a
// time; it runs in the background and may fail after Jira has accepted it.
type AnonymizationService service

const (
	anonymizationPath = "/rest/api/2/user/anonymization"
	rerunPath         = "/rest/api/2/user/anonymization/rerun"
)

// Validate returns what an anonymization would do and whether it can be done.
//
// GET /rest/api/2/user/anonymization. Permission: to anonymize users. Statuses:
// 200, 400, 403.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-anonymization-get
func (s *AnonymizationService) Validate(ctx context.Context, opts AnonymizationOptions) (AnonymizationValidation, error) {
	return get[AnonymizationValidation](ctx, s.rest, anonymizationPath, opts)
}

// Schedule has a person anonymized.
//
// POST /rest/api/2/user/anonymization. Permission: Jira system administrator.
// Statuses: 202, 400, 403, 409 (another one runs).
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-anonymization-post
func (s *AnonymizationService) Schedule(ctx context.Context, request AnonymizationRequest) (AnonymizationProgress, error) {
	return schedule(ctx, s.rest, anonymizationPath, request)
}

// Progress returns how far an anonymization is. A taskID of 0 means the only or
// latest one.
//
// GET /rest/api/2/user/anonymization/progress. Permission: to anonymize users.
// Statuses: 200, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-anonymization-progress-get
func (s *AnonymizationService) Progress(ctx context.Context, taskID int64) (AnonymizationProgress, error) {
	return get[AnonymizationProgress](ctx, s.rest, "/rest/api/2/user/anonymization/progress", struct {
		TaskID int64 `url:"taskId,omitempty"`
	}{taskID})
}

// ValidateRerun returns what a second anonymization of a person would do.
//
// GET /rest/api/2/user/anonymization/rerun. Permission: to anonymize users.
// Statuses: 200, 400, 403.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-anonymization-rerun-get
func (s *AnonymizationService) ValidateRerun(ctx context.Context, opts AnonymizationRerunOptions) (AnonymizationValidation, error) {
	return get[AnonymizationValidation](ctx, s.rest, rerunPath, opts)
}

// ScheduleRerun has a person anonymized once more, for what the first left over.
//
// POST /rest/api/2/user/anonymization/rerun. Permission: Jira system
// administrator. Statuses: 202, 400, 403, 409 (another one runs).
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-anonymization-rerun-post
func (s *AnonymizationService) ScheduleRerun(ctx context.Context, request AnonymizationRerunRequest) (AnonymizationProgress, error) {
	return schedule(ctx, s.rest, rerunPath, request)
}

// Unlock removes the anonymization of a node that is down, so that another one
// can run. Make sure that the node is down.
//
// DELETE /rest/api/2/user/anonymization/unlock. Permission: to anonymize users.
// Statuses: 204, 400 (no cluster), 403, 404, 409 (the node is alive).
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-anonymization-unlock-delete
func (s *AnonymizationService) Unlock(ctx context.Context) error {
	return do(ctx, s.rest, rest.Request{Method: http.MethodDelete, Path: "/rest/api/2/user/anonymization/unlock"})
}

// schedule takes the progress that Jira answers, and no body, since none is
// documented.
func schedule(ctx context.Context, c *rest.Client, path string, request any) (AnonymizationProgress, error) {
	var progress AnonymizationProgress
	raw, err := send[rest.Raw](ctx, c, rest.Request{Method: http.MethodPost, Path: path, Body: request})
	if err != nil || len(raw.Data) == 0 {
		return progress, err
	}
	if json.Unmarshal(raw.Data, &progress) != nil {
		return AnonymizationProgress{}, fmt.Errorf("%s %s: %w: no progress", http.MethodPost, path, rest.ErrUnreadable)
	}
	return progress, nil
}
