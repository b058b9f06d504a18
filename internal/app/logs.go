package app

import (
	"errors"
	"io"
	"log/slog"
)

// LogFlags say what is logged and how.
type LogFlags struct {
	LogFormat string `default:"text" help:"text or json."`
	LogLevel  string `default:"info" help:"debug, info, warn or error."`
}

// Logger is a logger that writes to logs. The error is a SettingsError.
func (f LogFlags) Logger(logs io.Writer) (*slog.Logger, error) {
	var c checks
	log := f.logger(&c, logs)
	return log, c.err()
}

func (f LogFlags) logger(c *checks, logs io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.LogLevel)); err != nil {
		c.note("log-level", errors.New("is not debug, info, warn or error"))
	}
	options := &slog.HandlerOptions{Level: level}
	switch f.LogFormat {
	case "json":
		return slog.New(slog.NewJSONHandler(logs, options))
	case "text":
		return slog.New(slog.NewTextHandler(logs, options))
	}
	c.note("log-format", errors.New("is not text or json"))
	return nil
}
