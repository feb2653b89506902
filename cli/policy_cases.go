package cli

import "github.com/usherbot/usher/policy"

type policyTestCmd struct{}

// Run checks every case.
func (policyTestCmd) Run(s *session) error { return policy.Test(s.config(), s.stdout) }
