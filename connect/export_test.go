package connect

// Remembered is how many tenants the cache holds.
func Remembered(c *TenantCache) int { return c.tenants.Len() }
