package edge

import "github.com/sightline-go/sightline/connect"

// Answered is how a request has ended. It holds nothing of the request that a stranger
// could choose.
type Answered struct {
	// Method is a known one, or "other". Route is as it is mounted, and "" for an
	// unknown address and a method that the address does not take.
	Method, Route string
	Status        int
	// Tenant is whose request it was, Code how it was refused or failed; either may
	// be empty.
	Tenant connect.TenantID
	Code   string
	// Panic is what the handler panicked with; nil if it did not.
	Panic *Panic
}

// Panic is what a handler panicked with, and where.
type Panic struct {
	Value any
	Stack string
}

// traced begins to trace a request. The returned function ends it, whatever happens.
func (e *Edge) traced(r *Request) (end func()) {
	method := knownMethod(r.Request.Method)
	ctx, ended := e.Traced(r.Request.Context(), method)
	r.Request = r.Request.WithContext(ctx)
	return func() {
		ended(Answered{
			Method: method, Route: r.FullPath(), Status: r.Writer.Status(), Tenant: r.tenant, Code: r.code, Panic: r.panicked,
		})
	}
}
