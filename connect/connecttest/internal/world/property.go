package world

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Property is an entity property: a key with any JSON value.
type Property struct {
	Key   string
	Value json.RawMessage
}

// ItemProperties names the properties of a dashboard item.
func ItemProperties(dashboardID, itemID string) string {
	return "dashboard/" + dashboardID + "/items/" + itemID
}

// UserProperties names the properties of an account.
func UserProperties(accountID string) string { return "user/" + accountID }

// IssueProperties names the properties of an issue.
func IssueProperties(issueID string) string { return "issue/" + issueID }

// Properties lists an owner's properties by key.
func (w *World) Properties(owner string) []Property {
	w.mu.RLock()
	defer w.mu.RUnlock()
	out := make([]Property, 0, len(w.state.properties[owner]))
	for _, p := range w.state.properties[owner] {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Property) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// Property finds an owner's property by key.
func (w *World) Property(owner, key string) (Property, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	p, ok := w.state.properties[owner][key]
	return p, ok
}

// SetProperty keeps a value and tells whether the key is new. The value must
// be valid JSON.
func (w *World) SetProperty(owner, key string, value json.RawMessage) (created bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	values := w.state.properties[owner]
	if values == nil {
		values = map[string]Property{}
		w.state.properties[owner] = values
	}
	_, exists := values[key]
	values[key] = Property{Key: key, Value: slices.Clone(value)}
	return !exists
}

// DeleteProperty removes a property and tells whether it was there.
func (w *World) DeleteProperty(owner, key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.state.properties[owner][key]
	delete(w.state.properties[owner], key)
	return ok
}
