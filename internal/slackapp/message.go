package slackapp

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// message changes the glance's message, or writes a new one if there is none to
// change, and returns its id.
func (w *workspace) message(ctx context.Context, channel, ts string, text shown) (string, error) {
	if ts == "" {
		return w.post(ctx, channel, text)
	}
	err := w.call(ctx, "chat.update", "", func() error {
		_, _, _, err := w.slack.UpdateMessageContext(ctx, channel, ts, text.content()...)
		return err
	})
	if IsCode(err, CodeMessageNotFound, CodeCantUpdate, CodeEditWindow) {
		return w.post(ctx, channel, text)
	}
	return ts, err
}

// post writes a new message. It joins a public channel first, which changes
// nothing if the app is already in it; only members can invite the app into a
// private one.
func (w *workspace) post(ctx context.Context, channel string, text shown) (ts string, err error) {
	if w.install.has("channels:join") {
		err = w.call(ctx, "conversations.join", "", func() error {
			_, _, _, err := w.slack.JoinConversationContext(ctx, channel)
			return err
		})
		if isRetry(err) {
			return "", err
		}
	}
	err = w.call(ctx, "chat.postMessage", channel, func() error {
		_, ts, err = w.slack.PostMessageContext(ctx, channel, text.content()...)
		return err
	})
	return ts, err
}

// shown is what a message shows of a glance.
type shown struct{ label, note, link string }

// content is text, for notifications, and the blocks that are shown. Both are
// always sent: text without blocks would drop the blocks.
func (s shown) content() []slack.MsgOption {
	text := slack.NewTextBlockObject(slack.MarkdownType, s.markup(), false, false)
	blocks := []slack.Block{slack.NewSectionBlock(text, nil, nil)}
	if s.note != "" {
		note := slack.NewTextBlockObject(slack.PlainTextType, s.note, false, false)
		blocks = append(blocks, slack.NewContextBlock("", note))
	}
	return []slack.MsgOption{
		slack.MsgOptionText(s.label, true),
		slack.MsgOptionBlocks(blocks...),
		slack.MsgOptionDisableLinkUnfurl(),
	}
}

// markup is the label, linked if Slack takes as long a text.
func (s shown) markup() string {
	label := escape(s.label)
	linked := glanceEmoji + " *<" + s.link + "|" + label + ">*"
	if s.link == "" || len(linked) > maxText {
		return glanceEmoji + " *" + label + "*"
	}
	return linked
}

// maxText is how long Slack lets the text of a section be, in characters. The
// search for twenty projects is longer if an admin allowed very long keys: then the
// label has no link, rather than the channel no message. See
// https://docs.slack.dev/reference/block-kit/blocks/section-block
const maxText = 3000

// glanceEmoji stands before a glance.
const glanceEmoji = ":bar_chart:"

// escape escapes what Slack would read as markup. See
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// bookmark keeps the chip in the channel's header, if the scope for it was
// granted, and returns its id. A channel that accepts no bookmark does without.
func (w *workspace) bookmark(ctx context.Context, channel, id, label, link string) (string, error) {
	if !w.install.has("bookmarks:write") || link == "" {
		return "", nil
	}
	if id == "" {
		id = w.findBookmark(ctx, channel, link)
	}
	if id != "" {
		emoji := glanceEmoji
		err := w.call(ctx, "bookmarks.edit", "", func() error {
			_, err := w.slack.EditBookmarkContext(ctx, channel, id, slack.EditBookmarkParameters{Title: &label, Emoji: &emoji, Link: link})
			return err
		})
		if err == nil || isRetry(err) {
			return id, err // the old chip stays the glance's
		}
		if !IsCode(err, CodeNotFound, CodeBookmarkNotFound) {
			return "", nil // the message is there; the chip is an extra
		}
	}
	return w.addBookmark(ctx, channel, label, link)
}

func (w *workspace) addBookmark(ctx context.Context, channel, label, link string) (id string, err error) {
	err = w.call(ctx, "bookmarks.add", "", func() error {
		added, err := w.slack.AddBookmarkContext(ctx, channel, slack.AddBookmarkParameters{
			Title: label, Type: "link", Link: link, Emoji: glanceEmoji,
		})
		id = added.ID
		return err
	})
	if isRetry(err) {
		return "", err
	}
	return id, nil
}

// findBookmark finds the chip that an earlier attempt left behind before its id
// could be saved; empty if there is none or the list may not be read.
func (w *workspace) findBookmark(ctx context.Context, channel, link string) string {
	if !w.install.has("bookmarks:read") {
		return ""
	}
	var list []slack.Bookmark
	err := w.call(ctx, "bookmarks.list", "", func() (err error) {
		list, err = w.slack.ListBookmarksContext(ctx, channel)
		return err
	})
	i := slices.IndexFunc(list, func(b slack.Bookmark) bool { return b.Link == link && b.Emoji == glanceEmoji })
	if err != nil || i < 0 {
		return ""
	}
	return list[i].ID
}
