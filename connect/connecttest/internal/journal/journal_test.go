package journal

import (
	"testing"
)

func TestRequestLogIsBounded(t *testing.T) {
	t.Parallel()
	var q requests
	for range 3 * requestLimit {
		q.add(Request{})
	}
	list, next := q.since(0)
	if len(list) != requestLimit || next != 3*requestLimit || list[0].Seq != 2*requestLimit+1 || len(q.list) > 2*requestLimit {
		t.Errorf("got %d requests from %d, next %d, kept %d", len(list), list[0].Seq, next, len(q.list))
	}
}
