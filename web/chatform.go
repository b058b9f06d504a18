package web

import "github.com/sightline-go/sightline/internal/lang"

// The names of the fields that only the chat's dialog has. FieldParts is sent
// once for each ticked part.
const (
	FieldParts     = "parts"
	FieldQuietFrom = "quietFrom"
	FieldQuietTo   = "quietTo"
	FieldQuiet     = "quiet" // names the error about both times
)

// ChatForm holds the fields that only the chat's dialog has.
type ChatForm struct {
	L     *lang.Language
	Parts []Option // in the label's order
	Zones []Option
	// ZoneHelp says what the zone is for, or that the stored one is none.
	ZoneHelp string
	// QuietFrom and QuietTo are times of day such as "22:00", "" for none.
	QuietFrom, QuietTo string
	Label              LabelPreview
	// LabelURL is the GET address that answers LabelView for the form in its
	// query.
	LabelURL string
	// Shown is the label that the room shows now, "" for none.
	Shown string
}

// LabelPreview is the label that a form would lead to.
type LabelPreview struct {
	L *lang.Language
	// Label is "" if it is not known; then Problem says why.
	Label, Problem string
	// Note says that something is missing from the label; "" if nothing is.
	Note string
}
