// Package cli is the command line: kong's structs, a file a command, each a few lines between its flags and the
// room that does it. No rule stands here.
//
//	usher run        app         usher requests, show, approve, deny, tasks, tick, who, review, report, import, forget, metrics   control
//	usher check      check       usher audit …                                  audit
//	usher demo       demo        usher backup, restore, compact                 backup
//	usher slacksim, vendorsim    sim/slacksim/alone, sim/vendorsim/alone
//	usher policy …   policy      usher migrate                                  move
//
// Every command ends in an exit code (terminal.ExitDone and its neighbours): 0 done; 1 failed, with one sentence
// on standard error; 2 the command line, the configuration or the environment is wrong, and nothing was started.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/terminal"
)

// Line is the command line. Each command's fields are its own flags.
type Line struct {
	Config   string           `help:"The configuration file (default: usher.yml; demo only takes the apps that people set up from it, and none by default)." placeholder:"FILE"`
	Data     string           `help:"The folder in which Usher keeps everything (default: data; for demo a fresh temporary folder)." placeholder:"DIR"`
	Version  kong.VersionFlag `help:"Print the version and exit."`
	LogLevel string           `help:"What is logged: debug, info, warn or error (default: info)." default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL"`

	Run     runCmd     `cmd:"" help:"The bot, with a real Slack workspace and real vendors."`
	Demo    demoCmd    `cmd:"" help:"The same bot with a local Slack and local vendors; makes no outside connection."`
	DemoBot demoBotCmd `cmd:"" hidden:"" name:"demo-bot" help:"The demo's bot, which the demo starts."`
	Check   checkCmd   `cmd:"" help:"Ask Slack and the vendors whether this configuration can work."`
	Audit   auditCmd   `cmd:"" help:"Check the audit log, or print it."`

	Policy policyCmd `cmd:"" help:"Try the policies before they rule anything."`

	Requests requestsCmd `cmd:"" help:"List the running bot's requests."`
	Show     showCmd     `cmd:"" help:"Show one request the way its card in Slack does."`
	Approve  approveCmd  `cmd:"" help:"Say yes to a request, here instead of in Slack."`
	Deny     denyCmd     `cmd:"" help:"Say no to a request, here instead of in Slack."`
	Who      whoCmd      `cmd:"" help:"Who holds what, since when, and by which request."`
	Review   reviewCmd   `cmd:"" help:"How a review stands: who was asked, who answered what, and what came of it; as a file too."`
	Report   reportCmd   `cmd:"" help:"Write a report to a file as it would be, or as it was: nothing is posted."`
	Import   importCmd   `cmd:"" help:"Compare a vendor's own member list with what was given by request."`
	Tasks    tasksCmd    `cmd:"" help:"List the open tasks: what people do by hand, and what is left."`
	Tick     tickCmd     `cmd:"" help:"Say that a step of a task is done, here instead of in Slack."`
	Metrics  metricsCmd  `cmd:"" help:"Print the running bot's numbers in Prometheus's format."`
	Backup   backupCmd   `cmd:"" help:"Make a consistent copy of everything Usher keeps, even while it runs."`
	Restore  restoreCmd  `cmd:"" help:"Replace the database with a backup, while the bot isn't running."`
	Forget   forgetCmd   `cmd:"" help:"Take a person's address, names and reasons out of everything Usher keeps."`
	Migrate  migrateCmd  `cmd:"" help:"Move everything from a data folder to a PostgreSQL database, or back, while the bot isn't running."`
	Compact  compactCmd  `cmd:"" help:"Give back to the disk what's free in the database, while the bot isn't running."`

	Slacksim  slacksimCmd  `cmd:"" help:"The local Slack alone, with its control door, to try another app with."`
	Vendorsim vendorsimCmd `cmd:"" help:"The local vendors alone, with their control door."`

	Completion completionCmd `cmd:"" help:"Print what bash, zsh or fish reads to complete Usher's commands."`
	Man        manCmd        `cmd:"" help:"Print the manual's page."`
	VersionCmd versionCmd    `cmd:"" name:"version" help:"Print the version."`
	Help       helpCmd       `cmd:"" help:"Print this, or what a command takes."`
}

// session is what a command has to work with besides its own flags.
type session struct {
	*Line
	ctx    context.Context
	env    config.Lookup
	stdout io.Writer
	stderr io.Writer
	// places are what the command line says of itself.
	places []place
}

// Run is the whole program but for its signals: it does what args say and returns the exit code.
// It ends soon after ctx does.
func Run(ctx context.Context, args []string, env config.Lookup, stdout, stderr io.Writer) int {
	err := dispatch(ctx, args, env, stdout, stderr)
	if err == nil {
		return terminal.ExitDone
	}
	if e, ok := errors.AsType[*terminal.Error](err); ok {
		fmt.Fprintln(stderr, config.HideSecrets(env, e.Error()))
		return e.Code
	}
	fmt.Fprintln(stderr, "usher: "+config.HideSecrets(env, terminal.OneLine(err.Error())))
	return terminal.ExitFailed
}

func dispatch(ctx context.Context, args []string, env config.Lookup, stdout, stderr io.Writer) error {
	var line Line
	shown := false // kong's --help prints and asks to exit; it goes on when that returns
	parser, err := kong.New(&line, kong.Name("usher"), kong.Description("Usher gives people their seats, from Slack."),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { shown = true }), kong.KindMapper(reflect.Int64, kong.MapperFunc(decimalFlag)),
		kong.Vars{"version": "usher " + app.Version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		return fmt.Errorf("read command line: %w", err)
	}
	chosen, err := parser.Parse(args)
	switch {
	case shown:
		return nil
	case err != nil:
		return misspelt(err)
	}
	return chosen.Run(&session{Line: &line, ctx: ctx, env: env, stdout: stdout, stderr: stderr, places: places(parser.Model)})
}

// misspelt says what is wrong with the command line and where to read what was expected.
func misspelt(err error) error {
	where := "usher help"
	if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context.Selected() != nil {
		where += strings.TrimPrefix(p.Context.Selected().FullPath(), "usher")
	}
	return terminal.Wrong(fmt.Sprintf("usher: %s; `%s` shows what was expected", terminal.OneLine(err.Error()), where))
}

// config is the configuration file of every command but demo.
func (s *session) config() string { return cmp.Or(s.Config, "usher.yml") }

// progress is where a command that takes a while says how far it is.
func (s *session) progress() terminal.Progress {
	return terminal.Progress{To: s.stderr, Counts: logging.Terminal(s.stderr) != nil}
}

// data is the folder of every command but demo, and the database where the environment names one.
func (s *session) data() control.Folder {
	f := control.Folder{Dir: cmp.Or(s.Data, "data"), Note: func(say string) { fmt.Fprintln(s.stderr, say) }}
	address, _, problem := config.ReadDatabaseURL(s.env)
	if f.Database = address; problem != "" {
		f.NoDatabase = terminal.Wrong(problem)
	}
	return f
}
