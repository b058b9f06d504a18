package doctor

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
)

// expiry is how long a certificate should still last.
const expiry = 14 * 24 * time.Hour

func (v *visit) address(ctx context.Context) []Line {
	if v.at == "" {
		return fault("it is not known: neither an argument nor SIGHTLINE_BASE_URL is an address")
	}
	got, err := v.ask(ctx, http.MethodGet, v.at+"/", "")
	switch {
	case err != nil:
		return fault("%v", err)
	case got.StatusCode != http.StatusOK || !strings.Contains(string(got.body), "Sightline"):
		return fault("%s/ answers %s, and not as Sightline does", v.at, got.Status)
	case got.TLS == nil:
		return ok("it answers, without TLS: that is for this machine only")
	}
	last := got.TLS.PeerCertificates[0].NotAfter
	if last.Sub(v.Now()) < expiry {
		return warning("the certificate ends on %s", last.Format(time.DateOnly))
	}
	return ok("it answers, with a certificate until %s", last.Format(time.DateOnly))
}

// headers looks at the page at the address itself, which every program serves.
func (v *visit) headers(ctx context.Context) []Line {
	got, err := v.ask(ctx, http.MethodGet, v.at+"/", "")
	if err != nil {
		return off("the address does not answer")
	}
	var wrong []string
	if frame := got.Header.Get("X-Frame-Options"); frame != "" {
		wrong = append(wrong, "X-Frame-Options: "+frame+" was added: Jira cannot show gadgets")
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": "frame-ancestors", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
	} {
		switch values := got.Header.Values(name); {
		case len(values) == 0 || !strings.Contains(values[0], want):
			wrong = append(wrong, name+" is missing or another one")
		case len(values) > 1:
			wrong = append(wrong, "a second "+name+" was added")
		}
	}
	if got.TLS != nil && got.Header.Get("Strict-Transport-Security") == "" {
		wrong = append(wrong, "Strict-Transport-Security is missing")
	}
	if len(wrong) > 0 {
		return fault("%s", strings.Join(wrong, "; "))
	}
	return ok("they are as the program sends them")
}

func (v *visit) liveness(ctx context.Context) []Line  { return v.probe(ctx, "/healthz") }
func (v *visit) readiness(ctx context.Context) []Line { return v.probe(ctx, "/readyz") }

func (v *visit) probe(ctx context.Context, path string) []Line {
	got, err := v.ask(ctx, http.MethodGet, v.at+path, "")
	switch {
	case err != nil:
		return fault("%v", err)
	case got.StatusCode != http.StatusOK:
		return fault("it answers %s", got.Status)
	}
	return ok("it says so")
}

func (v *visit) descriptor(ctx context.Context) []Line {
	want, err := app.RenderDescriptor(strings.TrimSuffix(v.Flags.BaseURL, "/"))
	return v.served(ctx, v.connected(), "/atlassian-connect.json", want, err)
}

func (v *visit) chatDescriptor(ctx context.Context) []Line {
	want, err := app.RenderChatDescriptor(strings.TrimSuffix(v.Flags.BaseURL, "/"))
	return v.served(ctx, v.chats(), "/atlassian-chat.json", want, err)
}

func (v *visit) manifest(ctx context.Context) []Line {
	want, err := app.RenderForgeManifest(strings.TrimSuffix(v.Flags.BaseURL, "/"), v.Flags.AppID)
	return v.served(ctx, v.onForge(), "/forge/manifest.yml", want, err)
}

// served compares what is served with what the settings make.
func (v *visit) served(ctx context.Context, used bool, path string, want []byte, made error) []Line {
	got, err := v.ask(ctx, http.MethodGet, v.at+path, "")
	switch {
	case err != nil:
		return fault("%v", err)
	case !used && got.StatusCode == http.StatusNotFound:
		return off("not in use, and not served")
	case !used:
		return fault("%s answers %s, though the settings switch it off", path, got.Status)
	case got.StatusCode != http.StatusOK:
		return fault("%s answers %s", path, got.Status)
	case made != nil:
		return fault("these settings make none: %v", made)
	case !bytes.Equal(bytes.TrimSpace(got.body), bytes.TrimSpace(want)):
		return fault("%s is not what this program makes of these settings", path)
	}
	return ok("%s is as this program makes it", path)
}

// forgeries are authorizations that nobody may accept: none, a token whose key does
// not exist, one signed with a made-up secret, and one that wants no signature.
func (v *visit) forgeries() map[string]string {
	now := v.Now().Unix()
	claims := fmt.Sprintf(`{"iss":"doctor","aud":"%s","sub":"doctor","iat":%d,"exp":%d,"qsh":"context-qsh"}`, v.at, now, now+60)
	token := func(header, signature string) string {
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode([]byte(signature))
	}
	made := strings.Repeat("made up.", 32) // as long as a signature
	return map[string]string{
		"not signed":                 "",
		"signed with an unknown key": token(`{"alg":"RS256","typ":"JWT","kid":"of-the-doctor"}`, made),
		"signed with a wrong secret": token(`{"alg":"HS256","typ":"JWT"}`, made[:32]),
		"that wants no signature":    token(`{"alg":"none","typ":"JWT"}`, ""),
	}
}

// refuses reports a path that takes a forged call.
func (v *visit) refuses(ctx context.Context, used bool, scheme, path, body string) []Line {
	if !used {
		return off("not in use")
	}
	for what, token := range v.forgeries() {
		var headers []string
		if token != "" {
			headers = []string{"Authorization", scheme + " " + token}
		}
		got, err := v.ask(ctx, http.MethodPost, v.at+path, body, append(headers, "Content-Type", "application/json")...)
		switch {
		case err != nil:
			return fault("%v", err)
		case got.StatusCode >= http.StatusInternalServerError:
			return []Line{{
				State: Fault, Says: fmt.Sprintf("%s answers %s to a call %s, because it cannot tell", path, got.Status, what),
				Do: "See the lines about the database and the keys, and the program's log.",
			}}
		case got.StatusCode != http.StatusUnauthorized && got.StatusCode != http.StatusForbidden:
			return fault("%s answers %s to a call %s, instead of refusing it", path, got.Status, what)
		}
	}
	return ok("%s refuses them", path)
}

func (v *visit) lifecycle(ctx context.Context) []Line {
	var d struct{ Lifecycle struct{ Installed string } }
	if err := json.Unmarshal(sightline.ConnectDescriptor, &d); err != nil {
		return fault("%v", err)
	}
	const install = `{"key":"app.sightline","clientKey":"doctor","sharedSecret":"made up, and never to be stored","baseUrl":"https://doctor.atlassian.net","productType":"jira","eventType":"installed"}`
	return v.refuses(ctx, v.connected(), "JWT", d.Lifecycle.Installed, install)
}

func (v *visit) invocations(ctx context.Context) []Line {
	return v.refuses(ctx, v.onForge(), "Bearer", forge.PathLifecycle, `{}`)
}

func (v *visit) metrics(ctx context.Context) []Line {
	got, err := v.ask(ctx, http.MethodGet, v.at+"/metrics", "")
	switch {
	case err != nil:
		return off("the address does not answer")
	case got.StatusCode == http.StatusOK:
		return fault("%s/metrics can be read by everybody", v.at)
	}
	return ok("they cannot")
}
