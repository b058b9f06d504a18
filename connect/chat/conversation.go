package chat

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// rosterPage is how many members one call asks for: the most it gives.
const rosterPage = 75

// Conversation is a room or a direct conversation.
type Conversation struct {
	ID      string `json:"id"`
	CloudID string `json:"cloudId"`
	Name    string `json:"name"`
	Topic   string `json:"topic"`
	// Type is group or direct.
	Type string `json:"type"`
	// Privacy is public or private.
	Privacy    string    `json:"privacy"`
	IsArchived bool      `json:"isArchived"`
	AvatarURL  string    `json:"avatarUrl"`
	Created    time.Time `json:"created"`
	Modified   time.Time `json:"modified"`
}

// Conversation returns one conversation.
//
// GET /site/{cloudId}/conversation/{conversationId}. Scope:
// participate:conversation. Statuses: 200, 401, 403, 404, 429.
// https://developer.atlassian.com/cloud/stride/rest/
func (c *Client) Conversation(ctx context.Context, cloudID, conversationID string) (Conversation, error) {
	return do[Conversation](ctx, c, rest.Request{
		Method: http.MethodGet, Path: conversationPath, Params: []string{cloudID, conversationID},
	})
}

type rosterQuery struct {
	Start int `url:"start"`
	Limit int `url:"limit"`
}

// Roster returns the account ids of all members of a conversation. If the platform
// does not let it read them all, it returns those it has with an error that wraps
// [rest.ErrWalk].
//
// GET /site/{cloudId}/conversation/{conversationId}/roster, page by page.
// Scope: participate:conversation. Statuses: 200, 401, 403, 404, 429.
// https://developer.atlassian.com/cloud/stride/rest/
func (c *Client) Roster(ctx context.Context, cloudID, conversationID string) ([]string, error) {
	var members []string
	for member, err := range c.roster(ctx, cloudID, conversationID) {
		if errors.Is(err, rest.ErrWalk) {
			return members, err
		}
		if err != nil {
			return nil, err
		}
		members = append(members, member)
	}
	return members, nil
}

func (c *Client) roster(ctx context.Context, cloudID, conversationID string) iter.Seq2[string, error] {
	own := *c.rest
	own.Lists.Fruitless = 1 // a platform that ignores the offset sends the first page again
	itself := func(member string) string { return member }
	return rest.Each(&own, 0, itself, func(metered *rest.Client, start int) ([]string, int, bool, error) {
		if err := c.wait(ctx, conversation{cloudID, conversationID}); err != nil {
			return nil, 0, false, err
		}
		page, _, err := rest.DoList[string, rest.None](ctx, metered, rest.Request{
			Method: http.MethodGet,
			Path:   conversationPath + "/roster",
			Params: []string{cloudID, conversationID},
			Query:  rosterQuery{start, rosterPage},
		}, "values")
		return page.Items, start + page.Len(), page.Len() >= rosterPage, err
	})
}

// SendMessage posts plain text, each line as a paragraph, and returns the
// message's id. rest.Retry does not repeat it when the network fails, as the
// message may have arrived.
//
// POST /site/{cloudId}/conversation/{conversationId}/message. Scope:
// participate:conversation. Statuses: 201, 400, 401, 403, 404, 429.
// https://developer.atlassian.com/cloud/stride/rest/
func (c *Client) SendMessage(ctx context.Context, cloudID, conversationID, text string) (string, error) {
	message, err := do[struct {
		ID string `json:"id"`
	}](ctx, c, rest.Request{
		Method: http.MethodPost,
		Path:   conversationPath + "/message",
		Params: []string{cloudID, conversationID},
		Body: struct {
			Body node `json:"body"`
		}{document(text)},
	})
	return message.ID, err
}

// node is a node of the Atlassian Document Format.
type node struct {
	Type    string `json:"type"`
	Version int    `json:"version,omitempty"`
	Text    string `json:"text,omitempty"`
	Content []node `json:"content,omitempty"`
}

func document(text string) node {
	doc := node{Type: "doc", Version: 1}
	for line := range strings.SplitSeq(text, "\n") {
		paragraph := node{Type: "paragraph"}
		// The format has no empty text.
		if line != "" {
			paragraph.Content = []node{{Type: "text", Text: line}}
		}
		doc.Content = append(doc.Content, paragraph)
	}
	return doc
}
