package web

import "github.com/sightline-go/sightline/internal/lang"

// The names of the fields that only the chat's dialog has. FieldParts comes
// once for each part that was ticked.
const (
	FieldParts     = "parts"
	FieldQuietFrom = "quietFrom"
	FieldQuietTo   = "quietTo"
	FieldQuiet     = "quiet" // of errors: both times together
)

// ChatForm is what only the chat's dialog asks for.
type ChatForm struct {
	L     *lang.Language
	Parts []Option // in the label's order
	Zones []Option
	// QuietFrom and QuietTo are times of day as "22:00", "" for none.
	QuietFrom, QuietTo string
	Label              LabelPreview
	// LabelURL is a GET address that answers LabelView for the form sent with
	// it.
	LabelURL string
	// Shown is the label that the room reads now, "" while it has none.
	Shown string
}

// LabelPreview is how a label would read.
type LabelPreview struct {
	L *lang.Language
	// Label is "" when it is not known; Problem then says why.
	Label, Problem string
}
