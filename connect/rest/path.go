package rest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrParam says that a path parameter is "", "." or "..", which cannot be a
// segment of a path.
var ErrParam = errors.New("bad path parameter")

// expand puts the parameters into the template, each as one segment.
func expand(template string, params []string) (string, error) {
	if !strings.HasPrefix(template, "/") {
		return "", errors.New("path does not begin with a slash")
	}
	var b strings.Builder
	rest := template
	for _, param := range params {
		before, after, _ := strings.Cut(rest, "{")
		name, tail, ok := strings.Cut(after, "}")
		if !ok {
			return "", errors.New("more path parameters than names")
		}
		if param == "" || param == "." || param == ".." {
			return "", fmt.Errorf("%w: %s is %q", ErrParam, name, param)
		}
		b.WriteString(before)
		b.WriteString(url.PathEscape(param))
		rest = tail
	}
	if strings.Contains(rest, "{") {
		return "", errors.New("more names in the path than parameters")
	}
	b.WriteString(rest)
	return b.String(), nil
}
