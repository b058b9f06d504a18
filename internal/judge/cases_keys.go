package judge

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// installKeys is where the site has its install keys.
const installKeys = "/install-keys/"

// keyHost is a key host that answers a key id with something else than a key.
type keyHost struct {
	name, title string
	fault       func(s *stand) connecttest.Fault
}

func keyHosts() []keyHost {
	answering := func(kind, body string) func(*stand) connecttest.Fault {
		return func(*stand) connecttest.Fault {
			return connecttest.Fault{Status: http.StatusOK, Headers: map[string]string{"Content-Type": kind}, Body: body}
		}
	}
	return []keyHost{
		{"keys-error", "refuse an install whose key cannot be read", func(*stand) connecttest.Fault {
			return connecttest.Fault{Status: http.StatusInternalServerError}
		}},
		{"keys-html", "refuse an install whose key is a page", answering("text/html", "<!doctype html><title>Sign in</title>")},
		{"keys-empty", "refuse an install whose key is empty", answering("text/plain", "")},
		{"keys-certificate", "refuse an install whose key is a certificate", func(s *stand) connecttest.Fault {
			return connecttest.Fault{Status: http.StatusOK, Body: string(s.certificate())}
		}},
		{"keys-cut", "refuse an install whose key breaks off", func(s *stand) connecttest.Fault {
			text := string(pemOf(&s.stranger.PublicKey))
			return connecttest.Fault{Status: http.StatusOK, Headers: map[string]string{"Content-Length": "9999"}, Body: text[:len(text)/2]}
		}},
		{"keys-large", "refuse an install whose key has two megabytes", func(*stand) connecttest.Fault {
			return connecttest.Fault{Status: http.StatusOK, Body: "-----BEGIN PUBLIC KEY-----\n", Fill: 2 << 20}
		}},
		{"keys-redirect", "refuse a key that is on another host than Atlassian's", func(s *stand) connecttest.Fault {
			return connecttest.Fault{Status: http.StatusFound, Headers: map[string]string{"Location": s.canary.url + "/key"}}
		}},
	}
}

// keyHostCases are installs that a stranger signed, with a key id whose key is none.
// A right install goes through at the same time and afterwards.
func keyHostCases() []Case {
	var all []Case
	for _, k := range keyHosts() {
		all = append(all, Case{"install." + k.name, k.title, signing, func(ctx context.Context, s *stand) outcome {
			kid := "judge-" + rand.Text()
			fault := k.fault(s)
			fault.Path = installKeys + kid
			if err := s.site.AddFault(fault); err != nil {
				return outcome{Fail, "a fault of the judge's site", err.Error()}
			}
			t, path := s.newTenant(), s.descriptor.Lifecycle.Installed
			wrong := s.installToken(t, path).head("kid", kid)
			wrong.key = s.stranger
			a := s.send(ctx, http.MethodPost, path, withToken(wrong.text()), bytesOf(s.payload(t, "installed")))
			if a.err == nil && a.status >= http.StatusBadRequest {
				a.status = http.StatusUnauthorized // there is no key, or it could not tell: that is no install either
			}
			if o := s.notInstalled(ctx, t, "POST "+path, a); o.verdict != Pass {
				return o
			}
			right := s.install(ctx, s.newTenant())
			return judged(right.good(), "POST "+path+", a right one afterwards", right)
		}})
	}
	return all
}

// certificate is one with the stranger's key.
func (s *stand) certificate() []byte {
	like := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: s.now().Add(time.Hour)}
	der, _ := x509.CreateCertificate(rand.Reader, &like, &like, &s.stranger.PublicKey, s.stranger) // nothing in it can be wrong
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// twoClientKeys is a body that names two tenants: whatever the app makes of it, it is
// not the second one's install.
func twoClientKeys() Case {
	return Case{"install.body-two-client-keys", "believe no second client key in a body", security, func(ctx context.Context, s *stand) outcome {
		attacker, path := s.newTenant(), s.descriptor.Lifecycle.Installed
		body := bytesOf(s.payload(attacker, "installed"))
		body = append(body[:len(body)-1], []byte(`,"clientKey":"`+s.tenant.clientKey+`"}`)...)
		a := s.send(ctx, http.MethodPost, path, withToken(s.installToken(attacker, path).text()), body)
		if a.err != nil || a.status >= http.StatusInternalServerError {
			return outcome{Fail, "POST " + path, a.String()}
		}
		if _, _, ok := s.page(); !ok {
			return judged(true, "POST "+path, a)
		}
		then := s.open(ctx, tenant{s.tenant.clientKey, attacker.secret})
		return judged(then.refused(), "POST "+path+", then the second tenant's page with the first one's secret", then)
	}}
}
