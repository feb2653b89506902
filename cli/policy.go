package cli

type policyCmd struct {
	Explain policyExplainCmd `cmd:"" help:"Say which policy rules a request that somebody might make, why, and who would be asked."`
	Test    policyTestCmd    `cmd:"" help:"Check the cases kept with the policies; a line for each that differs."`
	Replay  policyReplayCmd  `cmd:"" help:"Decide the real past anew under two configurations; list what would be asked differently."`
}
