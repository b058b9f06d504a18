package slackrest

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"
)

// view is a modal that a person has open.
type view struct {
	id, hash, channel string
	body              viewBody
	raw               json.RawMessage
	// offered are the options that the app has suggested, by action.
	offered map[string][]choice
	// errors are shown next to the fields, by block.
	errors map[string]string
}

// viewBody is what the server reads of a view.
// See https://docs.slack.dev/reference/views/modal-views
type viewBody struct {
	Type            string  `json:"type"`
	Title           text    `json:"title"`
	Submit          *text   `json:"submit"`
	CallbackID      string  `json:"callback_id"`
	PrivateMetadata string  `json:"private_metadata"`
	Blocks          []block `json:"blocks"`
}

type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// block is a block of a view.
type block struct {
	Type      string    `json:"type"`
	BlockID   string    `json:"block_id"`
	Optional  bool      `json:"optional"`
	Label     *text     `json:"label"`
	Element   *element  `json:"element"`
	Accessory *element  `json:"accessory"`
	Elements  []element `json:"elements"`
}

// choice is an option of a select or of checkboxes.
type choice struct {
	Text        text   `json:"text"`
	Value       string `json:"value"`
	Description *text  `json:"description,omitempty"`
}

// element is an input or a button.
type element struct {
	Type           string   `json:"type"`
	ActionID       string   `json:"action_id"`
	Value          string   `json:"value"`
	Options        []choice `json:"options"`
	InitialValue   string   `json:"initial_value"`
	InitialTime    string   `json:"initial_time"`
	InitialOption  *choice  `json:"initial_option"`
	InitialOptions []choice `json:"initial_options"`
	MaxSelected    int      `json:"max_selected_items"`
	MinQuery       *int     `json:"min_query_length"`
}

// The limits of a modal.
const (
	maxViewBlocks = 100
	maxTitle      = 24
	maxMetadata   = 3000
	maxView       = 250_000
	maxOptions    = 100
	maxOptionText = 75
	maxOptionSize = 150
)

func (s webAPI) openView(_ *http.Request, a arguments) (map[string]any, *failure) {
	t, known := s.triggers[a["trigger_id"]]
	switch {
	case !known:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case !s.Now().Before(t.expires):
		return nil, fail("expired_trigger_id")
	}
	v, refused := parseView(a["view"])
	if refused != nil {
		return nil, refused
	}
	t.used = true
	s.triggers[a["trigger_id"]] = t
	v.id, v.hash, v.channel = s.id("V"), s.id("h"), t.channel
	s.team.open[t.user] = v
	s.Changed(t.channel)
	return map[string]any{"view": s.viewJSON(v, nil)}, nil
}

func (s webAPI) updateView(_ *http.Request, a arguments) (map[string]any, *failure) {
	user, old := s.openedBy(a["view_id"])
	if old == nil {
		return nil, fail("not_found")
	}
	if hash := a["hash"]; hash != "" && hash != old.hash {
		return nil, fail("hash_conflict")
	}
	v, refused := parseView(a["view"])
	if refused != nil {
		return nil, refused
	}
	v.id, v.hash, v.channel = old.id, s.id("h"), old.channel
	s.team.open[user] = v
	s.Changed(v.channel)
	return map[string]any{"view": s.viewJSON(v, nil)}, nil
}

// openedBy finds the person who has a view open; it needs the lock.
func (s *Server) openedBy(id string) (string, *view) {
	for user, v := range s.team.open {
		if v.id == id {
			return user, v
		}
	}
	return "", nil
}

func parseView(raw string) (*view, *failure) {
	v := &view{raw: json.RawMessage(raw), offered: map[string][]choice{}}
	if len(raw) > maxView {
		return nil, fail("view_too_large")
	}
	if json.Unmarshal([]byte(raw), &v.body) != nil || !v.body.valid() || !fits([]byte(raw)) {
		return nil, fail("invalid_arguments")
	}
	for _, b := range v.body.Blocks {
		for _, e := range b.all() {
			v.offered[e.ActionID] = append(v.offered[e.ActionID], e.known()...)
		}
	}
	return v, nil
}

func (b viewBody) valid() bool {
	if b.Type != "modal" || !within(b.Title.Text, maxTitle) || len(b.Blocks) > maxViewBlocks || len(b.PrivateMetadata) > maxMetadata {
		return false
	}
	blocks, actions, inputs := map[string]bool{}, map[string]bool{}, false
	for _, block := range b.Blocks {
		if block.BlockID != "" && blocks[block.BlockID] || !block.valid() {
			return false
		}
		blocks[block.BlockID] = true
		inputs = inputs || block.Type == "input"
		for _, e := range block.all() {
			if e.ActionID == "" || actions[e.ActionID] {
				return false
			}
			actions[e.ActionID] = true
		}
	}
	return !inputs || b.Submit != nil && within(b.Submit.Text, maxTitle)
}

func within(text string, most int) bool {
	return text != "" && utf8.RuneCountInString(text) <= most
}

func (b block) valid() bool {
	switch b.Type {
	case "input":
		return b.BlockID != "" && b.Label != nil && b.Label.Text != "" && b.Element != nil && b.Element.valid()
	case "actions":
		for _, e := range b.Elements {
			if !e.valid() {
				return false
			}
		}
		return len(b.Elements) > 0 && len(b.Elements) <= 25
	case "section":
		return b.Accessory == nil || b.Accessory.valid()
	case "context", "divider", "header", "image":
		return true
	}
	return false
}

// all are the block's elements that have an action.
func (b block) all() []element {
	var list []element
	for _, e := range []*element{b.Element, b.Accessory} {
		if e != nil {
			list = append(list, *e)
		}
	}
	if b.Type == "actions" {
		list = append(list, b.Elements...)
	}
	return list
}

func (e element) valid() bool {
	switch e.Type {
	case "static_select", "multi_static_select", "checkboxes", "radio_buttons":
		if len(e.Options) == 0 || len(e.Options) > maxOptions {
			return false
		}
	case "external_select", "multi_external_select", "plain_text_input", "timepicker", "button":
	default:
		return false
	}
	return validChoices(e.known())
}

// known are the options that an element brings itself.
func (e element) known() []choice {
	list := append([]choice{}, e.Options...)
	list = append(list, e.InitialOptions...)
	if e.InitialOption != nil {
		list = append(list, *e.InitialOption)
	}
	return list
}

func validChoices(list []choice) bool {
	for _, c := range list {
		if !within(c.Text.Text, maxOptionText) || !within(c.Value, maxOptionSize) {
			return false
		}
	}
	return true
}

// viewJSON is a view as Slack shows it to the app.
func (s *Server) viewJSON(v *view, values map[string]any) map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal(v.raw, &out) // it was parsed before
	if values == nil {
		values = map[string]any{}
	}
	out["id"], out["team_id"], out["hash"] = v.id, s.team.id, v.hash
	out["state"] = map[string]any{"values": values}
	out["app_id"], out["root_view_id"], out["previous_view_id"] = appID, v.id, nil
	if s.installed != nil {
		out["bot_id"] = s.installed.botID
	}
	return out
}
