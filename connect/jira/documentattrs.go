package jira

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// maxTimestamp is the last millisecond of a date in a browser, and the first
// one's distance. ECMAScript, Time Range.
const maxTimestamp = 8_640_000_000_000_000

// documentAttrs are the attributes of all kinds of nodes that are read. Their
// types vary, so each is read by itself.
type documentAttrs map[string]json.RawMessage

// text is the first of these attributes that is a text and not empty.
func (a documentAttrs) text(names ...string) string {
	for _, name := range names {
		var text string
		if json.Unmarshal(a[name], &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

func (a documentAttrs) yes(name string) bool {
	var yes bool
	return json.Unmarshal(a[name], &yes) == nil && yes
}

// number is an attribute that is a number, or a text that holds one.
func (a documentAttrs) number(name string) (float64, bool) {
	var number json.Number // takes both
	if json.Unmarshal(a[name], &number) != nil || number == "" {
		return 0, false
	}
	f, err := number.Float64()
	return f, err == nil
}

// order is the number of a list's first item. Jira begins with 1 unless the list
// says otherwise; 0 is allowed.
func (a documentAttrs) order() int64 {
	order, ok := a.number("order")
	if !ok || order < 0 || order > math.MaxInt32 {
		return 1
	}
	return int64(order)
}

// date is the day of a date node, which the format keeps in milliseconds. A day,
// or any other text that somebody wrote there, stays as it is.
func (a documentAttrs) date() string {
	ms, ok := a.number("timestamp")
	if !ok {
		return a.text("timestamp")
	}
	if math.Abs(ms) > maxTimestamp {
		return ""
	}
	return time.UnixMilli(int64(ms)).UTC().Format(time.DateOnly)
}

// mention is a person's name after an at sign. Without a name there is only the
// account id, or for a group of readers its word, such as all.
func (a documentAttrs) mention() string {
	name := a.text("text")
	if name == "" {
		name = a.text("id")
	}
	if name == "" || strings.HasPrefix(name, "@") {
		return name
	}
	return "@" + name
}

// card is what a link's card shows: the name that its data has, else the
// address. The data are JSON-LD.
func (a documentAttrs) card() string {
	if address := a.text("url"); address != "" {
		return address
	}
	var data documentAttrs
	if json.Unmarshal(a["data"], &data) != nil {
		return ""
	}
	if name := data.text("name", "title", "url", "@id"); name != "" {
		return name
	}
	var link documentAttrs
	if json.Unmarshal(data["url"], &link) != nil {
		return ""
	}
	return link.text("name", "href", "@id")
}
