// Package chatapp shows glances on the chat platform. It may import
// connect/chat, connect/rest and internal/glance.
package chatapp
