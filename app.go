// Package sightline holds what the whole program shares: its two descriptors,
// the only places where the keys, paths and scopes of its modules are written.
package sightline

import _ "embed"

// Version is the program's own version, shown by the version command and in
// the User-Agent of every call.
const Version = "0.1.0"

// ConnectDescriptor is the Jira app's descriptor without its base URL.
//
//go:embed atlassian-connect.json
var ConnectDescriptor []byte

// ChatDescriptor is the chat app's descriptor without its base URL.
//
//go:embed atlassian-chat.json
var ChatDescriptor []byte
