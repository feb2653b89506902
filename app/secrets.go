package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/audit"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/store/postgres"
)

// Secrets that stand in files may have changed when the configuration is read again. Each new one is tried before the life that
// goes by the old ones makes way: with a wrong one the next life would end, or hear and not be able to answer. What can't be
// tried in time counts as wrong: the old ones work. Nothing of them is stored, so a crash in between leaves the files, and the
// next start goes by those.

// triedWithin is how long new secrets are tried.
const triedWithin = 20 * time.Second

// admission tries what a next life would begin with, beside this one.
func (a *App) admission(this Around) func(context.Context, Beginning) error {
	return func(ctx context.Context, next Beginning) error {
		changed := next.Env.Changed(this.Env)
		if len(changed) == 0 {
			return nil
		}
		ctx, cancel := context.WithTimeout(ctx, triedWithin)
		defer cancel()
		around := this
		around.Env, around.Log = next.Env, next.Log
		for _, try := range []struct {
			names []string
			it    func() error
		}{
			{[]string{"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}, func() error { return a.triesSlack(ctx, next, around) }},
			{[]string{"SERANKING_API_KEY", "SEMRUSH_API_KEY"}, func() error { return triesVendors(ctx, next, around, changed) }},
			{[]string{config.AuditKeyName, config.AuditKeyOldName}, func() error { return audit.CanGoOn(ctx, a.Store, next.Env.AuditKey, next.Env.AuditKeyOld) }},
			{[]string{config.DatabaseURLName}, func() error { return a.triesDatabase(ctx, this.Env, next.Env) }},
		} {
			if !slices.ContainsFunc(try.names, func(name string) bool { return slices.Contains(changed, name) }) {
				continue
			}
			if err := try.it(); err != nil {
				return errors.New(next.Env.Hide(err.Error()))
			}
		}
		a.Log.InfoContext(ctx, "new secrets were read and tried, and are taken up", "names", changed)
		return nil
	}
}

// slackConfig is what it takes to reach Slack.
func slackConfig(cfg *config.Config, out outside, a Around) web.Config {
	return a.Between.slack(web.Config{BotToken: web.Token(a.SlackBotToken.Reveal()), AppToken: web.Token(a.SlackAppToken.Reveal()), APIURL: a.SlackAPIURL, HTTP: a.SlackHTTP,
		Profiles: cfg.People.ManagerField != "", Files: byHand(out.apps) || adds(out.directories), Turns: a.shared.turns(), Now: a.Now, Log: a.Log})
}

// triesSlack signs in with the new tokens, and wants to be whom the old ones made us: cards, messages and who is who are of one
// workspace and one bot.
func (a *App) triesSlack(ctx context.Context, next Beginning, around Around) error {
	out, err := joined(next.Config, around)
	if err != nil {
		return err
	}
	client := web.New(slackConfig(next.Config, out, around))
	who, err := client.SignIn(ctx)
	switch doom := client.Doom(); {
	case doom != nil:
		return doom
	case err != nil:
		return fmt.Errorf("SLACK_BOT_TOKEN has changed, and Slack couldn't be asked whether it takes the new one (%w); the old one stays until I'm asked again", err)
	}
	select {
	case <-a.slack.SignedIn():
		if was, err := a.slack.Identity(ctx); err == nil && (was.Team != who.Team || was.User != who.User) {
			return fmt.Errorf("SLACK_BOT_TOKEN is that of another bot or workspace (@%s in %s, and I'm @%s in %s); expected a new token of the same app in the same workspace", who.Name, who.TeamName, was.Name, was.TeamName)
		}
	default: // nobody knows yet who we are
	}
	_, err = web.NewProbe(client).Socket(ctx)
	switch doom := client.Doom(); {
	case doom != nil:
		return doom
	case err != nil:
		return fmt.Errorf("SLACK_APP_TOKEN has changed, and Slack couldn't be asked whether it takes the new one (%w); the old one stays until I'm asked again", err)
	}
	return nil
}

// triesDatabase reaches the database by its new address, and wants it to be the same one: everything that is known, owed and
// posted stands there.
func (a *App) triesDatabase(ctx context.Context, was, next config.Env) error {
	if was.DatabaseURL == "" || next.DatabaseURL == "" {
		return fmt.Errorf("%s was set or taken away while I run; everything I know is where it was, so that takes a start (and `usher migrate` before it)", config.DatabaseURLName)
	}
	db, err := postgres.OpenReadOnly(ctx, next.DatabaseURL)
	if err != nil {
		return fmt.Errorf("%s has changed, and: %w", config.DatabaseURLName, err)
	}
	is, err := db.Life(ctx)
	old, bad := a.Store.Life(ctx)
	if err := errors.Join(err, bad, db.Close()); err != nil {
		return fmt.Errorf("%s has changed, and which database it names can't be found out: %w", config.DatabaseURLName, err)
	}
	if is != old {
		return fmt.Errorf("%s names another database than the one I run on; that takes a start", config.DatabaseURLName)
	}
	return nil
}

// triesVendors reads something of each app whose key is new.
func triesVendors(ctx context.Context, next Beginning, around Around, changed []string) error {
	out, err := joined(next.Config, around)
	if err != nil {
		return err
	}
	for _, v := range out.apps {
		if v.Entry.Kind != byapi.Kind || !slices.Contains(changed, "SERANKING_API_KEY") {
			continue
		}
		if _, err := v.Hands.Seats(ctx); err != nil {
			return fmt.Errorf("SERANKING_API_KEY has changed, and %s can't be read with the new one (%w)", v.Name, err)
		}
	}
	for _, m := range out.metered {
		if !slices.Contains(changed, "SEMRUSH_API_KEY") {
			continue
		}
		if in := m.Meter.Read(ctx); !in.Known() {
			return fmt.Errorf("SEMRUSH_API_KEY has changed, and the units of %s can't be read with the new one (%s)", m.Name, in.Why.Plain())
		}
	}
	return nil
}
