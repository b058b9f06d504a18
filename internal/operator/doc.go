// Package operator is what an operator does with an installation from the
// command line: list the tenants, show, disable, remove and export one, erase a
// person, list what conversations see, seal secrets anew, keep, bring back and move
// the data, and make one signed call to a tenant's API. All but bringing back and
// moving works on the database while the app runs, and nothing prints a secret.
//
// It knows no server and no command line parser.
package operator
