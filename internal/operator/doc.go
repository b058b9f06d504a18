// Package operator is what an operator does with an installation from the
// command line: list the tenants, list what conversations see, seal secrets
// anew, and make one signed call to a tenant's API. It works on the database
// while the app runs and prints no secret.
//
// It knows no server and no command line parser.
package operator
