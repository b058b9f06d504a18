package operator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// listPage has the fields that point to the next page in any list of these
// services.
type listPage struct {
	NextPageToken string            `json:"nextPageToken"`
	NextPage      string            `json:"nextPage"`
	IsLast        *bool             `json:"isLast"`
	LastPage      *bool             `json:"lastPage"`
	StartAt       *int64            `json:"startAt"`
	Total         *int64            `json:"total"`
	Values        []json.RawMessage `json:"values"`
	Worklogs      []json.RawMessage `json:"worklogs"`
	Issues        []json.RawMessage `json:"issues"`
	Links         struct {
		Next string `json:"next"`
	} `json:"_links"`
}

// nextPage is the address of the next page, found by token, link or offset, also
// if the link is to another address of the site than the one that is called;
// empty after the last. A bare array is continued by offset until a page is
// empty.
func nextPage(path, base string, a answer) string {
	if a.status != http.StatusOK {
		return ""
	}
	if bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("[")) {
		return nextOfArray(path, a.body)
	}
	var p listPage
	if json.Unmarshal(a.body, &p) != nil {
		return ""
	}
	switch {
	case p.IsLast != nil && *p.IsLast, p.LastPage != nil && *p.LastPage:
		return ""
	case p.NextPageToken != "":
		return withQuery(path, "nextPageToken", p.NextPageToken)
	case relative(p.NextPage, base) != "":
		return relative(p.NextPage, base)
	case relative(p.Links.Next, base) != "":
		return relative(p.Links.Next, base)
	}
	return p.nextByOffset(path)
}

func (p listPage) nextByOffset(path string) string {
	if p.StartAt == nil || p.Total == nil {
		return ""
	}
	next := *p.StartAt + int64(len(p.Values)+len(p.Worklogs)+len(p.Issues))
	if next == *p.StartAt || next >= *p.Total {
		return ""
	}
	return withQuery(path, "startAt", strconv.FormatInt(next, 10))
}

// nextOfArray moves the window on by its full size: a page may be shorter than
// its window without being the last.
func nextOfArray(path string, body []byte) string {
	var items []json.RawMessage
	if json.Unmarshal(body, &items) != nil || len(items) == 0 {
		return ""
	}
	_, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	start, _ := strconv.Atoi(values.Get("startAt"))
	size, err := strconv.Atoi(values.Get("maxResults"))
	if err != nil || size <= 0 {
		size = len(items)
	}
	return withQuery(path, "startAt", strconv.Itoa(start+size))
}

func withQuery(path, name, value string) string {
	path, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	values.Set(name, value)
	return path + "?" + values.Encode()
}

// relative makes a link on the tenant's site relative; the signer refuses any
// other.
func relative(link, base string) string {
	if rest, ok := strings.CutPrefix(link, base); ok {
		return rest
	}
	if strings.HasPrefix(link, "/") {
		return link
	}
	return ""
}

// readArgument is the value itself, or with @ before it the content of a file
// or of standard input.
func readArgument(value string, stdin io.Reader) ([]byte, error) {
	name, file := strings.CutPrefix(value, "@")
	switch {
	case !file:
		return []byte(value), nil
	case name == "-" && stdin != nil:
		return io.ReadAll(stdin)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read data: %w", err)
	}
	return data, nil
}
