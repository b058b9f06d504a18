package connect

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestUserTokensAreBounded(t *testing.T) {
	t.Parallel()
	var cache userTokens
	now := time.Unix(1700000000, 0)
	clock := func() time.Time { return now }
	fetch := func(context.Context) (Secret, time.Time, error) {
		return NewSecret("x"), now.Add(15 * time.Minute), nil
	}
	fill := func(prefix string, n int) {
		for i := range n {
			key := tokenKey{tenant: "t", account: AccountID(fmt.Sprint(prefix, i))}
			if _, err := cache.get(t.Context(), key, clock, fetch); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("a", maxUserTokens+5)
	if got := len(cache.byKey); got != maxUserTokens {
		t.Errorf("full: got %d tokens, want %d", got, maxUserTokens)
	}
	now = now.Add(time.Hour)
	fill("b", 3)
	if got, want := len(cache.byKey), 3; got != want {
		t.Errorf("an hour later: got %d tokens, want %d", got, want)
	}
}

func TestForgetDuringFetch(t *testing.T) {
	t.Parallel()
	var cache userTokens
	now := time.Unix(1700000000, 0)
	key := tokenKey{tenant: "t", account: "ann"}
	entered, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		_, err := cache.get(t.Context(), key, func() time.Time { return now }, func(context.Context) (Secret, time.Time, error) {
			close(entered)
			<-release
			return NewSecret("old"), now.Add(time.Hour), nil
		})
		done <- err
	}()
	<-entered
	cache.forget("t")
	token, err := cache.get(t.Context(), key, func() time.Time { return now }, func(context.Context) (Secret, time.Time, error) {
		return NewSecret("new"), now.Add(time.Hour), nil
	})
	if err != nil || token.text.Reveal() != "new" {
		t.Errorf("after forget: got an old token or %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := cache.byKey[key]; got != token {
		t.Error("the forgotten fetch took the new token's place")
	}
}
