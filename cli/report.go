package cli

import (
	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/control"
)

type reportCmd struct {
	Name string `arg:"" help:"The report's name in usher.yml."`
	At   string `help:"As it was then: a day, a moment with its zone, or a slot of the report (default: as it would be now)." placeholder:"TIME"`
	Out  string `help:"The file to write, by its ending: .html, .txt, .csv, .xlsx or .json." required:"" placeholder:"FILE"`
}

// Run writes a report as it would be, posted nowhere: by the running bot, or by its database where none runs.
func (c reportCmd) Run(s *session) error {
	return s.data().Report(s.ctx, s.stdout, control.Preview{Name: c.Name, At: c.At, Out: c.Out}, app.AtRest(s.beginning))
}
