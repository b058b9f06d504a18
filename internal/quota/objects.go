package quota

// objects counts what an answer in JSON returns without keeping it: the members of a
// list, or of a list that an object has under a known name, or else the object. Its
// memory is the same for any answer.
type objects struct {
	depth   int
	text    bool // within a string
	escaped bool // after a backslash
	object  bool // the answer is an object
	key     name // the last text right below that object
	listed  bool // there was a list
	list    int  // the depth of the list that is being counted; 0: none
	pending bool // its next member has not begun
	members int
}

// name is the begin of a text.
type name struct {
	text [24]byte
	n    int
}

func (n *name) add(c byte) {
	if n.n < len(n.text) {
		n.text[n.n] = c
	}
	n.n++
}

// isList reports whether it is that of a list of objects. Permissions may be the
// members of an object.
func (n *name) isList(c byte) bool {
	if n.n > len(n.text) {
		return false
	}
	text := string(n.text[:n.n])
	if c == '{' {
		return text == "permissions"
	}
	switch text {
	case "issues", "values", "worklogs", "dashboards", "gadgets", "issueChangeLogs", "histories", "matches", "actors",
		"users", "groups", "permissions", "projectPermissions", "projects", "comments", "keys":
		return true
	}
	return false
}

// add takes the next bytes of the answer.
func (o *objects) add(data []byte) {
	for i := 0; i < len(data); i++ {
		if o.text && !o.escaped && o.depth != 1 {
			i += plain(data[i:])
			if i == len(data) {
				return
			}
		}
		o.take(data[i])
	}
}

// plain is how many bytes a text goes on without an end.
func plain(data []byte) int {
	for i, c := range data {
		if c == '"' || c == '\\' {
			return i
		}
	}
	return len(data)
}

func (o *objects) take(c byte) {
	switch {
	case !o.text:
		o.next(c)
	case o.escaped:
		o.escaped = false
	case c == '\\':
		o.escaped = true
	case c == '"':
		o.text = false
	case o.depth == 1:
		o.key.add(c)
	}
}

// next takes a byte outside of texts.
func (o *objects) next(c byte) {
	switch c {
	case ' ', '\n', '\r', '\t', ':':
	case ']', '}':
		o.leave()
	case ',':
		o.pending = o.pending || o.list > 0 && o.depth == o.list
	default:
		o.begin(c)
	}
}

// begin is the first byte of a value, or a later one of a number or a word.
func (o *objects) begin(c byte) {
	if o.pending && o.depth == o.list {
		o.pending = false
		o.members++
	}
	switch c {
	case '"':
		o.text = true
		if o.depth == 1 {
			o.key = name{}
		}
	case '[', '{':
		o.enter(c)
	}
}

// enter begins an object or a list.
func (o *objects) enter(c byte) {
	o.depth++
	if o.depth == 1 {
		o.object = c == '{'
	}
	if o.list == 0 && (o.depth == 1 && c == '[' || o.depth == 2 && o.object && o.key.isList(c)) {
		o.list, o.listed, o.pending = o.depth, true, true
	}
}

func (o *objects) leave() {
	if o.depth == o.list {
		o.list, o.pending = 0, false
	}
	o.depth--
}

// count is how many objects came.
func (o *objects) count() int {
	if o.object && !o.listed {
		return 1
	}
	return o.members
}
