package reply

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Memory is a ResponseWriter that keeps the answer.
type Memory struct {
	header http.Header
	Status int
	Body   bytes.Buffer
}

// NewMemory makes one without an answer.
func NewMemory() *Memory { return &Memory{header: http.Header{}} }

// Header is that of the answer.
func (m *Memory) Header() http.Header { return m.header }

// WriteHeader keeps the first status.
func (m *Memory) WriteHeader(status int) {
	if m.Status == 0 {
		m.Status = status
	}
}

// Write keeps the body.
func (m *Memory) Write(data []byte) (int, error) {
	m.WriteHeader(http.StatusOK)
	return m.Body.Write(data)
}

// Value is the body as JSON if it is JSON, otherwise as text; nil without a
// body.
func (m *Memory) Value() any {
	switch {
	case m.Body.Len() == 0:
		return nil
	case json.Valid(m.Body.Bytes()):
		return json.RawMessage(m.Body.Bytes())
	}
	return m.Body.String()
}

// Flat has the first value of each header.
func (m *Memory) Flat() map[string]string {
	flat := make(map[string]string, len(m.header))
	for name := range m.header {
		flat[name] = m.header.Get(name)
	}
	return flat
}
