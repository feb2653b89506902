package cli

import (
	"fmt"
	"time"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/policy"
	"github.com/usherbot/usher/terminal"
)

type policyReplayCmd struct {
	Old   string `help:"The configuration as it is." required:"" placeholder:"FILE"`
	New   string `help:"The configuration as it would be." required:"" placeholder:"FILE"`
	Since string `help:"Only requests asked within this time, such as 90d (default: all of them)." placeholder:"TIME"`
}

// Run lists what would be asked differently.
func (c policyReplayCmd) Run(s *session) error {
	var since time.Duration
	if c.Since != "" {
		var err error
		if since, err = config.ParseDuration(c.Since); err != nil {
			return terminal.Wrong(fmt.Sprintf("usher: --since is %s; expected a duration such as 90d", terminal.Quoted(c.Since)))
		}
	}
	return policy.Replay(s.ctx, policy.Past{Old: c.Old, New: c.New, Data: s.data(), Since: since, Now: time.Now()}, s.stdout)
}
