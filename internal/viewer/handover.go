package viewer

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

// MaxHandedOver is how many issues go at once: so many can be named in a search that is
// to see their new state.
const MaxHandedOver = 50

// Handover gives issues of one person to another.
type Handover struct {
	// Issues are keys, at most MaxHandedOver.
	Issues []string
	// From has them now; who else has one keeps it. To gets them. Empty is nobody.
	From, To connect.AccountID
}

// HandedOver is what became of a [Handover].
type HandedOver struct {
	// Done are the keys of the issues that went over.
	Done []string
	// Kept are those that somebody else has by now, or that are not there for the person.
	Kept []string
	// Refused are those of which Jira did not let the person change the assignee.
	Refused []string
	// Written are the ids of Done.
	Written []int64
}

// handoverCalls is how many issues change side by side.
const handoverCalls = 4

// HandOver changes assignees as the person, so that Jira decides for each issue whether
// they may. An error says that something else went wrong; what had changed by then is in
// the result.
func (v *Views) HandOver(ctx context.Context, p Person, h Handover) (HandedOver, error) {
	j, err := v.Jira(p)
	if err != nil {
		return HandedOver{}, err
	}
	ids, out, err := ofPerson(ctx, j, h)
	if err != nil {
		return out, err
	}
	var mu sync.Mutex
	g, asked := errgroup.WithContext(ctx)
	g.SetLimit(handoverCalls)
	for key, id := range ids {
		g.Go(func() error {
			err := j.Issues.Assign(asked, key, string(h.To))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				out.Done, out.Written = append(out.Done, key), append(out.Written, id)
			case errors.Is(err, rest.ErrNotFound):
				out.Kept = append(out.Kept, key)
			case errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrBadRequest):
				out.Refused = append(out.Refused, key)
			default:
				return err
			}
			return nil
		})
	}
	err = g.Wait()
	slices.Sort(out.Done)
	slices.Sort(out.Kept)
	slices.Sort(out.Refused)
	return out, err
}

// ofPerson finds the issues that whoever hands over still has, with their ids.
func ofPerson(ctx context.Context, j *jira.Client, h Handover) (map[string]int64, HandedOver, error) {
	var out HandedOver
	ids := map[string]int64{}
	found, err := j.Issues.Fetch(ctx, jira.IssueFetchOptions{Issues: h.Issues, Fields: []string{"assignee"}})
	if err != nil {
		return nil, out, err
	}
	for _, i := range found.Issues {
		id, err := strconv.ParseInt(i.ID, 10, 64)
		if err == nil && assigneeOf(i) == h.From && slices.Contains(h.Issues, i.Key) {
			ids[i.Key] = id
		}
	}
	for _, key := range h.Issues {
		if _, there := ids[key]; !there {
			out.Kept = append(out.Kept, key)
		}
	}
	return ids, out, nil
}

func assigneeOf(i jira.Issue) connect.AccountID {
	if i.Fields.Assignee == nil {
		return ""
	}
	return connect.AccountID(i.Fields.Assignee.AccountID)
}
