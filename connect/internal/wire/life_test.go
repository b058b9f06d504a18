package wire_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

func TestLife(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		`{}`: 0, `{"life":null}`: 0, `{"life":0}`: 0, `{"life":-5}`: 0, `{"life":-1e999}`: 0,
		`{"life":3600}`: time.Hour, `{"life":3600.5}`: time.Hour + 500*time.Millisecond, `{"life":3.6e3}`: time.Hour,
		`{"life":"3600"}`: time.Hour, `{"life":"3600.5"}`: time.Hour + 500*time.Millisecond, `{"life":"-1"}`: 0,
		`{"life":""}`: 0, `{"life":"soon"}`: 0, `{"life":"NaN"}`: 0, `{"life":"Inf"}`: 0, `{"life":"1h"}`: 0,
		`{"life":31536000}`: 24 * time.Hour, `{"life":9223372036854775808}`: 24 * time.Hour, `{"life":1e999}`: 24 * time.Hour,
		`{"life":true}`: 0, `{"life":[3600]}`: 0, `{"life":{"seconds":3600}}`: 0,
	} {
		var got struct {
			Life wire.Life `json:"life"`
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil || time.Duration(got.Life) != want {
			t.Errorf("%s: got %s, %v, want %s", text, time.Duration(got.Life), err, want)
		}
	}
}
