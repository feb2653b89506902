package catalog

import "strings"

// Condition is when a step applies, or a field is asked for, taken apart.
type Condition struct {
	// Not turns it round.
	Not bool
	// Asks is the answer that it hangs on; "": it hangs on Field having Value.
	Asks, Field, Value string
}

// When is a step's If, taken apart; false: it always applies.
func (s Step) When() (c Condition, some bool) { return when(s.If) }

func when(says string) (c Condition, some bool) {
	rest := strings.TrimSpace(says)
	if rest == "" {
		return c, false
	}
	if after, not := strings.CutPrefix(rest, "not "); not {
		c.Not, rest = true, strings.TrimSpace(after)
	}
	field, value, of := strings.Cut(rest, "=")
	if !of {
		c.Asks = rest
		return c, true
	}
	c.Field, c.Value = strings.TrimSpace(field), strings.TrimSpace(value)
	return c, true
}
