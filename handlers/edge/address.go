package edge

import "net/url"

// Address is where a page's later calls go: each address is Base, the call's
// name, and Query.
type Address struct {
	// Base is the path before the call's name, base path included.
	Base string
	// Query is "" or begins with "?".
	Query string
}

// IsZero reports whether there are no later calls.
func (a Address) IsZero() bool { return a == Address{} }

// Call is the address of a later call.
func (a Address) Call(name string) string { return a.Base + "/" + name + a.Query }

// With is the address of a later call with parameters; "" for the zero Address.
func (a Address) With(name string, about url.Values) string {
	if a.IsZero() {
		return ""
	}
	separator := "?"
	if a.Query != "" {
		separator = "&"
	}
	return a.Call(name) + separator + about.Encode()
}
