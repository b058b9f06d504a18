package web

// The names of the fields of what rows stand for.
const (
	FieldRows  = "rows"
	FieldSplit = "split"
	FieldSheet = "sheet"
)

// AxesField chooses what the rows of a workload stand for.
type AxesField struct {
	// URL is the GET address that answers RowsPreviewView for the form in its query.
	URL          string
	Rows, Splits []Option
	Preview      RowsPreview
	// Open says that something has been chosen.
	Open bool
}

// RowsPreview names some of the rows that a form would show.
type RowsPreview struct{ Text string }
