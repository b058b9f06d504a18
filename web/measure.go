package web

import "github.com/sightline-go/sightline/internal/lang"

// The names of the fields of what is counted. FieldPoints is a list of fields' ids with
// commas between them.
const (
	FieldMeasure = "measure"
	FieldPoints  = "points"
)

// MeasureField chooses what a workload counts in.
type MeasureField struct {
	// URL is the GET address that answers PreviewView for the form in its query.
	URL     string
	Options []Option
	Preview Preview
}

// Preview is what a form finds as it stands.
type Preview struct {
	L *lang.Language
	// Points are the fields that story points can be taken from; one leaves no choice.
	Points []Option
	// Settled says that one of several was chosen for the whole site: the form does not
	// ask again, but it can be changed.
	Settled bool
	// Text says how much is found.
	Text string
}

// point is what the chosen field of story points is called.
func (p Preview) point() string {
	for _, o := range p.Points {
		if o.Selected {
			return o.Label
		}
	}
	return p.Points[0].Label
}
