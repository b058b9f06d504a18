// Command bench measures the program under load. Each case measures a floor,
// this working tree and, with --against, another commit, in turns within one
// run, and prints how they compare. See README.md for how to read it.
//
// It drives what people run: the program's own binary, built from each side, on
// free ports of 127.0.0.1, with a local site of this working tree. Parts of the
// program are measured by a worker of its own, which is built from each side,
// too. It imports nothing of the program itself.
package main
