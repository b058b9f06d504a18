// Package simulation plays a day of ten thousand tenants, and the first filling of
// their indexes: the whole program with a local site for each tenant of a sample,
// over HTTP, with Jira's quota scaled to the sample. Its clock is testing/synctest's,
// so that a day takes minutes. "make simulate" prints the tables of bench/README.md.
package simulation
