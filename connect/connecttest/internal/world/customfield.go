package world

import (
	"slices"
	"strconv"
	"strings"
)

// CustomField is a field that an administrator made. No issue has a value in it.
type CustomField struct {
	ID          string // customfield_ and a number
	Name        string
	Description string
	Type        string // the key of its type
	Searcher    string // the key of its searcher; "": it cannot be searched
}

// firstOwnField is where the numbers of made fields start.
const firstOwnField = 10100

// CustomFields lists the fields that were made.
func (w *World) CustomFields() []CustomField {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.customFields)
}

// CreateCustomField gives a field an id and keeps it.
func (w *World) CreateCustomField(f CustomField) CustomField {
	w.mu.Lock()
	defer w.mu.Unlock()
	f.ID = CustomFieldID(firstOwnField + len(w.state.customFields))
	w.state.customFields = append(slices.Clip(w.state.customFields), f)
	return f
}

// CustomFieldID is the id of the custom field with a number.
func CustomFieldID(number int) string { return "customfield_" + strconv.Itoa(number) }

// CustomFieldNumber is the number in a custom field's id, 0 for other fields.
func CustomFieldNumber(id string) int64 {
	rest, _ := strings.CutPrefix(id, "customfield_")
	n, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
