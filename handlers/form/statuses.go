package form

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// statusField is a field with statuses.
type statusField struct {
	name string
	of   func(*workload.Statuses) *[]workload.Status
	// done says that it offers those of what is done.
	done bool
}

func statusFields() []statusField {
	return []statusField{
		{web.FieldClosed, func(s *workload.Statuses) *[]workload.Status { return &s.Closed }, false},
		{web.FieldOpened, func(s *workload.Statuses) *[]workload.Status { return &s.Open }, true},
	}
}

// readStatuses reads which statuses count as open, besides the usual.
func (d *Draft) readStatuses(form url.Values) {
	for _, f := range statusFields() {
		names := form[web.NameField(f.name)]
		for i, id := range form[f.name] {
			s := workload.Status{ID: id}
			if i < len(names) {
				s.Name = names[i]
			}
			*f.of(&d.Statuses) = append(*f.of(&d.Statuses), s)
		}
		d.finds[f.name] = strings.TrimSpace(form.Get(web.FindName(f.name)))
	}
}

func statusPicker(l *lang.Language, to For, d Draft, f statusField) web.ValuePicker {
	p := web.ValuePicker{
		L: l, Name: f.name, Label: l.Capacity.Closed, Help: l.Capacity.ClosedHelp, Search: l.Scope.FindValue, None: l.Scope.NoValue,
		URL: to.Call(callFind(f.name)), Typed: d.finds[f.name], Max: workload.MaxStatuses, Unasked: true,
	}
	if f.done {
		p.Label, p.Help = l.Capacity.Opened, l.Capacity.OpenedHelp
	}
	list := *f.of(&d.Statuses)
	for _, s := range list[:min(len(list), workload.MaxStatuses)] {
		p.Chosen = append(p.Chosen, pickedStatus(f, s, s.Name))
	}
	return p
}

func pickedStatus(f statusField, s workload.Status, label string) web.PickedValue {
	return web.PickedValue{Value: s.ID, Label: label, With: map[string]string{web.NameField(f.name): s.Name}}
}

// pickStatuses looks up statuses by their names. Where several have one name, their ids
// tell them apart.
func (f *Forms) pickStatuses(field statusField) lookFunc {
	return func(ctx context.Context, l *lang.Language, j *jira.Client, to For, d Draft) templ.Component {
		p := statusPicker(l, to, d, field)
		p.Unasked = false
		found, err := j.Statuses.List(ctx)
		if err != nil {
			p.Problem = l.Scope.SearchFailed
		}
		named := map[string]int{}
		for _, s := range found {
			named[s.Name]++
		}
		typed, chosen := strings.ToLower(Shorten(p.Typed, maxSearch)), *field.of(&d.Statuses)
		for _, s := range found {
			known := slices.ContainsFunc(chosen, func(o workload.Status) bool { return o.ID == s.ID })
			done := workload.Category(s.StatusCategory.Key) == workload.CategoryDone
			if known || done != field.done || len(p.Found) == maxFound || !strings.Contains(strings.ToLower(s.Name), typed) {
				continue
			}
			label := s.Name
			if named[s.Name] > 1 {
				label = l.Say(l.Capacity.SameStatus, s.Name, s.ID)
			}
			p.Found = append(p.Found, pickedStatus(field, workload.Status{ID: s.ID, Name: s.Name}, label))
		}
		return web.ValuesView(p)
	}
}
