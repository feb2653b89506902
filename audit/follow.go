package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// follower follows the chain and compares it with the anchor and the key on the way.
//
// What was written before there was a key is unsigned. The first signature covers it through the hashes,
// but says nothing of where it came from: whoever can write the file could have written it anew, and left
// the program to sign the next entry. So unsigned entries count only where somebody with the key has
// adopted them (`usher audit adopt`), or where the head that was given lies behind them.
type follower struct {
	chain  approvals.Chain
	anchor *approvals.Head
	// own is the public part of the key that must have signed, "" for any, and ownFrom where it was named. Where the key was
	// changed, what was signed before by those it was changed from, and after by those it was changed to, counts as well: an
	// entry of both says so each time. until is the key before own, while the log may still have to go over.
	own, ownFrom, until string
	// strict does without the anchor where the key says nothing.
	strict bool

	unsigned approvals.Head // the last entry before the first signature
	adopted  int64          // the entry that adopted those; 0: none did

	met      bool              // own, or until, has signed
	stranger error             // until then: who signed instead
	changes  []approvals.Entry // by which the key changed
	gaps     []gap             // where a database went on from a copy of itself
	// apart are the entries beside which something was kept, by their numbers, with its keyed hash. looked says that it was looked at, and
	// forgotten is in how many something was forgotten.
	apart     map[int64]string
	looked    bool
	forgotten int
}

// Adoption is the audit entry by which somebody with the key answers for what was written without one. Its
// Detail is the head of that.
const Adoption = "entries without a signature adopted"

func (c *follower) next(line []byte) error {
	e, err := c.chain.Next(line)
	if err != nil {
		if c.stranger != nil && c.mine(e.Key) {
			return c.stranger // what is our own doesn't follow from it
		}
		return err
	}
	c.signer(e)
	c.went(e)
	if e.Personal != "" {
		if c.apart == nil {
			c.apart = map[int64]string{}
		}
		c.apart[e.Seq] = e.Personal
	}
	var of approvals.Head
	switch {
	case e.Key == "":
		c.unsigned = c.chain.Head()
	case e.What == Adoption && c.adopted == 0 && json.Unmarshal(e.Detail, &of) == nil && of == c.unsigned:
		c.adopted = e.Seq
	}
	if c.anchor != nil && e.Seq == c.anchor.Seq && !strings.HasPrefix(e.Hash, c.anchor.Hash) {
		if err := c.foreign(); err != nil {
			return err // it stands further ahead
		}
		if err := c.signedOrAdopted(); err != nil && c.strict {
			return err // as does this
		}
		return fmt.Errorf("entry %d: its hash is %s, and the head given has %s: %s", e.Seq, e.Hash, c.anchor.Hash, cmp.Or(c.unlike(*c.anchor), "the log has been rewritten"))
	}
	return nil
}

// mine reports whether a key is the one that must have signed.
func (c *follower) mine(key string) bool { return key != "" && (key == c.own || key == c.until) }

// signer keeps whose signature an entry bears.
func (c *follower) signer(e approvals.Entry) {
	if e.What == approvals.KeyChanged {
		c.changes = append(c.changes, e)
	}
	switch {
	case c.mine(e.Key):
		c.met = true
	case c.own != "" && e.Key != "" && !c.met && c.stranger == nil:
		c.stranger = fmt.Errorf("entry %d: is signed by another key (%s) than the one in %s", e.Seq, e.Key, c.ownFrom)
	}
}

// foreign refuses a log that bears signatures, and none of the key that must have signed.
func (c *follower) foreign() error {
	if c.met {
		return nil
	}
	return c.stranger
}

// sayChanges tells of each change of the key.
func (c *follower) sayChanges() (say string) {
	for _, e := range c.changes {
		say += fmt.Sprintf("; entry %d changed the key from %s, and both signed it", e.Seq, e.Was)
	}
	if c.until != "" && c.chain.Signer() == c.until {
		say += "; the next start changes it to the one in " + c.ownFrom
	}
	return say
}

// end is called after the last entry: a log that stops before its anchor has lost its tail, and entries
// that bear no signature though there is a key may have been written without it.
func (c *follower) end() error {
	if err := c.foreign(); err != nil {
		return err
	}
	head := c.chain.Head()
	if c.anchor != nil && head.Seq < c.anchor.Seq {
		return fmt.Errorf("entry %d: is missing; the log ends at entry %d, before the head given: %s", head.Seq+1, head.Seq, cmp.Or(c.unlike(*c.anchor), "its tail was cut off"))
	}
	if c.own == "" || c.anchored() {
		return nil
	}
	return c.signedOrAdopted()
}

// anchored reports whether the head given vouches for all that bears no signature.
func (c *follower) anchored() bool {
	return !c.strict && c.anchor != nil && c.anchor.Seq >= c.unsigned.Seq
}

func (c *follower) signedOrAdopted() error {
	if c.unsigned.Seq == 0 || c.adopted > 0 {
		return nil
	}
	advice := ""
	if !c.strict {
		advice = "; compare them with the head from a digest (--head), then `usher audit adopt` vouches for them"
	}
	return fmt.Errorf("entry 1: is not signed: %s no signature, and no entry signed with the key in %s adopts them, so anybody who can write to the file may have written them%s",
		bearing(c.unsigned.Seq), c.ownFrom, advice)
}

// bearing is "entries 1–3 have".
func bearing(last int64) string {
	if last == 1 {
		return "entry 1 has"
	}
	return fmt.Sprintf("entries 1–%d have", last)
}

// sayUnsigned tells of a log that was found whole how far it is not signed, where that was looked at.
func (c *follower) sayUnsigned() string {
	switch {
	case c.unsigned.Seq == 0 || c.chain.Signer() == "" && c.own == "":
		return ""
	case c.adopted > 0:
		return fmt.Sprintf("; %s no signature, and entry %d adopts what was there then", bearing(c.unsigned.Seq), c.adopted)
	case c.anchored():
		return fmt.Sprintf("; %s no signature, and the head given holds", bearing(c.unsigned.Seq))
	}
	return fmt.Sprintf("; %s no signature", bearing(c.unsigned.Seq))
}
