#!/usr/bin/env bash
# github.com/slack-go/slack 0.35.0.
#
# A 429 is a RateLimitedError only if its Retry-After is a whole number. A fraction of
# seconds, as proxies send it, gives strconv's error, which names neither Slack nor a
# limit; without the header it is a StatusCodeError. Code that waits on
# RateLimitedError does not wait then. Output:
#
#   "3": *slack.RateLimitedError
#   "1.5": *strconv.NumError
#   "": slack.StatusCodeError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'GO'
module finding

go 1.26
GO
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/slack-go/slack"
)

func main() {
	for _, after := range []string{"3", "1.5", ""} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		_, _, err := slack.New("token", slack.OptionAPIURL(server.URL+"/")).PostMessage("C1", slack.MsgOptionText("text", false))
		fmt.Printf("%q: %T\n", after, err)
		server.Close()
	}
}
GO
go get github.com/slack-go/slack@v0.35.0 2>/dev/null
got=$(CGO_ENABLED=0 go run -mod=mod .)
echo "$got"
test "$got" = '"3": *slack.RateLimitedError
"1.5": *strconv.NumError
"": slack.StatusCodeError'
