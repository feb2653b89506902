package cli

import (
	"errors"

	"github.com/usherbot/usher/sim/slacksim/alone"
	"github.com/usherbot/usher/terminal"
)

type slacksimCmd struct {
	Addr          string   `help:"Where it is served; port 0 picks one." default:"127.0.0.1:3100" placeholder:"HOST:PORT"`
	BotToken      string   `help:"The bot token that is accepted." default:"xoxb-slacksim" placeholder:"TOKEN"`
	AppToken      string   `help:"The app token that is accepted." default:"xapp-slacksim" placeholder:"TOKEN"`
	WithoutScopes []string `help:"Scopes that the bot token lacks (default: it has all)." placeholder:"SCOPE,…"`
	Seed          string   `help:"What the workspace begins with: demo or empty." default:"demo" enum:"demo,empty" placeholder:"NAME"`
	Command       []string `help:"A slash command of the app (default: /access); may be given several times." placeholder:"/NAME"`
	Event         []string `help:"An event the app subscribes to (default: app_home_opened, app_mention, message.im); may be given several times." placeholder:"NAME"`
	Shortcut      []string `help:"A shortcut of the app, TYPE being global or message; may be given several times." sep:"none" placeholder:"TYPE:CALLBACK_ID:NAME"`
	Reading       string   `help:"By which account of Slack's rules blocks are held: 2026-06 or 2026-10 (default: what any refuses is refused)." placeholder:"MONTH"`
	CloseTCP      bool     `name:"close-tcp" help:"Close TCP after the WebSocket's close handshake, unlike the real Slack."`
	NoPings       bool     `help:"Send no pings, and answer those that come."`
	NoPostLimit   bool     `help:"Don't hold the app to one message a second and channel."`
}

// Run is the simulated workspace alone.
func (c slacksimCmd) Run(s *session) error {
	err := alone.Run(s.ctx, alone.Options{Addr: c.Addr, BotToken: c.BotToken, AppToken: c.AppToken, WithoutScopes: c.WithoutScopes, Seed: c.Seed, Reading: c.Reading,
		Commands: c.Command, Events: c.Event, Shortcuts: c.Shortcut, CloseTCP: c.CloseTCP, NoPings: c.NoPings, NoPostLimit: c.NoPostLimit}, s.stdout, s.stderr)
	if wrong, ok := errors.AsType[alone.Unreadable](err); ok {
		return terminal.Wrong("usher: " + wrong.Error() + "; `usher help slacksim` shows what was expected")
	}
	return err
}
