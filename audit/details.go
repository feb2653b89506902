package audit

import (
	"encoding/json"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/terminal"
)

// details holds what is kept beside the entries to their keyed hashes. What is beside entries that came meanwhile isn't looked at.
func (c *follower) details(beside func(fn func(line []byte) error) error) error {
	c.looked = true
	missing := map[int64]bool{}
	for seq := range c.apart {
		missing[seq] = true
	}
	err := beside(func(line []byte) error {
		var k control.Kept
		if err := json.Unmarshal(line, &k); err != nil || k.Seq < 1 {
			return fmt.Errorf("the details have a line that isn't one of them (%v)", err)
		}
		if k.Seq > c.chain.Head().Seq {
			return nil
		}
		b, err := approvals.Entry{Personal: c.apart[k.Seq]}.Holds(k.Beside)
		if err != nil {
			return fmt.Errorf("entry %d: %w", k.Seq, err)
		}
		delete(missing, k.Seq)
		if b.Forgotten() > 0 {
			c.forgotten++
		}
		return nil
	})
	if err == nil && len(missing) > 0 {
		first := c.chain.Head().Seq
		for seq := range missing {
			first = min(first, seq)
		}
		err = fmt.Errorf("entry %d: what was kept beside it is missing", first)
	}
	return err
}

// sayDetails tells of a log that was found whole what there is beside it.
func (c *follower) sayDetails() string {
	switch {
	case len(c.apart) == 0:
		return ""
	case !c.looked:
		return fmt.Sprintf("; details of %s are kept beside them, and weren't looked at", terminal.Plural(len(c.apart), "entry", "entries"))
	case c.forgotten > 0:
		return fmt.Sprintf("; details of %s are as they were written, but for what was forgotten in %d of them", terminal.Plural(len(c.apart), "entry", "entries"), c.forgotten)
	}
	return fmt.Sprintf("; details of %s are as they were written", terminal.Plural(len(c.apart), "entry", "entries"))
}
