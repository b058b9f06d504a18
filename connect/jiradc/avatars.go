package jiradc

import (
	"context"
	"net/http"
	"strconv"

	"github.com/sightline-go/sightline/connect/rest"
)

// Avatar is a picture that stands for a person.
type Avatar struct {
	ID string `json:"id"`
	// Owner is empty for Jira's own pictures.
	Owner    string `json:"owner,omitempty"`
	Selected bool   `json:"selected,omitempty"`
}

// Avatars are the pictures that a person can choose from.
type Avatars struct {
	// System come with Jira, Custom were uploaded.
	System []Avatar `json:"system"`
	Custom []Avatar `json:"custom"`
}

// AvatarsService reads and changes the pictures of people. An empty username means
// the caller. A new picture takes three steps: UploadTemporary, then
// CreateFromTemporary with the square to keep, then Update to choose it.
type AvatarsService service

const avatarPath = "/rest/api/2/user/avatar"

// List returns the pictures that a person can choose from.
//
// GET /rest/api/2/user/avatars. Permission: logged in. Statuses: 200, 401, 404,
// 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-avatars-get
func (s *AvatarsService) List(ctx context.Context, username string) (Avatars, error) {
	return get[Avatars](ctx, s.rest, "/rest/api/2/user/avatars", nameQuery{username})
}

// CreateFromTemporary makes a picture of the uploaded one by cutting out a
// square.
//
// POST /rest/api/2/user/avatar. Permission: to change the person's picture.
// Statuses: 201, 400 (no such square), 401, 403, 404, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-avatar-post
func (s *AvatarsService) CreateFromTemporary(ctx context.Context, username string, crop AvatarCropping) (Avatar, error) {
	return send[Avatar](ctx, s.rest, rest.Request{
		Method: http.MethodPost, Path: avatarPath, Query: nameQuery{username}, Body: crop,
	})
}

// Update chooses a picture, by its id.
//
// PUT /rest/api/2/user/avatar. Permission: to change the person's picture.
// Statuses: 200, 400, 401, 403, 404, 500.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-avatar-put
func (s *AvatarsService) Update(ctx context.Context, username string, avatar Avatar) (Avatar, error) {
	return send[Avatar](ctx, s.rest, rest.Request{
		Method: http.MethodPut, Path: avatarPath, Query: nameQuery{username}, Body: avatar,
	})
}

// Delete removes an uploaded picture.
//
// DELETE /rest/api/2/user/avatar/{id}. Permission: to change the person's
// picture. Statuses: 204, 401, 403, 404.
// https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/#api-api-2-user-avatar-id-delete
func (s *AvatarsService) Delete(ctx context.Context, username string, id int64) error {
	return do(ctx, s.rest, rest.Request{
		Method: http.MethodDelete, Path: "/rest/api/2/user/avatar/{id}",
		Params: []string{strconv.FormatInt(id, 10)}, Query: nameQuery{username},
	})
}
