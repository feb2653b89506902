// Command usher is a self-hosted Slack bot that gives people their seats.
//
// Package main is the command line and the wiring, a page to read and not a place to think:
//
//	main.go            signals, exit codes, and which command was meant
//	config*.go         usher.yml, read strictly: a problem names its line and column, and all are told at once
//	secrets.go         what comes from the environment, and nothing else does
//	check*.go          `usher check`: can this configuration work? A table, with what to do
//	audit*.go          `usher audit`: is the log whole? And the log as JSON lines
//	control*.go        `usher requests`, show, approve, deny: the second way to decide, over a Unix socket
//	backup.go          `usher backup` and `usher restore`;  metrics.go: `usher metrics`
//	app.go             `usher run`: every room joined to its neighbours
//	demo.go            `usher demo`: the same, beside a simulated Slack and simulated vendors
//
// Every command ends in an exit code: 0 done; 1 failed, with one sentence on standard error; 2 the
// command line, the configuration or the environment is wrong, and nothing was started.
//
// Everybody else's package imports none of this; this one may import all of theirs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // time zones of reports, on machines that have no list of them

	"github.com/alecthomas/kong"
)

// shutdownLimit is when a process that was asked to end is ended: the contract's 10 s, less the time to say so.
const shutdownLimit = 9500 * time.Millisecond

// sameWish is how soon after the first a signal still says the same: timeout(1) and terminals send one to a
// process and to its group.
const sameWish = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		time.AfterFunc(sameWish, stop) // then another signal ends the process at once
		time.AfterFunc(shutdownLimit, func() {
			fmt.Fprintln(os.Stderr, "usher: didn't come to rest in time and was stopped; the next start picks up where this one left off")
			os.Exit(exitFailed)
		})
	})
	os.Exit(Run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// The exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitWrong  = 2
)

// exitError is how a command ends when it does not end well: every error of a command either is one
// or counts as exitFailed.
type exitError struct {
	code  int
	lines []string
}

// Error is what goes to standard error, without a prefix where the lines begin with a file's name.
func (e *exitError) Error() string { return strings.Join(e.lines, "\n") }

// wrong is an error of the command line, the configuration or the environment, one problem a line.
func wrong(lines ...string) error { return &exitError{code: exitWrong, lines: lines} }

// Lookup reads the environment, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// Options is what the command line says beyond the configuration.
type Options struct {
	// DataDir is the folder in which everything is kept.
	DataDir string
	Log     *slog.Logger
	Stdout  io.Writer
	Stderr  io.Writer
}

// cli is the command line. Each command's fields are its own flags.
type cli struct {
	Config   string           `help:"The configuration file (default: usher.yml)." default:"usher.yml" placeholder:"FILE"`
	Data     string           `help:"The folder in which Usher keeps everything (default: data; for demo a fresh temporary folder)." placeholder:"DIR"`
	Version  kong.VersionFlag `help:"Print the version and exit."`
	LogLevel string           `help:"What is logged: debug, info, warn or error (default: info)." default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL"`

	Run   runCmd   `cmd:"" help:"The bot, with a real Slack workspace and real vendors."`
	Demo  demoCmd  `cmd:"" help:"The same bot with a local Slack and local vendors; makes no outside connection."`
	Check checkCmd `cmd:"" help:"Ask Slack and the vendors whether this configuration can work."`
	Audit auditCmd `cmd:"" help:"Check the audit log, or print it."`

	Requests requestsCmd `cmd:"" help:"List the running bot's requests."`
	Show     showCmd     `cmd:"" help:"Show one request the way its card in Slack does."`
	Approve  approveCmd  `cmd:"" help:"Say yes to a request, here instead of in Slack."`
	Deny     denyCmd     `cmd:"" help:"Say no to a request, here instead of in Slack."`
	Metrics  metricsCmd  `cmd:"" help:"Print the running bot's numbers in Prometheus's format."`
	Backup   backupCmd   `cmd:"" help:"Make a consistent copy of everything Usher keeps, even while it runs."`
	Restore  restoreCmd  `cmd:"" help:"Replace the database with a backup, while the bot isn't running."`

	VersionCmd versionCmd `cmd:"" name:"version" help:"Print the version."`
	Help       helpCmd    `cmd:"" help:"Print this, or what a command takes."`
}

// session is what a command has to work with besides its own flags.
type session struct {
	*cli
	ctx    context.Context
	env    Lookup
	stdout io.Writer
	stderr io.Writer
}

// Run is the whole program but for its signals: it does what args say and returns the exit code.
// It ends soon after ctx does.
func Run(ctx context.Context, args []string, env Lookup, stdout, stderr io.Writer) int {
	err := dispatch(ctx, args, env, stdout, stderr)
	if err == nil {
		return exitDone
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		fmt.Fprintln(stderr, hideSecrets(env, e.Error()))
		return e.code
	}
	fmt.Fprintln(stderr, "usher: "+hideSecrets(env, oneLine(err.Error())))
	return exitFailed
}

func dispatch(ctx context.Context, args []string, env Lookup, stdout, stderr io.Writer) error {
	var line cli
	shown := false // kong's --help prints and asks to exit; it goes on when that returns
	parser, err := kong.New(&line, kong.Name("usher"), kong.Description("Usher gives people their seats, from Slack."),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { shown = true }), kong.KindMapper(reflect.Int64, kong.MapperFunc(decimalFlag)),
		kong.Vars{"version": "usher " + version()},
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
	return chosen.Run(&session{cli: &line, ctx: ctx, env: env, stdout: stdout, stderr: stderr})
}

// misspelt says what is wrong with the command line and where to read what was expected.
func misspelt(err error) error {
	where := "usher help"
	if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context.Selected() != nil {
		where += strings.TrimPrefix(p.Context.Selected().FullPath(), "usher")
	}
	return wrong(fmt.Sprintf("usher: %s; `%s` shows what was expected", oneLine(err.Error()), where))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// dataDir is the folder of every command but demo.
func (s *session) dataDir() string {
	if s.Data == "" {
		return "data"
	}
	return s.Data
}

type runCmd struct{}

// Run reads what it needs, all of it, and starts the bot only then.
func (runCmd) Run(s *session) error {
	cfg, env, err := s.configured()
	if err != nil {
		return err
	}
	log := newLogger(s.stderr, s.LogLevel, env.secrets()...)
	for _, note := range env.Notes {
		log.Warn(note + "; " + mendNote)
	}
	return runApp(s.ctx, cfg, env, Options{DataDir: s.dataDir(), Log: log, Stdout: s.stdout, Stderr: s.stderr})
}

type demoCmd struct {
	Addr string `help:"Where its page is served." default:"127.0.0.1:3000" placeholder:"HOST:PORT"`
}

func (c demoCmd) Run(s *session) error {
	return runDemo(s.ctx, c.Addr, s.Data, s.stdout, newLogger(s.stderr, s.LogLevel))
}

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

// Run is the command's own --help.
func (c helpCmd) Run(s *session) error {
	return dispatch(s.ctx, append(c.Command, "--help"), s.env, s.stdout, s.stderr)
}
