// Package workload turns issues and worklogs into a summary of who is carrying
// what. It is pure: no clock, no network, no store. What a person may see is
// decided by whoever fetches the input.
package workload
