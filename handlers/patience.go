package handlers

import "github.com/sightline-go/sightline/internal/viewer"

// Patience is how long people wait for what makes an answer better.
type Patience = viewer.Patience

// DefaultPatience is the default waits.
func DefaultPatience() Patience { return viewer.DefaultPatience() }
