package census

import "strconv"

// ids is a set of account numbers, in as little room as they need: most vendors' are numbers.
type ids struct {
	numbers map[uint64]struct{}
	words   map[string]struct{}
}

func newIDs(room int) *ids {
	return &ids{numbers: make(map[uint64]struct{}, room), words: map[string]struct{}{}}
}

// has reports whether an id is among them.
func (s *ids) has(id string) bool {
	_, word := s.words[id]
	if n, err := strconv.ParseUint(id, 10, 64); err == nil {
		_, number := s.numbers[n]
		return word || number && strconv.FormatUint(n, 10) == id
	}
	return word
}

// add reports whether an id is new.
func (s *ids) add(id string) bool {
	before := len(s.numbers) + len(s.words)
	if n, err := strconv.ParseUint(id, 10, 64); err == nil && strconv.FormatUint(n, 10) == id {
		s.numbers[n] = struct{}{}
	} else {
		s.words[id] = struct{}{}
	}
	return len(s.numbers)+len(s.words) > before
}
