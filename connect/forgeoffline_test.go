package connect_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// offlineFailures are answers to the question for a person's token that say nothing
// about their consent.
func offlineFailures() map[string]func(http.ResponseWriter, *http.Request) {
	const out = `{"data":{"offlineUserAuthToken":`
	return map[string]func(http.ResponseWriter, *http.Request){
		"400":                     status(http.StatusBadRequest),
		"401":                     status(http.StatusUnauthorized),
		"403":                     status(http.StatusForbidden),
		"404":                     status(http.StatusNotFound),
		"408":                     status(http.StatusRequestTimeout),
		"429":                     status(http.StatusTooManyRequests),
		"500":                     status(http.StatusInternalServerError),
		"502":                     status(http.StatusBadGateway),
		"503":                     status(http.StatusServiceUnavailable),
		"504":                     status(http.StatusGatewayTimeout),
		"204":                     status(http.StatusNoContent),
		"a redirect":              status(http.StatusFound),
		"a cut connection":        func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"an answer cut in half":   cutAfter(out + `{"success":false,"errors":[{"mess`),
		"HTML":                    text("<html>Service maintenance</html>"),
		"nothing":                 text(""),
		"a text":                  text(`"no"`),
		"a list":                  text("[]"),
		"no mutation":             text(`{"data":null}`),
		"null":                    text(out + `null}}`),
		"an error of the gateway": text(`{"data":{"offlineUserAuthToken":null},"errors":[{"message":"denied","extensions":{"statusCode":503}}]}`),
		"an error besides":        text(`{"errors":[{"message":"denied"}],"data":{"offlineUserAuthToken":{"success":false,"errors":[{"message":"no"}]}}}`),
		"no reason":               text(out + `{"success":false}}}`),
		"an empty list":           text(out + `{"success":false,"errors":[],"authToken":null}}}`),
		"no token":                text(out + `{"success":true,"authToken":null}}}`),
		"a token of spaces":       text(out + `{"success":true,"authToken":{"token":"a b","ttl":3600}}}}`),
		"another type":            text(out + `{"success":"no","errors":"none"}}}`),
		"a temporary error":       text(out + `{"success":false,"errors":[{"message":"Temporarily unavailable, try again later"}]}}}`),
		"an internal error":       text(out + `{"success":false,"errors":[{"message":"Internal Server Error"}]}}}`),
		"a time-out":              text(out + `{"success":false,"errors":[{"message":"upstream request timed out"}]}}}`),
		"a status":                text(out + `{"success":false,"errors":[{"message":"exchange failed: 503"}]}}}`),
		"a refusal and a failure": text(out + `{"success":false,"errors":[{"message":"no"},{"message":"Too Many Requests"}]}}}`),
	}
}

// cutAfter sends the beginning of an answer and ends the connection.
func cutAfter(begin string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, begin)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// isOutage reports whether an error says that a token cannot be had now.
func isOutage(err error) bool {
	var answered *connect.TokenError
	return errors.Is(err, connect.ErrTokenUnavailable) || errors.As(err, &answered) && answered.Temporary()
}

func isBusy(err error) bool {
	var answered *connect.TokenError
	return errors.As(err, &answered) && answered.Status == http.StatusTooManyRequests
}

// A failure is never told as a missing consent, and is not remembered.
func TestForgeOfflineFails(t *testing.T) {
	t.Parallel()
	for name, fails := range offlineFailures() {
		a, f, tenant := newForgeAPI(t)
		f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
		f.answers(fails)
		if _, err := getAs(t, f.Outbound.User(tenant, testAccount), tenant.APIBaseURL+"/x"); !isOutage(err) || errors.Is(err, connect.ErrImpersonation) {
			t.Errorf("%s: got %v", name, err)
		}
		f.answers(a.ServeHTTP)
		a.offline = `{"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"x","ttl":3600}}}}`
		if got, err := getAs(t, f.Outbound.User(tenant, testAccount), tenant.APIBaseURL+"/x"); err != nil || got != http.StatusOK {
			t.Errorf("after %s: got %d, %v", name, got, err)
		}
	}
}

// Without the app's own token nobody can be asked for a person's.
func TestForgeOfflineWithoutAppToken(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	if _, err := getAs(t, f.Outbound.User(tenant, testAccount), tenant.APIBaseURL+"/x"); !errors.Is(err, connect.ErrNoAppToken) || errors.Is(err, connect.ErrNoConsent) {
		t.Errorf("got %v", err)
	}
	if calls := a.seen(); len(calls) > 0 {
		t.Errorf("asked %q", calls)
	}
}

// Jira refuses a person's token, and whether there is another cannot be known now:
// that says nothing about their consent.
func TestForgeOfflineFailsAfterRefusal(t *testing.T) {
	t.Parallel()
	a, f, tenant := newForgeAPI(t)
	user := oauth("user", time.Hour)
	if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", user), connect.ForgePage); err != nil {
		t.Fatal(err)
	}
	f.store.token, f.store.expires = connect.NewSecret(oauth("system", time.Hour)), testStart.Add(time.Hour)
	a.refuses(user)
	a.offline = "<html>maintenance</html>"
	if _, err := getAs(t, f.Outbound.User(tenant, testAccount), tenant.APIBaseURL+"/x"); !isOutage(err) || errors.Is(err, connect.ErrNoConsent) {
		t.Errorf("got %v", err)
	}
}
