package rest

import "iter"

// Each walks a list page by page. fetch gets the page at a cursor (an offset, a
// token, an instant) and returns its items, the next cursor and whether there is
// a next page. An error ends the walk and is its last pair.
//
// Each does not count pages: fetch must make progress or end. It follows no
// address that an answer holds.
func Each[T, C any](cursor C, fetch func(C) (items []T, next C, more bool, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for at, more := cursor, true; more; {
			var items []T
			var err error
			items, at, more, err = fetch(at)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}
