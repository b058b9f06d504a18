package dcrest

import (
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

// duplicateLife is how long the list of duplicate accounts is cached.
const duplicateLife = 10 * time.Minute

// duplicates is that list, by user name.
type duplicates struct {
	read time.Time
	list map[string][]directory
}

// doubled lists users with accounts in two directories, both active or only one
// that is not in the first. It is read at most every ten minutes, or again for
// administrators who flush the cache.
func (c userCall) doubled() (map[string][]directory, error) {
	flush, err := c.query.Bool("flush", false)
	if err != nil {
		return nil, err
	}
	old := c.duplicates
	if old != nil && c.now.Sub(old.read) < duplicateLife && (!flush || !c.me.admin) {
		return old.list, nil
	}
	c.duplicates = &duplicates{c.now, map[string][]directory{}}
	for _, u := range c.users {
		if u.doubled() {
			c.duplicates.list[u.name] = u.directories
		}
	}
	return c.duplicates.list, nil
}

func (u *user) doubled() bool {
	active := 0
	for _, d := range u.directories {
		if d.Active {
			active++
		}
	}
	return len(u.directories) > 1 && (active > 1 || active == 1 && !u.directories[0].Active)
}

// countDuplicates and listDuplicates answer what Atlassian's page on duplicate
// accounts shows; the document has the types of other operations here.
// See https://confluence.atlassian.com/jiracore/finding-duplicate-user-accounts-1079345620.html
func (c userCall) countDuplicates() (api.Answer, error) {
	list, err := c.doubled()
	if err != nil {
		return api.Answer{}, err
	}
	return api.OK(map[string]int{"count": len(list)})
}

func (c userCall) listDuplicates() (api.Answer, error) {
	list, err := c.doubled()
	if err != nil {
		return api.Answer{}, err
	}
	return api.OK(list)
}
