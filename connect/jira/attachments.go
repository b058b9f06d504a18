package jira

import (
	"context"
	"encoding/json"
)

// Attachment describes a file on an issue.
type Attachment struct {
	ID       int64  `json:"id"`
	Self     string `json:"self"`
	Filename string `json:"filename"`
	// Author is nil if an anonymous person attached the file.
	Author  *User `json:"author"`
	Created Time  `json:"created"`
	// Size is in bytes.
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	// Content and Thumbnail are the file's addresses.
	Content   string `json:"content"`
	Thumbnail string `json:"thumbnail"`
	// Properties are what an app added, if any.
	Properties map[string]json.RawMessage `json:"properties"`
}

// AttachmentSettings are a site's settings for attachments.
type AttachmentSettings struct {
	Enabled bool `json:"enabled"`
	// UploadLimit is the largest size of a file, in bytes.
	UploadLimit int64 `json:"uploadLimit"`
}

// AttachmentsService reads the descriptions of attachments, not their content.
type AttachmentsService service

// Settings returns whether files can be attached, and how large they may be.
//
// GET /rest/api/3/attachment/meta. Permission: none. Scope: READ. Statuses:
// 200, 401.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/#api-rest-api-3-attachment-meta-get
func (s *AttachmentsService) Settings(ctx context.Context) (AttachmentSettings, error) {
	return get[AttachmentSettings](ctx, s.api, "/attachment/meta", nil)
}

// Get returns one attachment.
//
// GET /rest/api/3/attachment/{id}. Permission: Browse projects of its issue,
// issue security, and the restriction of a private comment. Scope: READ.
// Statuses: 200, 401, 403, 404 (also when attachments are off).
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/#api-rest-api-3-attachment-id-get
func (s *AttachmentsService) Get(ctx context.Context, id string) (Attachment, error) {
	return get[Attachment](ctx, s.api, "/attachment/{id}", nil, id)
}
