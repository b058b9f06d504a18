package rest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

const (
	// maxRecords is how many records one answer may hold. No API that this is
	// for gives more: the largest page is one of 10,000 changelogs. A record of
	// three bytes can become a kilobyte, so bytes alone do not bound it.
	maxRecords = 10_000
	// maxRecord is how many bytes a single record, or another member of the answer,
	// may have: while it is decoded it is in memory several times. An issue with
	// twenty worklogs whose comments are as long as Jira allows has that many. It is a
	// little less than 2 MiB, beyond which the decoder's buffer would double once more.
	maxRecord = 2<<20 - 4<<10
)

// maxRecordKey is how many bytes of a record's key are told.
const maxRecordKey = 64

// Unreadable is a record of a list that could not be read, for example because a
// member has another type than documented.
type Unreadable struct {
	// List is the name of the list in the answer, such as issues, worklogs or
	// values; empty if the answer is nothing but a list.
	List string
	// Key is the record's own key, id, accountId or worklogId, whichever it has
	// first; at most 64 bytes, printable, empty if it has none. Show it only
	// to those who may see the record: whoever the client calls as may.
	Key string
	// Err says what is wrong. It wraps ErrUnreadable and quotes nothing else of
	// the record.
	Err error
}

// Error names the list and the record.
func (u *Unreadable) Error() string {
	return fmt.Sprintf("record %q of list %q: %v", u.Key, u.List, u.Err)
}

// Unwrap returns what is wrong.
func (u *Unreadable) Unwrap() error { return u.Err }

// List is an answer that holds a list.
type List[T, A any] struct {
	// Items are the records that could be read.
	Items []T
	// Skipped are those that could not.
	Skipped []Unreadable
	// About is the answer without the list.
	About A
}

// Len is how many records the answer held.
func (l List[T, A]) Len() int { return len(l.Items) + len(l.Skipped) }

// DoList is [Do] for an answer that holds a list: in the member with that name, or
// as the whole answer if member is empty; A is then usually [None]. It reads
// record by record, never the whole answer, and at most r.Records of
// up to 2 MiB each.
//
// A record that cannot be read is left out and told to c.Lists.Skip; without one,
// it fails the call with an error that wraps its [*Unreadable].
func DoList[T, A any](ctx context.Context, c *Client, r Request, member string) (List[T, A], *Response, error) {
	var out List[T, A]
	answer, err := c.do(ctx, r, func(from *body) (err error) {
		if out, err = readList[T, A](from, member, cmp.Or(r.Records, maxRecords)); err != nil {
			return err
		}
		return c.Lists.Report(out.Skipped)
	})
	if err != nil {
		return List[T, A]{}, answer, err
	}
	return out, answer, nil
}

// DecodeList reads JSON that holds a list, like [DoList], for a list inside an
// answer: its type's UnmarshalJSON calls it. Hand what it skipped to
// [ListPolicy.Report].
func DecodeList[T, A any](data []byte, member string) (List[T, A], error) {
	return readList[T, A](&body{from: bytes.NewReader(data), left: maxAnswer, piece: maxAnswer, over: errors.New("too long")}, member, maxRecords)
}

func readList[T, A any](from *body, member string, most int) (List[T, A], error) {
	var out List[T, A]
	l := &lister[T]{body: from, json: json.NewDecoder(from), member: member, most: most}
	if err := l.read(&out.About); err != nil {
		return List[T, A]{}, err
	}
	out.Items, out.Skipped = l.items, l.skipped
	return out, nil
}

// lister decodes one answer.
type lister[T any] struct {
	body    *body
	json    *json.Decoder
	member  string
	most    int
	items   []T
	skipped []Unreadable
}

func (l *lister[T]) read(about any) error {
	if l.member == "" {
		if err := l.records(); err != nil {
			return err
		}
	} else if err := l.object(about); err != nil {
		return err
	}
	if _, err := l.json.Token(); !errors.Is(err, io.EOF) {
		return unreadable(err, "more after the json")
	}
	return nil
}

