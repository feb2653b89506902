package cargo

// Rewritten is a thing that is to be otherwise, under the name or number it has: as it must still stand, and as its line is to be.
type Rewritten struct {
	Was  Item
	Line []byte
}

// Count rewrites each thing by one, and says how many stood as they were to.
func Count(all []Rewritten, one func(Rewritten) (stood bool, err error)) (n int, err error) {
	for _, r := range all {
		stood, err := one(r)
		if err != nil {
			return n, err
		}
		if stood {
			n++
		}
	}
	return n, nil
}

// Rewritable reports whether a thing of a kind can be rewritten. What was sealed and what only counts can't: no word of anybody's is in it,
// but for entries of the log from before these were kept beside it.
func Rewritable(k Kind) bool {
	switch k {
	case Request, Beside, Promise, Receipt, Meta, Shelf:
		return true
	}
	return false
}
