package bolt

// Reading is how many read transactions are open at this moment. None stays open while anybody waits
// for something outside: an open one holds up every commit that must grow the file.
func (s *Store) Reading() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return 0
	}
	return s.db.Stats().OpenTxN
}
