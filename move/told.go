package move

import (
	"fmt"
	"strings"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/terminal"
)

// wouldBe says what a move would do.
func (m *mover) wouldBe(p plan) error {
	say := fmt.Sprintf("Nothing stands against it: %s, %s and an audit log of %s would move from %s to %s.",
		terminal.Plural(int(p.from.Requests), "request", "requests"), terminal.Plural(int(p.from.Promises), "promise", "promises"), terminal.Plural(int(p.from.Head.Seq), "entry", "entries"), m.from, m.to)
	switch {
	case p.do == finish:
		say = fmt.Sprintf("A move from %s to %s was broken off at its last step; the same without --dry-run finishes it.", m.from, m.to)
	case p.do == already:
		say = fmt.Sprintf("%s has moved to %s already.", m.from, m.to)
	case p.keep:
		say += fmt.Sprintf(" What's in %s from before it moved away would be kept beside it.", m.to)
	}
	_, err := fmt.Fprintf(m.out, "%s\nNothing was changed.\n", say)
	return err
}

// told says what was moved, and what happens next.
func (m *mover) told(has *cargo.Tally, kept string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "moved: %s, %s, %s, %s and %s, from %s to %s. They were compared one by one, and the audit log was verified at both ends.\n",
		terminal.Plural(int(has.Count(cargo.Request)), "request", "requests"), terminal.Plural(int(has.Count(cargo.Promise)), "promise", "promises"),
		terminal.Plural(int(has.Count(cargo.Entry)), "audit entry", "audit entries"), terminal.Plural(int(has.Count(cargo.Receipt)), "receipt", "receipts"),
		terminal.Plural(int(has.Count(cargo.Meta)+has.Count(cargo.Shelf)), "note", "notes"), m.from, m.to)
	if head := has.Log(); head.Seq > 0 {
		fmt.Fprintf(&b, "  head: %s\n", head)
	}
	if kept != "" {
		fmt.Fprintf(&b, "What was in %s before is kept as %s.\n", m.to, kept)
	}
	fmt.Fprintf(&b, "%s stays as it is, marked as moved: an Usher that's started on it says so and decides nothing.\n%s\n", m.from, m.goOn())
	for flag, p := range map[string]Place{"--from": m.from, "--to": m.to} {
		if p.bare {
			fmt.Fprintf(&b, "note: while this ran, other accounts on this machine could see the password in %s (ps); env:NAME keeps it out of sight\n", flag)
		}
	}
	_, err := fmt.Fprint(m.out, b.String())
	return err
}

// goOn says where Usher is to be started.
func (m *mover) goOn() string {
	if m.to.database != "" {
		return fmt.Sprintf("Start `usher run` on %s now, with its address in %s.", m.to, config.DatabaseURLName)
	}
	return fmt.Sprintf("Start `usher run` on %s now (--data), without %s.", m.to, config.DatabaseURLName)
}
