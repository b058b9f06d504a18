package judge

import (
	"context"
	"net/http"
	"strings"
)

// uninstallCases are uninstalls that must be refused: the tenant's page opens as before.
func uninstallCases() []Case {
	var all []Case
	for _, w := range signedTwists() {
		all = append(all, refusedUninstall(w.name, strings.Replace(w.title, "an install", "an uninstall", 1), w.source, func(s *stand, t tenant, path string) (http.Header, []byte) {
			return withToken(w.do(s, s.installToken(t, path)).text()), bytesOf(s.payload(t, "uninstalled"))
		}))
	}
	return append(all,
		refusedUninstall("token-missing", "refuse an uninstall without a token", signing, func(s *stand, t tenant, _ string) (http.Header, []byte) {
			return http.Header{"Content-Type": {"application/json"}}, bytesOf(s.payload(t, "uninstalled"))
		}),
		refusedUninstall("body-missing", "refuse an uninstall without a body", signing, func(s *stand, t tenant, path string) (http.Header, []byte) {
			return withToken(s.installToken(t, path).text()), nil
		}),
		refusedUninstall("body-array", "refuse an uninstall whose body is an array", signing, func(s *stand, t tenant, path string) (http.Header, []byte) {
			return withToken(s.installToken(t, path).text()), []byte("[]")
		}),
		refusedUninstall("token-of-install", "refuse the token of an install at the uninstall", signing, func(s *stand, t tenant, _ string) (http.Header, []byte) {
			return withToken(s.installToken(t, s.descriptor.Lifecycle.Installed).text()), bytesOf(s.payload(t, "uninstalled"))
		}),
	)
}

func refusedUninstall(name, title, source string, call func(s *stand, t tenant, path string) (http.Header, []byte)) Case {
	return Case{"uninstall." + name, title, source, func(ctx context.Context, s *stand) outcome {
		path := s.descriptor.Lifecycle.Uninstalled
		if path == "" {
			return skip("the app does not listen to uninstalled")
		}
		y := &story{ctx: ctx, s: s, t: s.newTenant()}
		y.installs()
		header, body := call(s, y.t, path)
		a := s.send(ctx, http.MethodPost, path, header, body)
		y.step("POST "+path, a.refused(), a)
		if _, _, ok := s.page(); ok {
			y.opens("its page", true)
		}
		return y.said
	}}
}
