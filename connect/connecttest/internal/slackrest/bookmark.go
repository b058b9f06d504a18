package slackrest

import (
	"net/http"
	"net/url"
	"slices"
)

// bookmark is a chip in a channel's header.
type bookmark struct {
	ID      string `json:"id"`
	Channel string `json:"channel_id"`
	Title   string `json:"title"`
	Link    string `json:"link"`
	Emoji   string `json:"emoji"`
	Type    string `json:"type"`
	Created int64  `json:"date_created"`
	Updated int64  `json:"date_updated"`
	AppID   string `json:"app_id"`
}

// maxBookmarks is how many a conversation may have.
const maxBookmarks = 100

func (s webAPI) addBookmark(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, refused := s.member(a["channel_id"])
	switch {
	case refused != nil:
		return nil, refused
	case a["title"] == "":
		return nil, fail("invalid_arguments")
	case a["type"] != "link":
		return nil, fail("invalid_bookmark_type")
	case !isLink(a["link"]):
		return nil, fail("invalid_link")
	case len(c.bookmarks) >= maxBookmarks:
		return nil, fail("too_many_bookmarks")
	}
	now := s.Now().Unix()
	b := &bookmark{
		ID: s.id("Bk"), Channel: c.id, Title: a["title"], Link: a["link"], Emoji: a["emoji"],
		Type: "link", Created: now, AppID: appID,
	}
	c.bookmarks = append(c.bookmarks, b)
	s.Changed(c.id)
	return map[string]any{"bookmark": *b}, nil
}

func (s webAPI) editBookmark(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, b, refused := s.bookmark(a)
	if refused != nil {
		return nil, refused
	}
	if link, ok := a["link"]; ok {
		if !isLink(link) {
			return nil, fail("invalid_link")
		}
		b.Link = link
	}
	if title, ok := a["title"]; ok {
		b.Title = title
	}
	if emoji, ok := a["emoji"]; ok {
		b.Emoji = emoji
	}
	b.Updated = s.Now().Unix()
	s.Changed(c.id)
	return map[string]any{"bookmark": *b}, nil
}

func (s webAPI) removeBookmark(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, b, refused := s.bookmark(a)
	if refused != nil {
		return nil, refused
	}
	c.bookmarks = slices.DeleteFunc(c.bookmarks, func(other *bookmark) bool { return other.ID == b.ID })
	s.Changed(c.id)
	return nil, nil
}

func (s webAPI) listBookmarks(_ *http.Request, a arguments) (map[string]any, *failure) {
	c, refused := s.member(a["channel_id"])
	if refused != nil {
		return nil, refused
	}
	list := make([]bookmark, 0, len(c.bookmarks))
	for _, b := range c.bookmarks {
		list = append(list, *b)
	}
	return map[string]any{"bookmarks": list}, nil
}

func (s webAPI) bookmark(a arguments) (*channel, *bookmark, *failure) {
	c, refused := s.member(a["channel_id"])
	if refused != nil {
		return nil, nil, refused
	}
	i := slices.IndexFunc(c.bookmarks, func(b *bookmark) bool { return b.ID == a["bookmark_id"] })
	if i < 0 {
		return nil, nil, fail("not_found")
	}
	return c, c.bookmarks[i], nil
}

// member is a channel that the bot is in.
func (s webAPI) member(id string) (*channel, *failure) {
	c := s.team.channel(id)
	switch {
	case c == nil, c.private && !c.bot:
		return nil, fail("channel_not_found")
	case c.archived:
		return nil, fail("is_archived")
	case !c.bot:
		return nil, fail("not_in_channel")
	}
	return c, nil
}

func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}
