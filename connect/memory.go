package connect

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Memory keeps installations in memory, for tests and first steps. What it holds
// is lost when the process ends; each site then has to install the app again. The
// zero value is ready; it is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	tenants map[ClientKey]Tenant
	// told is when the newest install or uninstall was issued; moved is when the
	// newest enabled or disabled was.
	told, moved map[ClientKey]time.Time
}

// TenantByClientKey implements [TenantFinder].
func (m *Memory) TenantByClientKey(_ context.Context, key ClientKey) (*Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tenants[key]
	if !ok {
		return nil, fmt.Errorf("tenant %s: %w", key, ErrNotFound)
	}
	return &t, nil
}

// SaveInstall implements [Installations].
func (m *Memory) SaveInstall(_ context.Context, in Install) (*Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := newer(&m.told, in.ClientKey, in.IssuedAt); err != nil {
		return nil, err
	}
	t := m.tenants[in.ClientKey]
	t.ID, t.ClientKey, t.AppKey, t.Product = TenantID(in.ClientKey), in.ClientKey, in.Key, in.ProductType
	t.BaseURL, t.DisplayURL, t.State = in.BaseURL, in.DisplayURL, StateActive
	t.SharedSecret, t.OAuthClientID, t.InstallationID = in.SharedSecret, in.OAuthClientID, in.InstallationID
	t.Generation++
	m.put(t)
	return &t, nil
}

// SetState implements [Installations].
func (m *Memory) SetState(_ context.Context, key ClientKey, state State, told time.Time) (*Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tenants[key]
	if !ok {
		return nil, fmt.Errorf("tenant %s: %w", key, ErrNotFound)
	}
	of := &m.moved
	if state == StateUninstalled {
		of = &m.told
	}
	if err := newer(of, key, told); err != nil {
		return nil, err
	}
	if t.State == StateUninstalled {
		return &t, nil
	}
	t.State = state
	if state == StateUninstalled {
		t.SharedSecret = Secret{}
		t.Generation++
	}
	m.put(t)
	return &t, nil
}

// newer notes when a call was issued, unless one that was issued later is known.
func newer(of *map[ClientKey]time.Time, key ClientKey, told time.Time) error {
	if told.IsZero() {
		return nil
	}
	if told.Before((*of)[key]) {
		return fmt.Errorf("tenant %s: %w", key, ErrOldEvent)
	}
	if *of == nil {
		*of = map[ClientKey]time.Time{}
	}
	(*of)[key] = told
	return nil
}

func (m *Memory) put(t Tenant) {
	if m.tenants == nil {
		m.tenants = map[ClientKey]Tenant{}
	}
	m.tenants[t.ClientKey] = t
}
