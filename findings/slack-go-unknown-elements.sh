#!/usr/bin/env bash
# github.com/slack-go/slack 0.35.0.
#
# What happens to a type of Block Kit that the library does not know yet depends on
# where it stands. An unknown block, and an unknown part of a rich text, is kept and
# written back as it came. An unknown accessory of a section is gone after reading and
# writing, without an error. An unknown element of an actions, context or input block,
# or an unknown cell of a table, fails the whole payload: an interaction then has no
# message at all. Output:
#
#   block: kept
#   rich text: kept
#   accessory: lost
#   actions: unsupported block element type later
#   context: unsupported context element type later
#   input: unsupported block element type later
#   table: unsupported table cell type "later"
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'GO'
module finding

go 1.26
GO
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

func main() {
	for _, tt := range [][2]string{
		{"block", `{"type":"later","block_id":"b"}`},
		{"rich text", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"later"}]}]}`},
		{"accessory", `{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"later","action_id":"a"}}`},
		{"actions", `{"type":"actions","elements":[{"type":"later","action_id":"a"}]}`},
		{"context", `{"type":"context","elements":[{"type":"later"}]}`},
		{"input", `{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"later","action_id":"a"}}`},
		{"table", `{"type":"table","rows":[[{"type":"later"}]]}`},
	} {
		var call slack.InteractionCallback
		err := json.Unmarshal([]byte(`{"type":"block_actions","message":{"ts":"1.2","blocks":[`+tt[1]+`]}}`), &call)
		back, _ := json.Marshal(call.Message.Blocks)
		switch {
		case err != nil:
			fmt.Printf("%s: %v\n", tt[0], err)
		case strings.Contains(string(back), `"later"`):
			fmt.Println(tt[0] + ": kept")
		default:
			fmt.Println(tt[0] + ": lost")
		}
	}
}
GO
go get github.com/slack-go/slack@v0.35.0 2>/dev/null
diff <(go run .) - <<'OUT'
block: kept
rich text: kept
accessory: lost
actions: unsupported block element type later
context: unsupported context element type later
input: unsupported block element type later
table: unsupported table cell type "later"
OUT
echo "as stated"
