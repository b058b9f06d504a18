package web

// script is the entry module of the page's kind.
func (s Shell) script() string {
	switch s.Kind {
	case KindGadget:
		return "gadget.js"
	case KindChatDialog, KindChatSidebar:
		return "chat.js"
	default:
		return ""
	}
}

// modules are what every entry module imports, fetched ahead so that the
// browser need not discover them one after another.
func modules() []string {
	return []string{"age.js", "announce.js", "app.js", "calls.js", "fields.js", "fragment.js", "grid.js", "host.js", "picker.js"}
}
