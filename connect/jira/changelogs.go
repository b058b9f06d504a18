package jira

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// Changelog is one change of an issue: somebody changed some of its fields at the
// same time.
type Changelog struct {
	ID string `json:"id"`
	// Author is nil if Jira does not know who it was.
	Author  *User        `json:"author"`
	Created Time         `json:"created"`
	Items   []ChangeItem `json:"items"`
}

// ChangeItem is what became of one field.
type ChangeItem struct {
	// Field is the field's name, FieldID its id; FieldType is jira or custom.
	Field     string `json:"field"`
	FieldID   string `json:"fieldId"`
	FieldType string `json:"fieldtype"`
	// From and To are ids where the field's values have ids, else empty; FromString
	// and ToString are the values in words. An empty text is no value.
	From       string `json:"from"`
	FromString string `json:"fromString"`
	To         string `json:"to"`
	ToString   string `json:"toString"`
}

// UnmarshalJSON reads a change. Its time must make sense: version 3 documents a
// text, and shows a number of seconds in the example of the bulk list. An author
// who is none is left out.
func (c *Changelog) UnmarshalJSON(data []byte) error {
	type plain Changelog
	*c = Changelog{}
	return json.Unmarshal(data, &struct {
		*plain
		ID      looseID           `json:"id"`
		Author  looseObject[User] `json:"author"`
		Created looseTime         `json:"created"`
	}{(*plain)(c), looseID{&c.ID}, looseObject[User]{&c.Author}, looseTime{&c.Created}})
}

// UnmarshalJSON reads an item. Values may be texts or numbers.
func (i *ChangeItem) UnmarshalJSON(data []byte) error {
	type plain ChangeItem
	*i = ChangeItem{}
	return json.Unmarshal(data, &struct {
		*plain
		FieldType  loose[string] `json:"fieldtype"`
		From       looseID       `json:"from"`
		FromString looseID       `json:"fromString"`
		To         looseID       `json:"to"`
		ToString   looseID       `json:"toString"`
	}{(*plain)(i), loose[string]{&i.FieldType}, looseID{&i.From}, looseID{&i.FromString}, looseID{&i.To}, looseID{&i.ToString}})
}

// looseTime reads a time that is a text, or a number of seconds or, if that is
// large, of milliseconds.
type looseTime struct{ to *Time }

// millisecondsFrom is the number from which a time is in milliseconds: in seconds
// it would be more than three thousand years from now.
const millisecondsFrom = 100_000_000_000

// UnmarshalJSON fails if there is no telling which time is meant.
func (l looseTime) UnmarshalJSON(data []byte) error {
	var number json.Number
	if data[0] == '"' || json.Unmarshal(data, &number) != nil {
		return json.Unmarshal(data, l.to)
	}
	n, err := number.Int64()
	switch {
	case err != nil || n <= 0:
		return errors.New("no time of a change")
	case n < millisecondsFrom:
		l.to.Time = time.Unix(n, 0).UTC()
	default:
		l.to.Time = time.UnixMilli(n).UTC()
	}
	return nil
}

// ChangelogListOptions page a list of changes. Zero values are left out.
type ChangelogListOptions struct {
	StartAt int64 `url:"startAt,omitempty"`
	// MaxResults is 100 by default and at most.
	MaxResults int `url:"maxResults,omitempty"`
}

// ChangelogsService reads what became of issues.
type ChangelogsService service

// List returns one page of an issue's changes, the oldest first.
//
// GET /rest/api/3/issue/{issueIdOrKey}/changelog. Permission: Browse projects, and
// issue security. Scope: READ. Statuses: 200, 404.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-changelog-get
func (s *ChangelogsService) List(ctx context.Context, issue string, opts ChangelogListOptions) (Page[Changelog], error) {
	if err := rest.CheckLimit("maxResults", 100, opts.MaxResults); err != nil {
		return Page[Changelog]{}, err
	}
	found, err := list[Changelog, Page[Changelog]](ctx, s.api, issuePath+"/changelog", "values", opts, issue)
	page := found.About
	page.Values, page.Skipped = found.Items, found.Skipped
	return page, err
}

