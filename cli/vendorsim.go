package cli

import (
	"errors"

	"github.com/usherbot/usher/sim/vendorsim/alone"
	"github.com/usherbot/usher/terminal"
)

type vendorsimCmd struct {
	Addr       string `help:"Where it is served; port 0 picks one." default:"127.0.0.1:4000" placeholder:"HOST:PORT"`
	LegacyAddr string `help:"A second address, with SE Ranking's legacy dialect at its root (default: none)." placeholder:"HOST:PORT"`
	Seed       string `help:"What is there at first: demo, digest (250 accounts, 17 blocked) or empty." default:"demo" enum:"demo,digest,empty" placeholder:"NAME"`
	Seats      int    `help:"How many sub-accounts may exist; 0: as many as one likes." default:"25" placeholder:"N"`
	UnifiedKey string `help:"The key of SE Ranking's unified dialect (default: the simulator's own)." placeholder:"KEY"`
	LegacyKey  string `help:"The key of its legacy dialect (default: the simulator's own)." placeholder:"KEY"`
	SemrushKey string `help:"The key of Semrush (default: the simulator's own)." placeholder:"KEY"`
}

// Run is the simulated vendors alone.
func (c vendorsimCmd) Run(s *session) error {
	err := alone.Run(s.ctx, alone.Options{Addr: c.Addr, LegacyAddr: c.LegacyAddr, Seed: c.Seed, Seats: c.Seats,
		UnifiedKey: c.UnifiedKey, LegacyKey: c.LegacyKey, SemrushKey: c.SemrushKey}, s.stdout, s.stderr)
	if wrong, ok := errors.AsType[alone.Unreadable](err); ok {
		return terminal.Wrong("usher: " + wrong.Error() + "; `usher help vendorsim` shows what was expected")
	}
	return err
}
