package connecttest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// memory is a ResponseWriter that keeps the answer.
type memory struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newMemory() *memory { return &memory{header: http.Header{}} }

// Header is that of the answer.
func (m *memory) Header() http.Header { return m.header }

// WriteHeader keeps the first status.
func (m *memory) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
}

// Write keeps the body.
func (m *memory) Write(data []byte) (int, error) {
	m.WriteHeader(http.StatusOK)
	return m.body.Write(data)
}

// value is the body as JSON if it is, else as text, nil when there is none.
func (m *memory) value() any {
	switch {
	case m.body.Len() == 0:
		return nil
	case json.Valid(m.body.Bytes()):
		return json.RawMessage(m.body.Bytes())
	}
	return m.body.String()
}

func (m *memory) flat() map[string]string {
	flat := make(map[string]string, len(m.header))
	for name := range m.header {
		flat[name] = m.header.Get(name)
	}
	return flat
}
