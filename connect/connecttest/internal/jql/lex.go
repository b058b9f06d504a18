package jql

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind int

const (
	end kind = iota
	word
	text   // quoted
	symbol // operator, bracket, comma
)

// token is a piece of a query, from the byte offset at.
type token struct {
	kind kind
	text string
	at   int
}

// is tells whether the token is the given keyword or symbol.
func (t token) is(s string) bool {
	return t.kind == symbol && t.text == s || t.kind == word && strings.EqualFold(t.text, s)
}

// Characters with a meaning of their own, and those that Jira reserves.
const (
	symbols   = "()=!<>~,&|"
	forbidden = "{}*/%+^$#@?;[]`"
)

// customName is the one name with brackets.
var customName = regexp.MustCompile(`^cf\[\d{1,10}\]`)

// lexer cuts a query into tokens.
type lexer struct {
	src string
	at  int
}

func (l *lexer) next() (token, error) {
	l.at += len(l.src[l.at:]) - len(strings.TrimLeftFunc(l.src[l.at:], unicode.IsSpace))
	start := l.at
	if start == len(l.src) {
		return token{at: start}, nil
	}
	c := l.src[start]
	switch {
	case c == '"' || c == '\'':
		return l.quoted(c)
	case strings.IndexByte(symbols, c) >= 0:
		return l.symbol()
	}
	for l.at < len(l.src) && wordByte(l.src[l.at]) {
		r, size := utf8.DecodeRuneInString(l.src[l.at:])
		if unicode.IsSpace(r) {
			break
		}
		l.at += size
	}
	if m := customName.FindString(l.src[start:]); m != "" && l.src[start:l.at] == "cf" {
		l.at = start + len(m)
	}
	if l.at < len(l.src) && strings.IndexByte(forbidden, l.src[l.at]) >= 0 && !l.sign(start) {
		return token{}, l.fail(l.at, "The character '%c' is a reserved JQL character. You must enclose it in a string or use the escape '\\u%04x' instead.", l.src[l.at], l.src[l.at])
	}
	if l.at == start {
		return token{}, l.fail(start, "The character %q is not allowed here.", c)
	}
	return token{kind: word, text: l.src[start:l.at], at: start}, nil
}

// sign reads past a plus that starts a number, as in startOfDay(+1).
func (l *lexer) sign(start int) bool {
	if l.at != start || l.src[start] != '+' {
		return false
	}
	for l.at++; l.at < len(l.src) && wordByte(l.src[l.at]); {
		l.at++
	}
	return true
}

func wordByte(c byte) bool {
	return c > ' ' && c != '"' && c != '\'' && c != '\\' && strings.IndexByte(symbols, c) < 0 && strings.IndexByte(forbidden, c) < 0
}

func (l *lexer) symbol() (token, error) {
	start := l.at
	for _, s := range []string{"!=", "<=", ">=", "!~", "&&", "||", "(", ")", "=", "!", "<", ">", "~", ","} {
		if strings.HasPrefix(l.src[start:], s) {
			l.at += len(s)
			return token{kind: symbol, text: s, at: start}, nil
		}
	}
	return token{}, l.fail(start, "The character '%c' is a reserved JQL character. You must enclose it in a string.", l.src[start])
}

func (l *lexer) quoted(quote byte) (token, error) {
	start := l.at
	var b strings.Builder
	for l.at++; l.at < len(l.src); {
		switch c := l.src[l.at]; c {
		case quote:
			l.at++
			return token{kind: text, text: b.String(), at: start}, nil
		case '\\':
			if err := l.escape(&b); err != nil {
				return token{}, err
			}
		default:
			b.WriteByte(c)
			l.at++
		}
	}
	return token{}, l.fail(start, "The quoted string '%s' has not been completed.", clip(l.src[start+1:]))
}

// escape reads one escape at l.at.
func (l *lexer) escape(b *strings.Builder) error {
	rest := l.src[l.at+1:]
	if rest == "" {
		return l.fail(l.at, "The escape at the end of the query has not been completed.")
	}
	if i := strings.IndexByte(`tnr"'\ `, rest[0]); i >= 0 {
		b.WriteByte("\t\n\r\"'\\ "[i])
		l.at += 2
		return nil
	}
	if rest[0] == 'u' && len(rest) >= 5 {
		if n, err := strconv.ParseUint(rest[1:5], 16, 16); err == nil {
			b.WriteRune(rune(n))
			l.at += 6
			return nil
		}
	}
	return l.fail(l.at, "'\\%s' is an illegal JQL escape sequence. The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX.", string([]rune(rest)[:1]))
}

// fail makes an error that names the place as Jira does.
func (l *lexer) fail(at int, format string, args ...any) error {
	before := l.src[:at]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	message := fmt.Sprintf(format, args...)
	return &Error{Messages: []string{fmt.Sprintf("Error in the JQL Query: %s (line %d, character %d)", message, line, column)}}
}

// clip shortens what an error quotes of a query.
func clip(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
