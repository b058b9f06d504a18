package slackrest

import (
	"encoding/json"
	"unicode/utf8"
)

// The limits of a table.
// See https://docs.slack.dev/reference/block-kit/blocks/table-block
const (
	maxTableRows    = 100
	maxTableColumns = 20
	maxTableText    = 10_000
)

// tableBlock is a block of type table.
type tableBlock struct {
	Rows    [][]tableCell `json:"rows"`
	Columns []struct {
		Align string `json:"align"`
	} `json:"column_settings"`
}

type tableCell struct {
	Type     string          `json:"type"`
	Text     string          `json:"text"`
	Value    *float64        `json:"value"`
	Elements json.RawMessage `json:"elements"`
}

// validTable reports whether Slack takes a table.
func validTable(raw json.RawMessage) bool {
	var t tableBlock
	if json.Unmarshal(raw, &t) != nil || len(t.Rows) == 0 || len(t.Rows) > maxTableRows || len(t.Columns) > maxTableColumns {
		return false
	}
	for _, c := range t.Columns {
		if c.Align != "" && c.Align != "left" && c.Align != "center" && c.Align != "right" {
			return false
		}
	}
	text := 0
	for _, row := range t.Rows {
		if len(row) == 0 || len(row) > maxTableColumns {
			return false
		}
		for _, cell := range row {
			if !cell.valid() {
				return false
			}
			text += utf8.RuneCountInString(cell.Text)
		}
	}
	return text <= maxTableText
}

func (c tableCell) valid() bool {
	switch c.Type {
	case "raw_text":
		return c.Text != ""
	case "raw_number":
		return c.Value != nil
	case "rich_text":
		return len(c.Elements) > 0
	}
	return false
}
