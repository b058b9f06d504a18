package quota

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestObjects(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`[]`: 0, `{}`: 1, `[1]`: 1, `[1, 2 ,3]`: 3, `[12,345.6e7,true,null,"a,b"]`: 5,
		`[{"a":[1,2,3]},{"b":{"values":[1]}}]`:                      2,
		`{"issues":[]}`:                                             0,
		`{"issues":[{"id":"1","fields":{"labels":["x","y","z"]}}]}`: 1,
		`{"isLast":false,"nextPageToken":"a,b]}","issues":[{"k":"\"],"},{"k":"\\"}],"names":{"x":"y"}}`:      2,
		`{"id":"1","issueTypes":[1,2,3],"versions":[1]}`:                                                     1,
		`{"permissions":{"A":{"have":true},"B":{}}}`:                                                         2,
		`{"projectPermissions":[{"permission":"A","issues":[1,2],"projects":[3,4]}],"globalPermissions":[]}`: 1,
		`{"accountId":"a","groups":{"size":0,"items":[]}}`:                                                   1,
		`{"matches":[{"matchedIssues":[1,2,3]},{"matchedIssues":[]}]}`:                                       2,
		`{"worklogs":[{"author":{"accountId":"a"}},{}],"total":2}`:                                           2,
		`"text"`: 0, `7`: 0, ``: 0, `{"a":"` + strings.Repeat("x", 100) + `"}`: 1,
	} {
		for size := 1; size <= len(text)+1; size++ {
			var o objects
			for rest := text; len(rest) > 0; {
				n := min(size, len(rest))
				o.add([]byte(rest[:n]))
				rest = rest[n:]
			}
			if got := o.count(); got != want {
				t.Errorf("%s in parts of %d: got %d, want %d", text, size, got, want)
				break
			}
		}
	}
}

// Whatever the answer is, counting ends, and a list is as long as the decoder says.
func FuzzObjects(f *testing.F) {
	for _, seed := range []string{`[1,2]`, `[[],{}]`, `["\\",",]"]`, `{"values":[{}]}`, `]]]`, `[,,`, `{"a"`, `"\u0022"`} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		var o objects
		cut = min(max(cut, 0), len(data))
		o.add(data[:cut])
		o.add(data[cut:])
		if o.count() < 0 || o.count() > len(data) {
			t.Fatalf("got %d of %d bytes", o.count(), len(data))
		}
		var list []json.RawMessage
		if json.Unmarshal(data, &list) == nil && list != nil && o.count() != len(list) {
			t.Fatalf("got %d, want %d", o.count(), len(list))
		}
	})
}

func BenchmarkObjects(b *testing.B) {
	one := `{"id":"10001","key":"AB-1","fields":{"summary":"A summary of usual length, as people write it","duedate":"2026-11-24","assignee":{"accountId":"5b10a2844c20165700ede21g","displayName":"Mia Krystof"}}}`
	page := []byte(`{"issues":[` + strings.TrimSuffix(strings.Repeat(one+",", 100), ",") + `]}`)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		var o objects
		o.add(page)
		if o.count() != 100 {
			b.Fatal(o.count())
		}
	}
}
