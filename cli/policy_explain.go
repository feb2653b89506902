package cli

import (
	"time"

	"github.com/usherbot/usher/policy"
)

type policyExplainCmd struct {
	App     string   `help:"The app's id, as under apps." placeholder:"APP"`
	Action  string   `help:"What is asked: create, share and so on." placeholder:"ACTION"`
	Bundle  string   `help:"A bundle instead, by its id: each of its items, and then all of it." placeholder:"NAME"`
	By      string   `help:"Who asks: a member id. Left out: nobody in particular." placeholder:"PERSON"`
	For     string   `help:"Whom it's for: a member id, an address, or self, other or external (default: who asks)." placeholder:"PERSON"`
	Offline bool     `help:"Ask Slack nothing; what it would say is shown as not known."`
	Fields  []string `arg:"" optional:"" name:"field=value" help:"Fields of the app, such as type=user; also in=S0STAFF, seats_left=3, lasts=30d. Or the line of a bundle: bundle NAME EMAIL for=30d."`
}

// Run prints the tree of reasons.
func (c policyExplainCmd) Run(s *session) error {
	return policy.Explain(s.ctx, policy.Question{Config: s.config(), Env: s.env, App: c.App, Action: c.Action, Bundle: c.Bundle, By: c.By, For: c.For,
		Given: c.Fields, Now: time.Now, Offline: c.Offline, LogLevel: s.LogLevel, Out: s.stdout, Log: s.stderr})
}
