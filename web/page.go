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

// modules are the scripts that every entry module imports. The page preloads
// them, so that the browser does not discover them one after another.
func modules() []string {
	return []string{"age.js", "announce.js", "app.js", "calls.js", "fields.js", "fragment.js", "grid.js", "host.js", "order.js", "outside.js", "picker.js", "press.js", "take.js"}
}
