package workload

import (
	"regexp"
	"slices"
	"strings"
)

// A history of the issues that a query finds can be told only if it finds the same ones
// whatever people do with them: else those that it found before are unknown, and those
// that it finds now were picked by what has become of them.

// lastingFields are those that say what an issue is, not how far its work is. They change
// too, as an issue can move to another project: then it counts as if it had always been
// what it is.
func lastingFields() []string {
	return []string{
		"project", "projecttype", "category", "issuetype", "type", "component", "fixversion", "affectedversion", "labels",
		"parent", "parentepic", "epic link", "issue", "issuekey", "key", "id", "created", "createddate", "creator", "reporter",
		"priority", "level", "summary", "description", "environment", "team", "team[team]",
	}
}

// lastingFunctions are those whose values do not depend on the day or on people's work.
func lastingFunctions() []string {
	return []string{"standardissuetypes", "subtaskissuetypes", "currentuser"}
}

// Lasting is where the issues are found that a place had at any time: all of those that it
// has now, and those that are not open any more. A query that itself asks for what is not
// done asks for that no more. passing is the condition that does not last, as it is
// written: "" if all do, so that a history can be told. jql is the filter's or the
// query's; what cannot be read does not last.
func (w Where) Lasting(jql string) (lasting Where, passing string) {
	if w.Narrow.Sprint != SprintAny {
		return w, "sprint"
	}
	if !w.Statuses.IsZero() {
		return w, "status"
	}
	if !w.IsQuery() {
		return w, ""
	}
	body, ok := withoutOrder(jql)
	if !ok {
		return w, jql
	}
	if body = withoutOpen(body); body == "" {
		return w, "statusCategory"
	}
	r := jqlReader{tokens: jqlToken.FindAllString(body, -1)}
	return Where{JQL: body, Narrow: w.Narrow}, r.passing()
}

// withoutOpen takes off conditions for what is not done, which all others are beside.
func withoutOpen(body string) string {
	depth, from := 0, 0
	var parts []string
	for _, at := range append(jqlToken.FindAllStringIndex(body, -1), []int{len(body), len(body)}) {
		switch token := strings.ToLower(body[at[0]:at[1]]); {
		case token == "(":
			depth++
		case token == ")":
			depth--
		case depth > 0:
		case token == "or", token == "||", token == "|":
			return body
		case token == "and", token == "&&", token == "&", token == "":
			if part := strings.TrimSpace(body[from:at[0]]); !isOpen(part) {
				parts = append(parts, part)
			}
			from = at[1]
		}
	}
	return all(parts...)
}

// isOpen reports whether a condition is that of what is not done.
func isOpen(part string) bool {
	tokens := jqlToken.FindAllString(part, -1)
	return len(tokens) == 3 && strings.EqualFold(Unquote(tokens[0]), "statusCategory") && tokens[1] == "!=" && strings.EqualFold(Unquote(tokens[2]), "done")
}

// jqlToken finds the parts of a query: texts in quotes, operators, brackets, words.
var jqlToken = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|!~|<=|>=|&&|\|\||[=<>~!(),&|]|[^\s=<>~!(),&|"']+`)

// jqlReader reads a query's conditions one after the other. What is between them does not
// matter: each must last.
type jqlReader struct {
	tokens []string
}

func (r *jqlReader) next() string {
	if len(r.tokens) == 0 {
		return ""
	}
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	return token
}

func (r *jqlReader) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return strings.ToLower(r.tokens[0])
}

func (r *jqlReader) passing() string {
	for len(r.tokens) > 0 {
		switch token := r.next(); strings.ToLower(token) {
		case "(", ")", "and", "or", "not", "!", "&&", "||", "&", "|":
		default:
			if !r.condition(strings.ToLower(Unquote(token))) {
				return Unquote(token)
			}
		}
	}
	return ""
}

// condition reports whether a condition on a field lasts.
func (r *jqlReader) condition(field string) bool {
	if !slices.Contains(lastingFields(), field) {
		return false
	}
	switch operator := strings.ToLower(r.next()); operator {
	case "=", "!=", "~", "!~", "<", "<=", ">", ">=", "in":
	case "not":
		if r.peek() == "in" {
			r.next()
		}
	case "is":
		if r.peek() == "not" {
			r.next()
		}
	default: // was, changed
		return false
	}
	return r.values(strings.HasPrefix(field, "created"))
}

// values reports whether what a condition compares with lasts.
func (r *jqlReader) values(days bool) bool {
	if r.peek() != "(" {
		return r.value(days)
	}
	r.next()
	for {
		if !r.value(days) {
			return false
		}
		if token := r.next(); token != "," {
			return token == ")"
		}
	}
}

// fixedDay is a day or a moment that is not counted from today.
var fixedDay = regexp.MustCompile(`^\d{4}[-/]\d{1,2}[-/]\d{1,2}( \d{1,2}:\d{2})?$`)

func (r *jqlReader) value(days bool) bool {
	token := r.next()
	if token == "" || strings.Contains("(),", token) {
		return false
	}
	if r.peek() != "(" {
		return !days || fixedDay.MatchString(Unquote(token))
	}
	if !slices.Contains(lastingFunctions(), strings.ToLower(token)) {
		return false
	}
	r.next()
	return r.next() == ")"
}
