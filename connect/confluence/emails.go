package confluence

import (
	"context"
	"slices"
)

// Email is a person's e-mail address.
type Email struct {
	AccountID string `json:"accountId"`
	Email     string `json:"email"`
}

// EmailsService reads e-mail addresses, even those that people's profiles hide. Its
// calls need the scope ACCESS_EMAIL_ADDRESSES, and Atlassian's approval of the app.
type EmailsService service

// Get returns one person's e-mail address.
//
// GET /wiki/rest/api/user/email. Permission: access to Confluence. Scope:
// ACCESS_EMAIL_ADDRESSES. Statuses: 200, 400 (the app is not approved), 401,
// 404, 501 (switched off; rest.ErrServer).
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-email-get
func (s *EmailsService) Get(ctx context.Context, accountID string) (Email, error) {
	return get[Email](ctx, s.rest, "/wiki/rest/api/user/email", accountQuery{accountID})
}

// Bulk returns the e-mail addresses of several people and leaves out those who are
// not available. Atlassian publishes no limit: it asks for 100 people a call, one
// call after the other, so that no address grows too long.
//
// GET /wiki/rest/api/user/email/bulk. Permission: access to Confluence. Scope:
// ACCESS_EMAIL_ADDRESSES. Statuses: 200, 400 (the app is not approved), 401,
// 501 (switched off; rest.ErrServer).
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/#api-wiki-rest-api-user-email-bulk-get
func (s *EmailsService) Bulk(ctx context.Context, accountIDs []string) ([]Email, error) {
	var emails []Email
	for ids := range slices.Chunk(accountIDs, maxBulk) {
		found, err := records[Email](ctx, s.rest, "/wiki/rest/api/user/email/bulk", struct {
			AccountIDs []string `url:"accountId,comma"`
		}{ids})
		if err != nil {
			return nil, err
		}
		emails = append(emails, found...)
	}
	return emails, nil
}
