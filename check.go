package main

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
	"github.com/usherbot/usher/bot"
)

// The time `usher check` takes at most: for one call, and for all that is asked of one side.
const (
	checkCallTime = 10 * time.Second
	checkSideTime = time.Minute
)

// checkQuestion is what is to be checked, and how the answer is wanted.
type checkQuestion struct {
	// Config is the configuration's file, Data the folder in which everything is to be kept.
	Config string
	Data   Folder
	Env    Lookup
	// LogLevel is what is logged, to Log; the answer goes to Out, and with JSON nothing else does.
	LogLevel string
	JSON     bool
	Out, Log io.Writer
}

// runCheck asks Slack, the vendors and the disk, prints what it found, and fails if anything did. It
// changes nothing that anybody sees.
func runCheck(ctx context.Context, q checkQuestion) error {
	var t Table
	cfg, env, err := Configured(q.Config, q.Env)
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
	if n := t.count(statusFailed); n > 0 {
		return fmt.Errorf("%s failed; %s", plural(n, "check", "checks"), where)
	}
	return nil
}

// all makes every row.
func (t *Table) all(ctx context.Context, q checkQuestion, cfg *Config, env Env) error {
	log := newLogger(q.Log, q.LogLevel, env.secrets()...)
	client := &http.Client{Timeout: checkCallTime}
	t.configuration(cfg)
	for _, note := range env.Notes {
		t.warn("environment", note, mendNote)
	}
	t.reports(cfg, time.Now())
	slack := bot.NewSlack(bot.SlackConfig{BotToken: bot.Token(env.SlackBotToken.Reveal()), AppToken: bot.Token(env.SlackAppToken.Reveal()),
		APIURL: env.SlackAPIURL, HTTP: client, Now: time.Now, Log: log})
	within(ctx, func(ctx context.Context) { t.slack(ctx, cfg, slack) })
	var pool seranking.Pool
	for _, app := range cfg.Apps {
		vendor, err := pool.New(seranking.Config{BaseURL: app.BaseURL, Key: env.SERankingKey, Dialect: app.Dialect,
			HTTP: client, Now: time.Now, Random: rand.Reader, ReadTimeout: checkCallTime})
		if err != nil {
			return fmt.Errorf("ask %s: %w", app.ID, err)
		}
		within(ctx, func(ctx context.Context) { t.vendor(ctx, app, vendor) })
	}
	t.auditKey(env)
	t.dataFolder(ctx, string(q.Data))
	return nil
}

func within(ctx context.Context, ask func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, checkSideTime)
	defer cancel()
	ask(ctx)
}

// configuration tells what was read, and what in it is hardly meant.
func (t *Table) configuration(cfg *Config) {
	t.ok("configuration", "%s: %s, %s, %s", filepath.Base(cfg.File), plural(len(cfg.Apps), "app", "apps"),
		plural(len(cfg.Rules), "policy", "policies"), plural(len(cfg.Reports), "report", "reports"))
	for _, w := range cfg.Warnings {
		t.warn("configuration", w.In(filepath.Base(cfg.File)), "change it, or leave it if that's what you want")
	}
}

// auditKey shows what a stranger needs to verify the log, where it is signed.
func (t *Table) auditKey(env Env) {
	const thing = "audit key"
	if env.AuditKey == nil {
		t.warn(thing, "the log isn't signed, only chained by hashes", "`usher audit key --new` makes a key; put it in "+auditKeyName)
		return
	}
	t.ok(thing, "signs the log; its public part is %s", publicKey(env.AuditKey))
}
