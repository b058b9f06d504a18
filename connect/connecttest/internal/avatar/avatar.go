// Package avatar draws the pictures of people and things on the local site.
package avatar

import (
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Icon is the path of a picture for a name, below the site's address.
func Icon(name string) string { return "/avatar/icon/" + url.PathEscape(name) + ".svg" }

// Serve draws a person's initials in a circle, /avatar/{account}.svg, or a letter
// in a square, /avatar/icon/{name}.svg. nameOf finds a person's name.
func Serve(w http.ResponseWriter, r *http.Request, nameOf func(account string) (name string, found bool)) {
	name, isPicture := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/avatar/"), ".svg")
	if !isPicture || r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	radius := 24
	if icon, isIcon := strings.CutPrefix(name, "icon/"); isIcon {
		name, radius = path.Base(icon), 6
	} else {
		person, found := nameOf(name)
		if !found {
			http.NotFound(w, r)
			return
		}
		name = person
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48"><rect width="48" height="48" rx="%d" fill="hsl(%d 48%% 42%%)"/>`+
		`<text x="24" y="31" font-family="system-ui,sans-serif" font-size="20" font-weight="600" text-anchor="middle" fill="#fff">%s</text></svg>`,
		radius, Hue(name), html.EscapeString(initials(name)))
}

// Hue is a number from 0 to 359 that follows from a name.
func Hue(name string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return h.Sum32() % 360
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	out := first(words[0])
	if len(words) > 1 {
		out += first(words[len(words)-1])
	}
	return out
}

func first(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r))
}
