package web

import "strconv"

// class is the class name of the message's tone; unknown tones become info.
func (m Message) class() string {
	switch m.Kind {
	case MessageEmpty, MessageWarning, MessageError:
		return "message-" + string(m.Kind)
	default:
		return "message-info"
	}
}

// retry is a number of seconds, "" if the message stays.
func (m Message) retry() string {
	if m.Retry <= 0 {
		return ""
	}
	return strconv.Itoa(m.Retry)
}

// role makes screen readers announce an error when it appears.
func (m Message) role() string {
	if m.Kind == MessageError {
		return "alert"
	}
	return "note"
}
