package audit

import (
	"encoding/json"
	"fmt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// gap is where a log goes on after its database went on from a copy of itself, by which entry that is known.
type gap struct {
	store.Gap
	by int64
}

// went keeps what an entry says of a database that went on from a copy.
func (c *follower) went(e approvals.Entry) {
	g := gap{by: e.Seq}
	if e.What == store.WentOn && json.Unmarshal(e.Detail, &g.Gap) == nil {
		c.gaps = append(c.gaps, g)
	}
}

// sayGaps tells of a log that was found whole where it has lost what had once followed.
func (c *follower) sayGaps() (say string) {
	for _, g := range c.gaps {
		say += fmt.Sprintf("; entry %d says that the database went on from a copy of itself after entry %d", g.by, g.Seq)
		switch {
		case g.From == 0:
		case g.From == g.To:
			say += fmt.Sprintf(", and that another entry %d is gone", g.From)
		default:
			say += fmt.Sprintf(", and that other entries %d–%d are gone", g.From, g.To)
		}
	}
	return say
}

// unlike says why a head isn't in the log: it may be of what is gone, where the log says that something is.
func (c *follower) unlike(head approvals.Head) string {
	for _, g := range c.gaps {
		if head.Seq > g.Seq {
			return fmt.Sprintf("entry %d says that the database went on from a copy of itself after entry %d, so this head is of what's gone, or the log has been rewritten", g.by, g.Seq)
		}
	}
	return ""
}
