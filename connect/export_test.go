package connect

import "encoding/json"

// Remembered is how many tenants the cache holds.
func Remembered(c *TenantCache) int { return c.tenants.Len() }

// FlatClaims reads a payload of a host's token and one of a session without
// encoding/json, and with it. flat says whether the first could.
func FlatClaims(payload []byte) (got, want [2]any, flat [2]bool, errs [2]error) {
	for i, fresh := range []func() flatClaims{
		func() flatClaims { return new(hostClaims) }, func() flatClaims { return new(sessionClaims) },
	} {
		g, w := fresh(), fresh()
		r := flatReader{rest: payload}
		flat[i] = r.object(g, 1) && len(r.rest) == 0
		got[i], want[i], errs[i] = g, w, json.Unmarshal(payload, w)
	}
	return got, want, flat, errs
}
