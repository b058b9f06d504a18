package web

// The names of the fields of what rows stand for.
const (
	FieldRows  = "rows"
	FieldSplit = "split"
	FieldSheet = "sheet"
)

// AxesField chooses what the rows of a gadget stand for.
type AxesField struct {
	// Name is that of the field of rows: FieldRows or FieldSheet.
	Name string
	// URL is the GET address that answers RowsPreviewView for the form in its query.
	URL          string
	Rows, Splits []Option // without Splits, rows are not divided
	Preview      RowsPreview
	// Open says that something has been chosen.
	Open bool
}

// RowsPreview names some of the rows that a form would show.
type RowsPreview struct{ Text string }

// described are the texts that describe the fields.
func (a AxesField) described() []string {
	if len(a.Splits) == 0 {
		return []string{"sl-rows-preview"}
	}
	return []string{helpID(FieldRows), "sl-rows-preview"}
}
