package glance_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
)

// said is an error that knows its reason.
type said glance.Reason

func (s said) Error() string { return "said" }

func (s said) Reason() glance.Reason { return glance.Reason(s) }

// waits is an error of a service that asks to wait.
type waits time.Duration

func (w waits) Error() string { return "busy" }

func (w waits) RetryAfter() time.Duration { return time.Duration(w) }

func TestReasonOf(t *testing.T) {
	t.Parallel()
	compute := func(err error) error { return &glance.StageError{Stage: glance.StageCompute, Err: err} }
	push := func(err error) error { return &glance.StageError{Stage: glance.StagePush, Err: err} }
	for name, tt := range map[string]struct {
		err  error
		want glance.Reason
	}{
		"none":                  {nil, glance.ReasonNone},
		"jira refuses":          {compute(&rest.Error{Status: 403}), glance.ReasonJira},
		"a scope is missing":    {compute(&rest.Error{Status: 401, MissingScope: true}), glance.ReasonScope},
		"jira is busy":          {compute(&rest.Error{Status: 429}), glance.ReasonJira},
		"no points are left":    {compute(&rest.Error{Status: 429, Reason: rest.ReasonGlobalQuota}), glance.ReasonQuota},
		"an endpoint is busy":   {compute(&rest.Error{Status: 429, Reason: rest.ReasonBurst}), glance.ReasonJira},
		"left for people":       {compute(fmt.Errorf("read: %w", waits(time.Second))), glance.ReasonQuota},
		"jira is silent":        {compute(context.DeadlineExceeded), glance.ReasonJira},
		"no tenant":             {compute(glance.ErrNoTenant), glance.ReasonNoTenant},
		"all hidden":            {compute(fmt.Errorf("read: %w", glance.ErrHidden)), glance.ReasonHidden},
		"gone":                  {push(fmt.Errorf("%w: 403", glance.ErrGone)), glance.ReasonAbsent},
		"the surface knows":     {push(fmt.Errorf("slack: %w", said(glance.ReasonArchived))), glance.ReasonArchived},
		"refused":               {push(&rest.Error{Status: 400}), glance.ReasonRefused},
		"out of order":          {push(&rest.Error{Status: 500}), glance.ReasonUnreachable},
		"took too long":         {push(&rest.Error{Status: 408}), glance.ReasonUnreachable},
		"rate limited":          {push(&rest.Error{Status: 429}), glance.ReasonBusy},
		"asked to wait":         {push(waits(time.Second)), glance.ReasonBusy},
		"silent":                {push(context.DeadlineExceeded), glance.ReasonUnreachable},
		"the chat is off":       {push(glance.ErrUnsupported), glance.ReasonRefused},
		"calls used up":         {glance.ErrBusy, glance.ReasonBusy},
		"storage":               {errors.New("no such table"), glance.ReasonInternal},
		"one of several states": {&glance.PushError{Failures: []glance.Failure{{Err: push(said(glance.ReasonForbidden))}}}, glance.ReasonForbidden},
	} {
		if got := glance.ReasonOf(tt.err); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestParseReason(t *testing.T) {
	t.Parallel()
	for _, r := range glance.Reasons() {
		if got := glance.ParseReason(string(r)); got != r {
			t.Errorf("%q: got %q", r, got)
		}
	}
	for code, want := range map[string]glance.Reason{"": glance.ReasonNone, "Archived": glance.ReasonUnknown, "of_next_year": glance.ReasonUnknown} {
		if got := glance.ParseReason(code); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

// TestReasonsHaveWords: every reason has a sentence of its own in every
// language, and an unknown code says that it is unknown.
func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	for _, l := range lang.New().All() {
		words := map[string]glance.Reason{}
		for _, r := range glance.Reasons() {
			text := r.In(l)
			if other, taken := words[text]; taken || text == "" {
				t.Errorf("%s: %q says %q, as does %q", l.Tag, r, text, other)
			}
			words[text] = r
		}
		if got := glance.Reason("of_next_year").In(l); words[got] != glance.ReasonUnknown {
			t.Errorf("%s: an unknown code says %q", l.Tag, got)
		}
		if got := glance.ReasonNone.In(l); got != "" {
			t.Errorf("%s: no reason says %q", l.Tag, got)
		}
	}
}
