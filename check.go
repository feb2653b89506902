package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/bot"
)

type checkCmd struct{}

// The time `usher check` takes at most: for one call, and for all that is asked of one side.
const (
	checkCallTime = 10 * time.Second
	checkSideTime = time.Minute
)

// Run asks Slack, the vendors and the disk, prints what it found, and fails if anything did. It
// changes nothing that anybody sees.
func (checkCmd) Run(s *session) error {
	cfg, env, err := s.configured()
	if err != nil {
		return err
	}
	log := newLogger(s.stderr, s.LogLevel, env.secrets()...)
	client := &http.Client{Timeout: checkCallTime}
	var t Table
	t.configuration(cfg)
	for _, note := range env.Notes {
		t.warn("environment", note, mendNote)
	}
	t.reports(cfg, time.Now())
	slack := bot.NewSlack(bot.Config{BotToken: bot.Token(env.SlackBotToken.Reveal()), AppToken: bot.Token(env.SlackAppToken.Reveal()),
		APIURL: env.SlackAPIURL, HTTP: client, Now: time.Now, Log: log})
	within(s.ctx, func(ctx context.Context) { t.slack(ctx, cfg, slack) })
	var pool seranking.Pool
	for _, app := range cfg.Apps {
		vendor, err := pool.New(seranking.Config{BaseURL: app.BaseURL, Key: env.SERankingKey, Dialect: app.Dialect,
			HTTP: client, Now: time.Now, Random: rand.Reader, ReadTimeout: checkCallTime})
		if err != nil {
			return fmt.Errorf("check %s: %w", app.ID, err)
		}
		within(s.ctx, func(ctx context.Context) { t.vendor(ctx, app, vendor) })
	}
	t.auditKey(env)
	t.dataFolder(s.ctx, s.dataDir())
	if err := errors.Join(s.ctx.Err(), t.Write(s.stdout)); err != nil {
		return fmt.Errorf("check: %w", err)
	}
	if n := t.count(statusFailed); n > 0 {
		return fmt.Errorf("%s failed; the table says what to do about each", plural(n, "check", "checks"))
	}
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
		t.warn("configuration", w.In(filepath.Base(cfg.File)), "change it, or leave it if that is what you want")
	}
}

// auditKey shows what a stranger needs to verify the log, where it is signed.
func (t *Table) auditKey(env Env) {
	const thing = "audit key"
	if env.AuditKey == nil {
		t.warn(thing, "the log is chained by hashes alone", "`usher audit key --new` makes a key; put it into "+auditKeyName)
		return
	}
	t.ok(thing, "signs the log; its public part is %s", publicKey(env.AuditKey))
}
