package confluence

import (
	"context"
	"net/http"

	"github.com/sightline-go/sightline/connect/rest"
)

// WatchOptions name the person who watches.
type WatchOptions struct {
	// AccountID is the person; empty means the caller.
	AccountID string `url:"accountId,omitempty"`
}

// WatchesService reads and changes what people watch.
//
// Confluence answers 403 both for what the caller may not see and for what does not
// exist. The documentation has two more parameters, key and username, which no
// longer work.
type WatchesService service

const (
	watchContentPath = "/wiki/rest/api/user/watch/content/{contentId}"
	watchLabelPath   = "/wiki/rest/api/user/watch/label/{labelName}"
	watchSpacePath   = "/wiki/rest/api/user/watch/space/{spaceKey}"
)

// IsWatchingContent reports whether a person watches a piece of content, such
// as a page.
//
// GET /wiki/rest/api/user/watch/content/{contentId}. Permission: access to
// Confluence for oneself, Confluence administrator or administrator of the
// space for others. Scope: READ. Statuses: 200, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-content-contentid-get
func (s *WatchesService) IsWatchingContent(ctx context.Context, contentID string, opts WatchOptions) (bool, error) {
	return isWatching(ctx, s.rest, watchContentPath, contentID, opts)
}

// AddContentWatcher makes a person watch a piece of content, such as a page.
//
// POST /wiki/rest/api/user/watch/content/{contentId}. Permission: access to
// Confluence for oneself, Confluence administrator or administrator of the
// space for others. Scope: WRITE. Statuses: 204, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-content-contentid-post
func (s *WatchesService) AddContentWatcher(ctx context.Context, contentID string, opts WatchOptions) error {
	return setWatch(ctx, s.rest, http.MethodPost, watchContentPath, contentID, opts)
}

// RemoveContentWatcher makes a person stop watching a piece of content, such as a
// page.
//
// DELETE /wiki/rest/api/user/watch/content/{contentId}. Permission: access to
// Confluence for oneself, Confluence administrator or administrator of the
// space for others. Scope: WRITE. Statuses: 204, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-content-contentid-delete
func (s *WatchesService) RemoveContentWatcher(ctx context.Context, contentID string, opts WatchOptions) error {
	return setWatch(ctx, s.rest, http.MethodDelete, watchContentPath, contentID, opts)
}

// IsWatchingLabel reports whether a person watches a label.
//
// GET /wiki/rest/api/user/watch/label/{labelName}. Permission: access to
// Confluence for oneself, Confluence administrator for others. Scope: READ.
// Statuses: 200, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-label-labelname-get
func (s *WatchesService) IsWatchingLabel(ctx context.Context, label string, opts WatchOptions) (bool, error) {
	return isWatching(ctx, s.rest, watchLabelPath, label, opts)
}

// AddLabelWatcher makes a person watch a label.
//
// POST /wiki/rest/api/user/watch/label/{labelName}. Permission: access to
// Confluence for oneself, Confluence administrator for others. Scope: WRITE.
// Statuses: 204, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-label-labelname-post
func (s *WatchesService) AddLabelWatcher(ctx context.Context, label string, opts WatchOptions) error {
	return setWatch(ctx, s.rest, http.MethodPost, watchLabelPath, label, opts)
}

// RemoveLabelWatcher makes a person stop watching a label.
//
// DELETE /wiki/rest/api/user/watch/label/{labelName}. Permission: access to
// Confluence for oneself, Confluence administrator for others. Scope: WRITE.
// Statuses: 204, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-label-labelname-delete
func (s *WatchesService) RemoveLabelWatcher(ctx context.Context, label string, opts WatchOptions) error {
	return setWatch(ctx, s.rest, http.MethodDelete, watchLabelPath, label, opts)
}

// IsWatchingSpace reports whether a person watches a space.
//
// GET /wiki/rest/api/user/watch/space/{spaceKey}. Permission: access to
// Confluence for oneself, Confluence administrator or administrator of the
// space for others. Scope: READ. Statuses: 200, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-space-spacekey-get
func (s *WatchesService) IsWatchingSpace(ctx context.Context, spaceKey string, opts WatchOptions) (bool, error) {
	return isWatching(ctx, s.rest, watchSpacePath, spaceKey, opts)
}

// AddSpaceWatcher makes a person watch a space.
//
// POST /wiki/rest/api/user/watch/space/{spaceKey}. Permission: access to
// Confluence for oneself, Confluence administrator or administrator of the
// space for others. Scope: WRITE. Statuses: 204, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-space-spacekey-post
func (s *WatchesService) AddSpaceWatcher(ctx context.Context, spaceKey string, opts WatchOptions) error {
	return setWatch(ctx, s.rest, http.MethodPost, watchSpacePath, spaceKey, opts)
}

// RemoveSpaceWatcher makes a person stop watching a space.
//
// DELETE /wiki/rest/api/user/watch/space/{spaceKey}. Permission: access to
// Confluence for oneself, Confluence administrator or administrator of the
// space for others. Scope: WRITE. Statuses: 204, 403, 404.
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content-watches/#api-wiki-rest-api-user-watch-space-spacekey-delete
func (s *WatchesService) RemoveSpaceWatcher(ctx context.Context, spaceKey string, opts WatchOptions) error {
	return setWatch(ctx, s.rest, http.MethodDelete, watchSpacePath, spaceKey, opts)
}

func isWatching(ctx context.Context, c *rest.Client, path, target string, opts WatchOptions) (bool, error) {
	watch, err := get[struct {
		Watching bool `json:"watching"`
	}](ctx, c, path, opts, target)
	return watch.Watching, err
}

// setWatch sends the header without which Confluence takes the call for a
// forged one and answers 403. It needs it on all six writes, though its
// documents declare it on three.
func setWatch(ctx context.Context, c *rest.Client, method, path, target string, opts WatchOptions) error {
	return do(ctx, c, rest.Request{
		Method: method, Path: path, Params: []string{target}, Query: opts,
		Header: http.Header{"X-Atlassian-Token": {"no-check"}},
	})
}
