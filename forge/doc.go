// Package forge makes Sightline's Forge manifest.
package forge
