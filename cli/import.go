package cli

import "github.com/usherbot/usher/register"

type importCmd struct {
	App    string   `arg:"" help:"The app's id, as under apps."`
	File   string   `arg:"" help:"The vendor's own member list: CSV or XLSX." placeholder:"FILE"`
	Column []string `sep:"none" help:"What a column is called that I can't tell by its header: email=\"Correo\". Also name, first, last, role, status, active, invited, seat." placeholder:"KEY=NAME"`
	DryRun bool     `help:"Compare, and keep nothing."`
	JSON   bool     `name:"json" help:"Print it as JSON."`
}

// Run compares the list with the register, and prints what differs.
func (c importCmd) Run(s *session) error {
	return s.data().Import(s.ctx, s.stdout, register.Import{App: c.App, DryRun: c.DryRun}, c.File, c.Column, c.JSON)
}
