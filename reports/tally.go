package reports

import "strconv"

// tally is the accounts of a census by id, each with whether it was blocked, in as little room as that takes: most ids are numbers.
type tally struct {
	numbers map[uint64]bool
	words   map[string]bool
}

func newTally(room int) *tally {
	return &tally{numbers: make(map[uint64]bool, room), words: map[string]bool{}}
}

func (t *tally) set(id string, blocked bool) {
	if n, ok := numbered(id); ok {
		t.numbers[n] = blocked
		return
	}
	t.words[id] = blocked
}

// has reports whether an account is there.
func (t *tally) has(id string) bool {
	if n, ok := numbered(id); ok {
		_, known := t.numbers[n]
		return known
	}
	_, known := t.words[id]
	return known
}

// take takes an account out.
func (t *tally) take(id string) (blocked, known bool) {
	if n, ok := numbered(id); ok {
		blocked, known = t.numbers[n]
		delete(t.numbers, n)
		return blocked, known
	}
	blocked, known = t.words[id]
	delete(t.words, id)
	return blocked, known
}

// numbered is an id as a number, where writing that gives the id.
func numbered(id string) (n uint64, ok bool) {
	n, err := strconv.ParseUint(id, 10, 64)
	return n, err == nil && strconv.FormatUint(n, 10) == id
}
