package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/sim/vendorsim"
)

// lockWait is how long a life waits for the folder: of a demo that was killed, the bot may take a moment to be gone.
const lockWait = 3 * time.Second

// lease is for how long what a bot has begun is its own when it was killed and others share its database: they go on with it after that.
const lease = 5 * time.Second

// Birth is what a life of the demo's bot begins with, wherever it is lived.
type Birth struct {
	// Data is its folder.
	Data string `json:"data"`
	// Slack and Vendor are where its neighbours listen, as HOST:PORT.
	Slack  string `json:"slack"`
	Vendor string `json:"vendor"`
	// Ahead is how far its clock is ahead of this machine's.
	Ahead time.Duration `json:"ahead,omitempty"`
	// Database is the address of the database that it shares with others; "": it has a file in its folder. It goes down the pipe beside this.
	Database apiclient.Secret `json:"-"`
	// Anew: this Slack has none of the messages that the folder knows of, and what a demo begins with may be missing.
	Anew bool `json:"anew,omitempty"`
}

// live is a life of the bot until ctx ends. Ready is told once all is there that a demo begins with, before anybody is heard.
func (b Birth) live(ctx context.Context, own []config.AppConfig, log *slog.Logger, ready func()) error {
	cfg, err := configured(own)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, cfg, b.env(), b.surroundings(), app.Options{DataDir: b.Data, Log: log, Settles: settles})
	if err != nil {
		return err
	}
	if b.Anew {
		if err := prepared(ctx, a); err != nil {
			return errors.Join(err, a.Store.Close())
		}
	}
	ready()
	return a.Serve(ctx, b.Data)
}

// configured is what the demo runs with, own apps among them.
func configured(own []config.AppConfig) (*config.Config, error) {
	cfg, problems := config.Parse("demo.yml", []byte(company()))
	if len(problems) > 0 {
		return nil, fmt.Errorf("read the demo's configuration: %s", problems[0].In("demo.yml"))
	}
	cfg.Apps = beside(cfg.Apps, offered(cfg.Apps, own))
	return cfg, nil
}

// prepared has a folder hold all that a demo begins with. Each step leaves alone what is there, so that one which was cut short is done
// again by the next life.
func prepared(ctx context.Context, a *app.App) error {
	if err := a.ShowAnew(ctx); err != nil {
		return fmt.Errorf("show open requests again: %w", err)
	}
	return errors.Join(imported(ctx, a), remembered(ctx, a), metered(ctx, a))
}

// neighbourly is what the environment would say if the neighbours were real.
var neighbourly = config.Env{SlackBotToken: "xoxb-slacksim", SlackAppToken: "xapp-slacksim", SlackAPIURL: "http://" + slackHost + "/api/",
	SERankingKey: apiclient.Secret(vendorsim.DefaultUnifiedKey), SemrushKey: apiclient.Secret(vendorsim.DefaultSemrushKey)}

// env is that, with the database.
func (b Birth) env() config.Env {
	env := neighbourly
	env.DatabaseURL = b.Database
	return env
}

// surroundings are the ways to the neighbours: whatever address is called, one of the two answers, so that nothing leaves the machine.
func (b Birth) surroundings() app.Surroundings {
	w := app.Outside()
	w.Wall = func() time.Time { return time.Now().Add(b.Ahead) }
	w.SlackDial = dialing(b.Slack)
	w.SlackHTTP = &http.Client{Transport: &http.Transport{DialContext: w.SlackDial, MaxIdleConnsPerHost: 64}, Timeout: 10 * time.Second}
	w.VendorHTTP = &http.Client{Transport: &http.Transport{DialContext: dialing(b.Vendor), MaxIdleConnsPerHost: 64}}
	w.AllowHTTP = true
	w.Store.LockWait, w.Database.Lease = lockWait, lease
	return w
}

// dialing goes to one place, wherever it is sent.
func dialing(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
}
