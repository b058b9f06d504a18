package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
)

// ProgramLease is for how long a program that said so is held to be at work.
const ProgramLease = time.Minute

// programsKept is how long a program that ended without saying so is remembered.
const programsKept = 24 * time.Hour

// Program is one that works, or worked, on the database.
type Program struct {
	// Name tells programs apart and says where it runs; Version is its release.
	Name, Version   string
	StartedAt, Seen time.Time
}

// Attend says that a program is at work, for [ProgramLease].
func (s *Store) Attend(ctx context.Context, p Program) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec(`INSERT INTO programs (name, version, started_at, seen_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`,
			p.Name, p.Version, millis(p.StartedAt), millis(s.now())).Error
	})
	if err != nil {
		return fmt.Errorf("say that the program is at work: %w", err)
	}
	return nil
}

// Leave says that a program has ended, and forgets those that ended long ago.
func (s *Store) Leave(ctx context.Context, name string) error {
	err := s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec("DELETE FROM programs WHERE name = ? OR seen_at < ?", name, millis(s.now().Add(-programsKept))).Error
	})
	if err != nil {
		return fmt.Errorf("say that the program has ended: %w", err)
	}
	return nil
}

// Programs are those at work.
func (s *Store) Programs(ctx context.Context) (list []Program, err error) {
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		list, err = s.programs(db)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list programs: %w", err)
	}
	return list, nil
}

// programs reads those at work. What lies far ahead is from before a clock was set
// back.
func (s *core) programs(db *gorm.DB) ([]Program, error) {
	var rows []struct {
		Name, Version     string
		StartedAt, SeenAt int64
	}
	now := s.now()
	err := db.Raw("SELECT name, version, started_at, seen_at FROM programs WHERE seen_at > ? AND seen_at < ? ORDER BY started_at, name",
		millis(now.Add(-ProgramLease)), millis(now.Add(ProgramLease))).Scan(&rows).Error
	list := make([]Program, 0, len(rows))
	for _, r := range rows {
		list = append(list, Program{r.Name, r.Version, fromMillis(r.StartedAt), fromMillis(r.SeenAt)})
	}
	return list, err
}

// InUseError says that programs work on a database that must rest.
type InUseError struct {
	Programs []Program
	// Now is when that was found.
	Now time.Time
}

// Error names the programs.
func (e *InUseError) Error() string {
	names := make([]string, 0, len(e.Programs))
	for _, p := range e.Programs {
		names = append(names, fmt.Sprintf("%s, version %s, seen %s ago", p.Name, p.Version, e.Now.Sub(p.Seen).Round(time.Second)))
	}
	return "a program works on it (" + strings.Join(names, "; ") + "): stop it first; one that was killed is forgotten after a minute"
}

// rests reports an [*InUseError] unless no program works on the database.
func (s *core) rests(db *gorm.DB) error {
	list, err := s.programs(db)
	if err != nil || len(list) == 0 {
		return err
	}
	return &InUseError{list, s.now()}
}
