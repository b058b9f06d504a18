package chat

import (
	"context"
	"net/http"
	"slices"
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

// Roster returns the account ids of all members of a conversation.
//
// GET /site/{cloudId}/conversation/{conversationId}/roster, page by page.
// Scope: participate:conversation. Statuses: 200, 401, 403, 404, 429.
// https://developer.atlassian.com/cloud/stride/rest/
func (c *Client) Roster(ctx context.Context, cloudID, conversationID string) ([]string, error) {
	var members []string
	for {
		page, err := do[struct {
			Values []string `json:"values"`
		}](ctx, c, rest.Request{
			Method: http.MethodGet,
			Path:   conversationPath + "/roster",
			Params: []string{cloudID, conversationID},
			Query:  rosterQuery{len(members), rosterPage},
		})
		if err != nil {
			return nil, err
		}
		// A platform that ignores the offset sends the first page again.
		repeated := len(page.Values) > 0 && slices.Contains(members, page.Values[0])
		if !repeated {
			members = append(members, page.Values...)
		}
		if repeated || len(page.Values) < rosterPage {
			return members, nil
		}
	}
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
