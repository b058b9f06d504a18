package web

import "strconv"

// class is the message's tone as a class name; an unknown one reads as info.
func (m Message) class() string {
	switch m.Kind {
	case MessageEmpty, MessageWarning, MessageError:
		return "message-" + string(m.Kind)
	default:
		return "message-info"
	}
}

// retry is in seconds, "" when the message stays.
func (m Message) retry() string {
	if m.Retry <= 0 {
		return ""
	}
	return strconv.Itoa(m.Retry)
}

// role makes screen readers speak an error up when it is put in place.
func (m Message) role() string {
	if m.Kind == MessageError {
		return "alert"
	}
	return "note"
}
