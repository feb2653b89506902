// Package check is `usher check`: can this configuration work? It asks Slack, the vendors and the disk, changes
// nothing that anybody sees, and prints a table (table.go) or JSON (json.go): each row says what was looked at,
// what was found, and what to do about it.
//
// A file a subject: slack.go, people.go and managers.go (tokens, scopes, channels, who can decide), vendor.go, manual.go, pool.go, units.go,
// directories.go, reports.go, disk.go, space.go, clock.go, database.go, home.go. Not found out is never ok.
package check

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/terminal"
)

// The time `usher check` takes at most: for one call, and for all that is asked of one side.
const (
	checkCallTime = 10 * time.Second
	checkSideTime = time.Minute
)

// Question is what is to be checked, and how the answer is wanted.
type Question struct {
	// Config is the configuration's file, Data the folder in which everything is to be kept.
	Config string
	Data   control.Folder
	Env    config.Lookup
	// LogLevel is what is logged, to Log; the answer goes to Out, and with JSON nothing else does.
	LogLevel string
	JSON     bool
	Out, Log io.Writer
}

// Run asks Slack, the vendors and the disk, prints what it found, and fails if anything did. It
// changes nothing that anybody sees.
func Run(ctx context.Context, q Question) error {
	var t Table
	cfg, env, err := config.Read(q.Config, q.Env)
	if err != nil {
		if q.JSON {
			unfinished := t.unreadable(q.Config, err)
			err = errors.Join(err, q.printFindings(t, unfinished))
		}
		return err
	}
	unfinished := errors.Join(t.all(ctx, q, cfg, env), ctx.Err())
	show, where := func() error { return t.Write(q.Out) }, "the table says what to do about each"
	if q.JSON {
		show, where = func() error { return q.printFindings(t, unfinished) }, `"do" says what to do about each`
	}
	if err := errors.Join(unfinished, show()); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	if n := t.count(StatusFailed); n > 0 {
		return fmt.Errorf("%s failed; %s", terminal.Plural(n, "check", "checks"), where)
	}
	return nil
}

// all makes every row.
func (t *Table) all(ctx context.Context, q Question, cfg *config.Config, env config.Env) error {
	log := logging.New(q.Log, q.LogLevel, env.Secrets()...)
	var slackDate witness
	client := &http.Client{Timeout: checkCallTime}
	t.configuration(cfg)
	for _, note := range env.Notes {
		t.warn("environment", note, config.MendNote)
	}
	t.secretFiles(env.Files)
	t.reports(cfg, time.Now())
	slack := web.New(web.Config{BotToken: web.Token(env.SlackBotToken.Reveal()), AppToken: web.Token(env.SlackAppToken.Reveal()),
		APIURL: env.SlackAPIURL, HTTP: slackDate.hearing(client), Now: time.Now, Log: log})
	within(ctx, func(ctx context.Context) { t.slack(ctx, cfg, slack) })
	t.clock(&slackDate)
	var pool seranking.Pool
	for _, app := range cfg.Apps {
		if app.Manual != nil {
			t.byHand(app)
			continue
		}
		vendor, err := pool.New(seranking.Config{BaseURL: app.BaseURL, Key: env.SERankingKey, Dialect: app.Dialect,
			HTTP: client, Now: time.Now, Random: rand.Reader, ReadTimeout: checkCallTime})
		if err != nil {
			return fmt.Errorf("ask %s: %w", app.ID, err)
		}
		within(ctx, func(ctx context.Context) { t.vendor(ctx, app, vendor) })
	}
	var unitsErr error
	within(ctx, func(ctx context.Context) { unitsErr = t.units(ctx, cfg, env, client) })
	if unitsErr != nil {
		return unitsErr
	}
	for _, d := range cfg.People.Directories {
		within(ctx, func(ctx context.Context) { t.directory(ctx, d, env, client) })
	}
	t.auditKey(env)
	t.dataFolder(ctx, q.Data)
	within(ctx, func(ctx context.Context) { t.pools(ctx, q.Data, cfg) })
	return nil
}

func within(ctx context.Context, ask func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, checkSideTime)
	defer cancel()
	ask(ctx)
}

// configuration tells what was read, and what in it is hardly meant.
func (t *Table) configuration(cfg *config.Config) {
	t.ok("configuration", "%s: %s, %s, %s", filepath.Base(cfg.File), terminal.Plural(len(cfg.Apps), "app", "apps"),
		terminal.Plural(len(cfg.Rules), "policy", "policies"), terminal.Plural(len(cfg.Reports), "report", "reports"))
	for _, w := range cfg.Warnings {
		t.warn("configuration", w.In(filepath.Base(cfg.File)), "change it, or leave it if that's what you want")
	}
}

// auditKey shows what a stranger needs to verify the log, where it is signed.
func (t *Table) auditKey(env config.Env) {
	const thing = "audit key"
	if env.AuditKey == nil {
		t.warn(thing, "the log isn't signed, only chained by hashes", "`usher audit key --new` makes a key; put it in "+config.AuditKeyName)
		return
	}
	t.ok(thing, "signs the log; its public part is %s", config.PublicKey(env.AuditKey))
	if env.AuditKeyOld != nil {
		t.ok("audit key before", "its public part is %s; the next start has the log go over from it, and then it can be taken away", config.PublicKey(env.AuditKeyOld))
	}
}

// secretFiles says which secrets come from which file.
func (t *Table) secretFiles(files []config.SecretFile) {
	for _, f := range files {
		if f.Exposed != "" {
			t.warn(f.Name, "read from "+f.Path+", which "+f.Exposed, f.Mend())
			continue
		}
		t.ok(f.Name, "read from %s", f.Path)
	}
}
