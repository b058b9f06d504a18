package store

import (
	"crypto/rand"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// absent turns GORM's "record not found" into [connect.ErrNotFound].
func absent(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return connect.ErrNotFound
	}
	return err
}

// randomID returns 130 random bits as text.
func randomID() string { return rand.Text() }

// millis is how a time is stored: UTC milliseconds, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fromMillis is the reverse of millis.
func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
