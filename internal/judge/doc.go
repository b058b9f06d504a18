// Package judge tries a Connect or Forge Remote backend from outside, in whatever
// language it is written: it plays the site, installs the app, and sends what a right
// site sends and what an attacker would. Each case has an id, a sentence and its
// source; the table cases.tsv says which requirement has which cases.
//
// It runs against this machine, or against an address whose owner has put up the
// nonce that it prints.
package judge
