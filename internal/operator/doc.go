// Package operator is what an operator asks of an installation from the command
// line: who the tenants are, what conversations see, secrets sealed anew, and
// one signed call to a tenant's API. It works on the database beside a running
// app and prints no secret.
package operator
