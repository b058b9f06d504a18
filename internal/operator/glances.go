package operator

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/store"
)

// RetryGlances makes every failed or stopped state due and prints how many; a
// running app takes them up within seconds.
func RetryGlances(ctx context.Context, out io.Writer, st *store.Store) error {
	n, err := st.Glances.Retry(ctx)
	if err == nil {
		fmt.Fprintf(out, "%d states are due now\n", n)
	}
	return err
}

// ListGlances prints one line per state of a conversation. Ages count up to
// now.
func ListGlances(ctx context.Context, out io.Writer, st *store.Store, now time.Time) error {
	rows, err := st.Glances.List(ctx)
	if err != nil {
		return err
	}
	english := lang.New().English()
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SURFACE\tSITE\tCONVERSATION\tMODULE\tLABEL\tAGE\tSTATE\tLAST ERROR")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			r.Key.Surface, plain(r.Key.Site), plain(r.Key.Conversation), plain(r.Key.Module),
			plain(shownLabel(r)), age(r, now), rowState(r, now), plain(lastError(r, english)))
	}
	return w.Flush()
}

// shownLabel is what the row's conversation should read.
func shownLabel(r glance.Row) string {
	switch {
	case r.Key.Kind == glance.KindGlance:
		return r.PullLabel()
	case r.Desired.Configured:
		return "set up"
	}
	return "not set up"
}

// age is how long ago the label was computed.
func age(r glance.Row, now time.Time) string {
	if r.DesiredAt.IsZero() {
		return "-"
	}
	return now.Sub(r.DesiredAt).Round(time.Second).String()
}

// rowState says whether the conversation sees what it should and, if not, what
// happens next.
func rowState(r glance.Row, now time.Time) string {
	switch {
	case r.Stopped || r.NextAttempt.IsZero():
		return "stopped"
	case !r.NeedsWork():
		return "ok"
	case r.Attempts > 0 && r.NextAttempt.After(now):
		return "retrying at " + r.NextAttempt.UTC().Format(time.RFC3339)
	}
	return "due"
}

// lastError says why the conversation does not see what it should, with the
// error of a failure.
func lastError(r glance.Row, l *lang.Language) string {
	return strings.TrimPrefix(failure(r, l)+oddZone(r), "; ")
}

// oddZone says that a conversation's days are not those of the zone that its row
// names, which rows of earlier versions may do.
func oddZone(r glance.Row) string {
	if _, err := r.Config.Location(); err != nil {
		return fmt.Sprintf("; %q is not a time zone, so days are in UTC: save the settings of the conversation again", r.Config.Zone)
	}
	return ""
}

func failure(r glance.Row, l *lang.Language) string {
	words := strings.TrimSuffix(r.Reason().In(l), ".")
	if r.Stopped || r.LastError == "" {
		return words
	}
	return words + ": " + r.LastError
}

// maxErrorText keeps each row on one line: an error may quote what a service
// said.
const maxErrorText = 160

// plain removes from a text what a terminal or a column cannot show.
func plain(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return ' '
		}
		return c
	}, text)
	if runes := []rune(text); len(runes) > maxErrorText {
		return string(runes[:maxErrorText-1]) + "…"
	}
	return text
}
