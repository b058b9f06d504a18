// Package workload turns issues and worklogs into a summary of who is carrying
// what. It is pure: no clock, no network, no store. The caller that fetches the
// input decides what a person may see.
package workload
