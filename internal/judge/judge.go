package judge

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Verdict is what became of a case.
type Verdict string

// The verdicts: a case is skipped where the app has nothing that it could try.
const (
	Pass Verdict = "pass"
	Fail Verdict = "fail"
	Skip Verdict = "skip"
)

// Case is one thing that a backend must do or must refuse.
type Case struct {
	// ID never changes: baselines name it.
	ID string
	// Title is what the app must do.
	Title string
	// Source is where that is required.
	Source string

	run func(ctx context.Context, s *stand) outcome
}

// outcome is what was sent and what came back, without secrets.
type outcome struct {
	verdict   Verdict
	sent, got string
}

// Result is the outcome of a case.
type Result struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Source  string  `json:"source"`
	Verdict Verdict `json:"verdict"`
	// Sent and Got say what was sent and what came back.
	Sent string `json:"sent,omitempty"`
	Got  string `json:"got,omitempty"`
	// Known says that the baseline expects the failure.
	Known bool `json:"known,omitempty"`
}

// Report is all results, in the order of the cases.
type Report struct {
	// URL is the backend.
	URL     string   `json:"url"`
	Results []Result `json:"results"`
}

// Count is how many results have a verdict; failures of the baseline do not count.
func (r Report) Count(v Verdict) (n int) {
	for _, one := range r.Results {
		if one.Verdict == v && !one.Known {
			n++
		}
	}
	return n
}

// Sources of requirements.
const (
	security = "https://developer.atlassian.com/platform/marketplace/security-requirements/"
	jwtRules = "https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/"
	signing  = "https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/"
	schema   = "https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/"
	forgeFIT = "https://developer.atlassian.com/platform/forge/remote/essentials/"
	rfcJWT   = "https://www.rfc-editor.org/rfc/rfc8725"
)

// Cases are all of them, in the order in which they run.
func Cases() []Case {
	return slices.Concat(descriptorCases(), installCases(), uninstallCases(), stateCases(), pageCases(), acceptCases(),
		lifeCases(), hookCases(), forwardedCases(), answerCases(), floodCases(), forgeCases(), chatCases(), callCases())
}

// workers are how many cases run at once: apps slow down who sends wrong signatures.
const workers = 12

// run tries the cases on a stand. known are the ids that the baseline expects to fail.
// Each worker has a tenant of its own. What was not tried when the context ended is
// left out.
func run(ctx context.Context, s *stand, cases []Case, known map[string]bool) Report {
	results := make([]Result, len(cases))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(workers, len(cases)) {
		all.Go(func() {
			own := s.another(ctx)
			for i := range next {
				results[i] = cases[i].result(ctx, own, known)
			}
		})
	}
	for i := range cases {
		if ctx.Err() == nil && !cases[i].alone() {
			next <- i
		}
	}
	close(next)
	all.Wait()
	for i := range cases {
		if ctx.Err() == nil && cases[i].alone() {
			results[i] = cases[i].result(ctx, s, known)
		}
	}
	return Report{URL: s.base, Results: slices.DeleteFunc(results, func(r Result) bool { return r.ID == "" })}
}

func (c Case) result(ctx context.Context, s *stand, known map[string]bool) Result {
	o := c.run(ctx, s)
	return Result{
		ID: c.ID, Title: c.Title, Source: c.Source, Verdict: o.verdict, Sent: o.sent, Got: o.got,
		Known: o.verdict == Fail && known[c.ID],
	}
}

// another is the stand with another tenant, the same one if that cannot be installed.
func (s *stand) another(ctx context.Context) *stand {
	own := *s
	if t := s.newTenant(); s.install(ctx, t).taken() {
		own.tenant = t
	}
	return &own
}

// pick returns the cases of some ids, or of families such as page or install.exp.
func pick(all []Case, only []string) ([]Case, error) {
	if len(only) == 0 {
		return all, nil
	}
	var picked []Case
	for _, name := range only {
		n := len(picked)
		for _, c := range all {
			if c.ID == name || len(c.ID) > len(name) && c.ID[:len(name)] == name && (c.ID[len(name)] == '.' || c.ID[len(name)] == '-') {
				picked = append(picked, c)
			}
		}
		if len(picked) == n {
			return nil, fmt.Errorf("no case %q: --list has all", name)
		}
	}
	return picked, nil
}
