package onsite

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// callTime bounds one call.
	callTime = 30 * time.Second
	// maxAnswer bounds one answer, in bytes.
	maxAnswer = 4 << 20
)

// control makes one of the site's control calls.
func (s Stage) control(ctx context.Context, method, path string, in, out any) error {
	body := ""
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = string(text)
	}
	req, err := request(ctx, method, s.Site+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return do(req, out)
}

func request(ctx context.Context, method, address, body string) (*http.Request, error) {
	if body == "" {
		return http.NewRequestWithContext(ctx, method, address, http.NoBody)
	}
	return http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
}

// client follows no redirects: the caller looks at where Slack sends it.
func client() *http.Client {
	return &http.Client{
		Timeout:       callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// do reads the answer, as JSON if out is given.
func do(req *http.Request, out any) error {
	resp, err := client().Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, resp.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out)
}

// page fetches a page, with the cookies that it sets.
func page(ctx context.Context, address string, cookies ...*http.Cookie) (body string, set []*http.Cookie, err error) {
	req, err := request(ctx, http.MethodGet, address, "")
	if err != nil {
		return "", nil, err
	}
	for _, cookie := range cookies {
		req.AddCookie(cookie)
	}
	resp, err := client().Do(req)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", req.URL.Path, resp.Status)
	}
	return string(text), resp.Cookies(), err
}

// redirected posts a form that is answered with a redirect, and returns its target.
func redirected(ctx context.Context, address string, form url.Values) (*url.URL, error) {
	req, err := request(ctx, http.MethodPost, address, form.Encode())
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		return nil, fmt.Errorf("POST %s: %s", req.URL.Path, resp.Status)
	}
	return resp.Location()
}
