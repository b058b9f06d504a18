// Package chatapp shows glances on the chat platform. Of the project it may
// import connect/chat, connect/rest and internal/glance.
package chatapp
