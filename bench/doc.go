// Command bench measures the program under load. Each case measures a floor,
// this working tree and, with --against, another commit, in turns within one
// run, and prints how they compare. See README.md for how to read it.
//
// It drives what people run: the program's own binary, built from each side, on
// free ports of 127.0.0.1, with a local site of this working tree. A separate
// worker, also built from each side, measures parts of the program. The command
// imports nothing of the program itself.
package main