// object reads the list's member as a list, and all others into about.
func (l *lister[T]) object(about any) error {
	if err := l.delim('{', "json is not an object"); err != nil {
		return err
	}
	others := map[string]json.RawMessage{}
	for l.more() {
		name, err := l.json.Token()
		if err != nil {
			return unreadable(err, "")
		}
		if name == l.member {
			err = l.records()
		} else {
			err = l.other(others, name)
		}
		if err != nil {
			return err
		}
	}
	if err := l.delim('}', ""); err != nil {
		return err
	}
	return decodeMembers(others, about)
}

// more reports whether an object or list goes on. What comes next may have as many
// bytes as a record, spaces included.
func (l *lister[T]) more() bool {
	l.body.piece = maxRecord
	return l.json.More()
}

func (l *lister[T]) other(others map[string]json.RawMessage, name json.Token) error {
	var raw json.RawMessage
	if err := l.json.Decode(&raw); err != nil {
		return unreadable(err, "")
	}
	if text, ok := name.(string); ok {
		others[text] = raw
	}
	return nil
}

func decodeMembers(members map[string]json.RawMessage, about any) error {
	if _, ok := about.(*None); ok {
		return nil
	}
	data, err := json.Marshal(members)
	if err != nil {
		return unreadable(err, "")
	}
	return DecodeValue(data, about)
}

// records reads a list; null is an empty one.
func (l *lister[T]) records() error {
	l.items, l.skipped = nil, nil // of a member that comes twice the last counts
	first, err := l.json.Token()
	if err != nil {
		return unreadable(err, "")
	}
	if first == nil {
		return nil
	}
	if first != json.Delim('[') {
		return unreadable(nil, fmt.Sprintf("json member %q is not a list", l.member))
	}
	l.items = []T{}
	for l.more() {
		if err := l.record(); err != nil {
			return err
		}
	}
	return l.delim(']', "")
}

func (l *lister[T]) record() error {
	if len(l.items)+len(l.skipped) >= l.most {
		return unreadable(nil, fmt.Sprintf("more than %d records", l.most))
	}
	var next record[T]
	if err := l.json.Decode(&next); err != nil {
		return unreadable(err, "")
	}
	if next.err == nil {
		l.items = append(l.items, next.value)
	} else {
		l.skipped = append(l.skipped, Unreadable{List: l.member, Key: next.key, Err: next.err})
	}
	return nil
}

// record is a value, or the reason why it is none.
type record[T any] struct {
	value T
	key   string
	err   error
}

// UnmarshalJSON never fails, so that the decoder goes on with the next record. data
// is a part of the decoder's buffer: nothing is copied.
func (r *record[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		r.err = unreadable(nil, "null instead of a record")
		return nil
	}
	if r.err = DecodeValue(data, &r.value); r.err != nil {
		r.key = recordKey(data)
	}
	return nil
}

func (l *lister[T]) delim(want json.Delim, otherwise string) error {
	got, err := l.json.Token()
	if err != nil || got != want {
		return unreadable(err, otherwise)
	}
	return nil
}

// recordKey finds the name of a record that could not be decoded.
func recordKey(raw json.RawMessage) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return ""
	}
	for _, name := range []string{"key", "id", "accountId", "worklogId"} {
		if key := plainKey(members[name]); key != "" {
			return key
		}
	}
	return ""
}

// plainKey reads a text or a number, if it is short and printable.
func plainKey(raw json.RawMessage) string {
	var text string
	var number json.Number
	switch {
	case json.Unmarshal(raw, &text) == nil:
	case json.Unmarshal(raw, &number) == nil:
		text = number.String()
	}
	if len(text) > maxRecordKey || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	return text
}

// unreadable wraps a decoder's error, or says what is wrong without one.
func unreadable(err error, otherwise string) error {
	if err == nil {
		return fmt.Errorf("%w: %s", ErrUnreadable, otherwise)
	}
	return fmt.Errorf("%w: %s", ErrUnreadable, describe(err))
}