// All walks every page of List from opts.StartAt on.
func (s *ChangelogsService) All(ctx context.Context, issue string, opts ChangelogListOptions) iter.Seq2[Changelog, error] {
	return each(s, opts.StartAt, changelogID, func(s *ChangelogsService, at int64) ([]Changelog, int64, bool, error) {
		opts.StartAt = at
		page, err := s.List(ctx, issue, opts)
		next, more := page.next(at)
		return page.Values, next, more, err
	})
}

func changelogID(c Changelog) string { return c.ID }

// The limits of a bulk list of changes.
const (
	maxChangelogIssues = 1000
	maxChangelogFields = 10
	maxChangelogPage   = 10_000
)

// BulkChangelogOptions say whose changes to list.
type BulkChangelogOptions struct {
	// Issues are ids or keys, 1 to 1000.
	Issues []string `json:"issueIdsOrKeys"`
	// Fields are the ids of at most 10 fields; empty: all.
	Fields []string `json:"fieldIds,omitempty"`
	// MaxResults is 1000 by default and 10,000 at most.
	MaxResults int `json:"maxResults,omitempty"`
	// NextPageToken is the token that the page before gave; empty for the first.
	NextPageToken string `json:"nextPageToken,omitempty"`
}

func (o BulkChangelogOptions) check() error {
	return errors.Join(
		rest.CheckLimit("issues", maxChangelogIssues, len(o.Issues)),
		rest.CheckLimit("fields", maxChangelogFields, len(o.Fields)),
		rest.CheckLimit("maxResults", maxChangelogPage, o.MaxResults),
	)
}

// IssueChangelogs are changes of one issue.
type IssueChangelogs struct {
	IssueID string      `json:"issueId"`
	Changes []Changelog `json:"changeHistories"`
}

// BulkChangelogPage is one page of the changes of several issues. An issue may be
// on more than one page.
type BulkChangelogPage struct {
	Issues        []IssueChangelogs `json:"issueChangeLogs"`
	NextPageToken string            `json:"nextPageToken"`
	// Skipped are the records of the page that could not be read. Without a
	// Skip in the client's Lists they fail the call.
	Skipped []rest.Unreadable `json:"-"`
}

// Bulk returns one page of the changes of several issues, the oldest first, as
// far as the caller may see the issues.
//
// POST /rest/api/3/changelog/bulkfetch. Permission: Browse projects, and issue
// security. Scope: none; closed to Connect apps. Statuses: 200, 400.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-changelog-bulkfetch-post
func (s *ChangelogsService) Bulk(ctx context.Context, opts BulkChangelogOptions) (BulkChangelogPage, error) {
	if err := opts.check(); err != nil {
		return BulkChangelogPage{}, err
	}
	r := rest.Request{Method: http.MethodPost, Path: "/changelog/bulkfetch", Body: opts}
	found, err := doList[IssueChangelogs, BulkChangelogPage](ctx, s.api, r, "issueChangeLogs")
	page := found.About
	page.Issues, page.Skipped = found.Items, found.Skipped
	return page, err
}

// BulkAll walks every page of Bulk from opts.NextPageToken on.
func (s *ChangelogsService) BulkAll(ctx context.Context, opts BulkChangelogOptions) iter.Seq2[IssueChangelogs, error] {
	return each(s, opts.NextPageToken, changesID, func(s *ChangelogsService, token string) ([]IssueChangelogs, string, bool, error) {
		opts.NextPageToken = token
		page, err := s.Bulk(ctx, opts)
		next := page.NextPageToken
		return page.Issues, next, next != "", err
	})
}

// changesID tells the parts of an issue's changes apart.
func changesID(c IssueChangelogs) [2]string {
	if len(c.Changes) == 0 {
		return [2]string{c.IssueID}
	}
	return [2]string{c.IssueID, c.Changes[0].ID}
}
