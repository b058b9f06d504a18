//go:build !race

// The race detector takes several times the memory that this test counts.

package jira_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

// maxPeak is what one page may cost in memory, in MiB, whatever Jira answers.
const maxPeak = 96

// peakSearches is how many calls to one tenant are under way at once.
const peakSearches = 8

// peakRecord is an issue as a view reads it, with a full field of worklogs.
var peakRecord = `{"id":"%d","key":"ABC-1","fields":{"summary":"` + strings.Repeat("Write the manual. ", 10) + `","status":{"id":"3","name":"In Progress",` +
	`"statusCategory":{"id":4,"key":"indeterminate","name":"In Progress"}},"assignee":{"accountId":"5b10","displayName":"Ann"},"worklog":{"total":20,"worklogs":[` +
	strings.TrimSuffix(strings.Repeat(`{"id":"%[1]d","author":{"accountId":"5b10","displayName":"Ann"},"started":"2026-11-24T10:00:00.000+0000","timeSpentSeconds":60},`, 20), ",") + `]}}},`

// TestPeakOfOversizedAnswers reads, in a process of its own, eight searches of each
// tenant at once whose answers do not end: neither memory nor network may be spent
// on them.
func TestPeakOfOversizedAnswers(t *testing.T) {
	if address := os.Getenv("PEAK_OF"); address != "" {
		tenants, _ := strconv.Atoi(os.Getenv("PEAK_TENANTS"))
		searchAll(t, address, tenants)
		return
	}
	t.Parallel()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("the peak of a process is read from Linux's /proc")
	}
	for name, tt := range map[string]struct {
		record  string
		tenants int
	}{
		"issues":                 {peakRecord, 1},
		"issues of four tenants": {peakRecord, 4},
		"empty issues":           {`{},`, 1},
		"one text":               {strings.Repeat("x", 4096), 1},
		"a text of each of four": {strings.Repeat("x", 4096), 4},
		"nothing":                {strings.Repeat(" ", 4096), 1},
		"nothing of four":        {strings.Repeat(" ", 4096), 4},
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			server := httptest.NewServer(endless(tt.record, &sent))
			defer server.Close()
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPeakOfOversizedAnswers$", "-test.v")
			child.Env = append(os.Environ(), "PEAK_OF="+server.URL, fmt.Sprint("PEAK_TENANTS=", tt.tenants))
			out, err := child.CombinedOutput()
			peak := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(out)
			if err != nil || peak == nil {
				t.Fatalf("%v\n%s", err, out)
			}
			kib, _ := strconv.Atoi(string(peak[1]))
			t.Logf("%d MiB at the peak, %d MiB sent", kib>>10, sent.Load()>>20)
			if kib>>10 >= maxPeak {
				t.Errorf("%d MiB at the peak, want less than %d", kib>>10, maxPeak)
			}
			// What the kernel holds between the two is sent too.
			if most := int64(tt.tenants * peakSearches * (16 + 8)); sent.Load()>>20 > most {
				t.Errorf("%d MiB sent, want at most %d", sent.Load()>>20, most)
			}
		})
	}
}

// endless answers with one record after the other, at most 200 MiB.
func endless(record string, sent *atomic.Int64) http.HandlerFunc {
	var block strings.Builder
	for i := 0; block.Len() < 64<<10; i++ {
		if strings.Contains(record, "%") {
			fmt.Fprintf(&block, record, i)
		} else {
			block.WriteString(record)
		}
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		begin := `{"issues":[`
		if strings.HasPrefix(record, "x") {
			begin += `"`
		}
		_, err := io.WriteString(w, begin)
		for n := 0; n < 200<<20 && err == nil; n += block.Len() {
			if _, err = io.WriteString(w, block.String()); err == nil {
				sent.Add(int64(block.Len()))
			}
		}
	}
}

func searchAll(t *testing.T, address string, tenants int) {
	shared := rest.NewSlots(3) // as the program has
	var running sync.WaitGroup
	for range tenants {
		c, err := jira.New(&http.Client{Transport: &rest.Limit{Shared: shared}}, address)
		if err != nil {
			t.Fatal(err)
		}
		for range peakSearches {
			running.Go(func() {
				if _, err := c.Search.JQL(context.Background(), jira.SearchOptions{JQL: "project = ABC", MaxResults: 100}); err == nil {
					t.Error("an answer of 200 MiB was read")
				}
			})
		}
	}
	running.Wait()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", status)
}
