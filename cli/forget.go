package cli

import (
	"context"
	"crypto/rand"
	"os"
	"time"

	"github.com/usherbot/usher/audit"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/store"
)

type forgetCmd struct {
	Whom   string `arg:"" name:"whom" help:"A member id (U…), or an e-mail address."`
	DryRun bool   `help:"Say what it would take and what stands against it; change nothing."`
	Yes    bool   `help:"Don't ask whether it's meant."`
}

// Run forgets a person.
func (c forgetCmd) Run(s *session) error {
	how := control.Forgetting{DryRun: c.DryRun, Yes: c.Yes, Out: s.stdout, Random: rand.Reader, Now: time.Now, By: control.Operator(),
		AtRest: func(ctx context.Context) (store.Store, error) { return audit.OpenAtRest(ctx, s.data(), s.env) }}
	if logging.Terminal(os.Stdin) != nil {
		how.Asks = os.Stdin
	}
	return s.data().Forget(s.ctx, c.Whom, how)
}
