package rest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

// FuzzDecodeList compares reading record by record with reading at once: where
// that succeeds, the records are the same; where it fails, the records that are
// left are those that can be read one by one.
func FuzzDecodeList(f *testing.F) {
	for _, seed := range []string{
		`{"things":[{"name":"a","size":1},{"name":"b","size":2}],"next":"n"}`,
		`{"next":"n","things":[{"key":"A-1","size":"big"},null,17,"x",{"name":"c"}],"last":true}`,
		`{"things":null}`, `{"things":{}}`, `{"things":[]`, `{"things":[{} {}]}`, `[]`, ``, `{"things":[1e999]}`,
		`{"things":[{"name":"\ud800"}],"things":[{"name":"twice"}]}`,
		" {\n \"things\" : [ { \"size\" : 1.5 } , { \"size\" : 2 } ] } ",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := rest.DecodeList[thing, about](data, "things")
		var raw struct {
			Things []json.RawMessage `json:"things"`
			about
		}
		whole := json.Unmarshal(data, &raw)
		if err == nil && !json.Valid(data) {
			t.Fatalf("read %q, which is no json", data)
		}
		if err != nil || whole != nil || folded(data) {
			return
		}
		want := []thing{}
		for _, record := range raw.Things {
			var one thing
			if json.Unmarshal(record, &one) == nil && string(record) != "null" {
				want = append(want, one)
			}
		}
		if diff := cmp.Diff(want, append([]thing{}, got.Items...)); diff != "" || got.Len() != len(raw.Things) {
			t.Errorf("%d of %d records (-want +got):\n%s", got.Len(), len(raw.Things), diff)
		}
	})
}

// folded reports whether a member's name matches only for encoding/json, which
// ignores case.
func folded(data []byte) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return true
	}
	for name := range members {
		if name != "things" && strings.EqualFold(name, "things") {
			return true
		}
	}
	return false
}
