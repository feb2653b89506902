package policy

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// Test decides each example of a configuration and prints a line for each that comes out otherwise than it says.
func Test(file string, out io.Writer) error {
	cfg, err := config.Load(file)
	if err != nil {
		return err
	}
	cases, differ := cfg.Cases(), 0
	for _, c := range cases {
		if line := differs(cfg, c); line != "" {
			differ++
			fmt.Fprintf(out, "%s:%d:%d: %s\n", filepath.Base(file), c.At.Line, c.At.Column, line)
		}
	}
	switch {
	case len(cases) == 0:
		fmt.Fprintln(out, "There are no cases to check. Add some below a policy: cases: [{by: U…, app: …, action: …, expect: \"…\"}]")
	case differ > 0:
		return fmt.Errorf("%d of %s came out differently", differ, terminal.Plural(len(cases), "case", "cases"))
	default:
		fmt.Fprintf(out, "%s as expected.\n", came(len(cases)))
	}
	return nil
}

func came(n int) string {
	if n == 1 {
		return "The one case came out"
	}
	return fmt.Sprintf("All %d cases came out", n)
}

// differs is what is otherwise than a case says, and why; "": nothing.
func differs(cfg *config.Config, c config.Case) string {
	o := decide(cfg, cfg.Situation(c))
	if o.meets(c.Expect) {
		return ""
	}
	why := o.because()
	if o.choice.Open {
		return fmt.Sprintf("expected %q, and that can't be told: %s", c.Expect, why)
	}
	return fmt.Sprintf("expected %q, got %q: %s", c.Expect, o, why)
}

// meets reports whether an outcome is what was expected. Of whom it asks each that was named must be among those of that
// step; who else is there need not be said.
func (o outcome) meets(expect string) bool {
	if o.choice.None || o.choice.Open || expect == config.NoPolicy {
		return o.String() == expect
	}
	rest, ok := strings.CutPrefix(expect, o.choice.Policy.Name+" "+o.verb())
	if rest == "" || !ok || o.verb() != "asks" {
		return ok && rest == ""
	}
	steps, named := o.choice.Policy.Stages(), strings.Split(strings.TrimSpace(rest), ", then ")
	if len(named) > len(steps) {
		return false
	}
	for i, who := range named {
		for one := range strings.SplitSeq(who, ", ") {
			if !slices.Contains(steps[i].Approvers, one) {
				return false
			}
		}
	}
	return true
}
