package slackapp

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/internal/glance"
)

var _ glance.Teller = (*Surface)(nil)

// NamesPeople implements [glance.Teller]: an admin of Jira decides when the app is added to
// the workspace.
func (s *Surface) NamesPeople(ctx context.Context, team string) (bool, error) {
	in, err := s.find(ctx, team)
	return in.NamesPeople, err
}

// Tell implements [glance.Teller].
func (s *Surface) Tell(ctx context.Context, at glance.Place, d glance.Digest) error {
	in, err := s.enter(ctx, at.Site)
	if err != nil {
		return err
	}
	return in.withTable(ctx, d, func(content []slack.MsgOption) error {
		return in.call(ctx, "chat.postMessage", at.Conversation, func() error {
			_, _, err := in.slack.PostMessageContext(ctx, at.Conversation, content...)
			return err
		})
	})
}

// Whisper tells one person in a channel. The app must be in it.
func (s *Surface) Whisper(ctx context.Context, team, channel, user string, d glance.Digest) error {
	in, err := s.enter(ctx, team)
	if err != nil {
		return err
	}
	return in.withTable(ctx, d, func(content []slack.MsgOption) error {
		return in.call(ctx, "chat.postEphemeral", "", func() error {
			_, err := in.slack.PostEphemeralContext(ctx, channel, user, content...)
			return err
		})
	})
}

// withTable sends a message with its table, and with lines in place of that to a workspace
// that does not take it, from then on.
func (w *workspace) withTable(ctx context.Context, d glance.Digest, send func([]slack.MsgOption) error) error {
	table := len(d.Table.Rows) > 0 && !w.now().Before(w.install.PlainUntil)
	err := send(content(d, table))
	if !table || !IsCode(err, codeInvalidBlocks, codeInvalidFormat) {
		return err
	}
	if w.plain != nil {
		if err := w.plain(ctx, w.install.Team); err != nil {
			w.log.DebugContext(ctx, "slack workspace takes no tables", "team", w.install.Team, "error", err)
		}
	}
	return send(content(d, false))
}

// The codes with which Slack refuses blocks.
const (
	codeInvalidBlocks Code = "invalid_blocks"
	codeInvalidFormat Code = "invalid_blocks_format"
)

// content is a message's text, for notifications, and its blocks. Slack shows a table below
// all others.
func content(d glance.Digest, table bool) []slack.MsgOption {
	lines := d.Lines
	if !table {
		lines = append(lines[:len(lines):len(lines)], d.TableLines...)
	}
	var blocks []slack.Block
	if d.Title != "" {
		blocks = append(blocks, section("*"+escape(d.Title)+"*"))
	}
	for _, text := range chunks(lines) {
		blocks = append(blocks, section(text))
	}
	for _, note := range d.Notes {
		blocks = append(blocks, slack.NewContextBlock("", slack.NewTextBlockObject(slack.PlainTextType, note, false, false)))
	}
	if table {
		blocks = append(blocks, tableBlock(d.Table))
	}
	text := strings.Join(slices.Concat([]string{d.Title}, d.Lines, d.TableLines), "\n")
	return []slack.MsgOption{slack.MsgOptionText(strings.TrimSpace(text), true), slack.MsgOptionBlocks(blocks...), slack.MsgOptionDisableLinkUnfurl()}
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)
}

// chunks are lines, as many together as Slack takes.
func chunks(lines []string) (texts []string) {
	text := ""
	for _, line := range lines {
		line = escape(line)
		if text != "" && len(text)+len(line) >= maxText {
			texts, text = append(texts, text), ""
		}
		text = strings.TrimPrefix(text+"\n"+line, "\n")
	}
	if text != "" {
		texts = append(texts, text)
	}
	return texts
}

// Limits of a table, in rows and characters. Slack takes 100 rows and, in all cells
// together, 10,000 characters. See
// https://docs.slack.dev/reference/block-kit/blocks/table-block
const (
	maxRows = 50
	maxCell = 100
)

// tableBlock is a table of texts; the first column is aligned left, the others right. An
// empty cell is not allowed.
func tableBlock(t glance.Table) slack.Block {
	block := slack.TableBlock{Type: slack.MBTTable}
	for _, row := range append([][]string{t.Head}, t.Rows[:min(len(t.Rows), maxRows)]...) {
		cells := make([]slack.TableCell, len(row))
		for i, text := range row {
			if runes := []rune(text); len(runes) > maxCell {
				text = string(runes[:maxCell-1]) + "…"
			}
			if text == "" {
				text = "–"
			}
			cells[i] = slack.NewTableRawTextCell(text)
		}
		block.Rows = append(block.Rows, cells)
	}
	for i := range t.Head {
		align := slack.ColumnAlignmentRight
		if i == 0 {
			align = slack.ColumnAlignmentLeft
		}
		block.ColumnSettings = append(block.ColumnSettings, slack.ColumnSetting{Align: align, IsWrapped: i == 0})
	}
	return block
}
