package confrest

import (
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// watch says that an account watches something.
type watch struct{ account, kind, target string }

// target is what can be watched. Its administrators, like the site's, may name
// somebody other than themselves.
type target struct {
	kind, id       string
	administrators []string
}

// targetFinder finds what the path names, if the caller may see it.
type targetFinder func(c *call, name string) (target, bool)

func (c *call) content(id string) (target, bool) {
	i := slices.IndexFunc(c.pages, func(p page) bool { return p.id == id })
	if i < 0 {
		return target{}, false
	}
	s, found := c.findSpace(c.pages[i].space)
	return target{"content", id, s.administrators}, found
}

func (c *call) label(name string) (target, bool) {
	return target{kind: "label", id: name}, slices.Contains(c.labels, name)
}

func (c *call) space(key string) (target, bool) {
	s, found := c.findSpace(key)
	return target{"space", key, s.administrators}, found
}

// watch finds target and watcher. A missing target and a hidden one get the
// same 403, and so does a caller who names somebody else without the right to.
func (c *call) watch(find targetFinder) (watch, error) {
	t, found := find(c, c.params["target"])
	if !found {
		return watch{}, api.Refuse(http.StatusForbidden, "'%s' does not exist, or you do not have permission to view it.", c.params["target"])
	}
	if c.query.Get("key") != "" || c.query.Get("username") != "" {
		return watch{}, api.Refuse(http.StatusForbidden, "key and username are no longer available: use accountId.")
	}
	id := c.query.Get("accountId")
	if id == "" || id == c.me.AccountID {
		return watch{c.me.AccountID, t.kind, t.id}, nil
	}
	if !c.me.Admin && !slices.Contains(t.administrators, c.me.AccountID) {
		return watch{}, api.Refuse(http.StatusForbidden, "Only an administrator may name another user.")
	}
	if _, found := c.w.Person(id); !found {
		return watch{}, noUser(id)
	}
	return watch{id, t.kind, t.id}, nil
}

func watchStatus(find targetFinder) func(*call) (api.Answer, error) {
	return func(c *call) (api.Answer, error) {
		w, err := c.watch(find)
		if err != nil {
			return api.Answer{}, err
		}
		return api.OK(map[string]bool{"watching": c.watched[w]})
	}
}

// setWatch adds or removes a watcher; doing so twice is not an error.
func setWatch(find targetFinder, on bool) func(*call) (api.Answer, error) {
	return func(c *call) (api.Answer, error) {
		w, err := c.watch(find)
		if err != nil {
			return api.Answer{}, err
		}
		delete(c.watched, w)
		if on {
			c.watched[w] = true
		}
		return api.Empty(http.StatusNoContent)
	}
}
