package connecttest

// AddFault makes the site fail from now on. Faults added first win.
func (s *Site) AddFault(f Fault) error { return s.faults.Add(f) }

// ClearFaults ends all faults.
func (s *Site) ClearFaults() { s.faults.Clear() }
