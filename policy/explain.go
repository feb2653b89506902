package policy

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/logging"
	"github.com/usherbot/usher/terminal"
)

// Question is a request that somebody might make.
type Question struct {
	Config      string
	Env         config.Lookup
	App, Action string
	// Bundle is what is asked instead, by its id.
	Bundle string
	// By is who asks, a person's id; For is self, other, external, a person's id or an address.
	By, For string
	// Given are FIELD=VALUE: fields of the app, and in, seats_left and lasts as in a case.
	Given []string
	// Offline asks Slack nothing.
	Offline  bool
	Now      func() time.Time
	LogLevel string
	Out, Log io.Writer
}

// askFor is how long Slack is asked in all.
const askFor = 20 * time.Second

// Explain prints which policy rules a request, why, and who would be asked, step by step.
func Explain(ctx context.Context, q Question) error {
	cfg, people, err := q.read()
	if err != nil {
		return err
	}
	ctx, end := context.WithTimeout(ctx, askFor)
	defer end()
	if len(q.Given) > 0 && q.Given[0] == "bundle" {
		q = q.typed()
	}
	switch {
	case q.Bundle != "" && q.App+q.Action != "":
		return terminal.Wrong("usher: --bundle is all that is asked; expected no --app and no --action beside it")
	case q.Bundle != "":
		return q.explainBundle(ctx, cfg, people)
	}
	s, err := q.situation(cfg)
	if err != nil {
		return err
	}
	if s, err = q.looked(ctx, cfg, people, s); err != nil {
		return err
	}
	_, err = io.WriteString(q.Out, strings.Join(decide(cfg, s).told(s), "\n")+"\n")
	return err
}

// looked is a situation with what conditions ask of Slack, unless that is to be asked nothing.
func (q Question) looked(ctx context.Context, cfg *config.Config, people approvals.Directory, s approvals.Situation) (_ approvals.Situation, err error) {
	if people == nil {
		return s, nil
	}
	if s.Known, err = ask(ctx, people, cfg, s, q.For); err != nil {
		return s, fmt.Errorf("ask Slack: %w (--offline asks it nothing)", err)
	}
	return s, nil
}

// read reads the configuration and, unless it is to be asked nothing, who speaks with Slack.
func (q Question) read() (*config.Config, approvals.Directory, error) {
	if q.Offline {
		cfg, err := config.Load(q.Config)
		return cfg, nil, err
	}
	cfg, env, err := config.Read(q.Config, q.Env)
	if err != nil {
		return nil, nil, err
	}
	slack := web.New(web.Config{BotToken: web.Token(env.SlackBotToken.Reveal()), AppToken: web.Token(env.SlackAppToken.Reveal()), APIURL: env.SlackAPIURL,
		HTTP: &http.Client{Timeout: askFor}, Now: q.Now, Log: logging.New(q.Log, q.LogLevel, env.Secrets()...)})
	return cfg, web.NewDirectory(slack), nil
}

// situation is what was asked about, as far as the command line says it.
func (q Question) situation(cfg *config.Config) (s approvals.Situation, err error) {
	for _, a := range cfg.Catalog() {
		if a.ID == q.App {
			s.App = a
		}
	}
	form, ok := s.App.Entry.Action(approvals.Action(q.Action))
	switch {
	case q.App == "" || q.Action == "":
		return s, terminal.Wrong("usher: which request? Expected --app and --action, or --bundle")
	case s.App.ID == "":
		return s, terminal.Wrong(fmt.Sprintf("usher: there's no app %s in %s", terminal.Quoted(q.App), q.Config))
	case !ok:
		return s, terminal.Wrong(fmt.Sprintf("usher: %s has no action %s", q.App, terminal.Quoted(q.Action)))
	}
	s.Action, s.By = form.Key, approvals.PersonID(q.By)
	switch to := approvals.Beneficiary(q.For); to {
	case approvals.ForSelf, approvals.ForOther, approvals.ForExternal:
		s.Known.For = to
	case "":
		s.Known.For = approvals.ForSelf
	case approvals.Beneficiary(q.By):
		s.Known.For = approvals.ForSelf
	default:
		if !strings.Contains(q.For, "@") {
			s.Known.For = approvals.ForOther
		}
	}
	for _, given := range q.Given {
		if err := take(&s, form, given); err != nil {
			return s, err
		}
	}
	return s, nil
}

// take reads one FIELD=VALUE.
func take(s *approvals.Situation, form catalog.Action, given string) error {
	key, value, ok := strings.Cut(given, "=")
	wrong := func(expected string) error {
		return terminal.Wrong(fmt.Sprintf("usher: %s: expected %s", terminal.Quoted(given), expected))
	}
	if !ok {
		return wrong("FIELD=VALUE")
	}
	switch key {
	case "in":
		for g := range strings.SplitSeq(value, ",") {
			s.Known.In = append(s.Known.In, approvals.GroupID(g))
		}
		return nil
	case "seats_left":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return wrong("a whole number of seats")
		}
		s.Known.Left = &n
		return nil
	case "lasts":
		d, err := config.ParseDuration(value)
		if err != nil {
			return wrong("a duration such as 30d")
		}
		s.Lasts = d
		return nil
	}
	f, ok := form.Field(key)
	if !ok {
		return wrong(fmt.Sprintf("a field of %s, or in, seats_left or lasts", form.Key))
	}
	written := strings.Split(value, ",")
	for _, v := range written {
		if len(f.Choices) > 0 && f.Shape == "" && !slices.Contains(f.IDs(), v) {
			return wrong("one of " + strings.Join(f.IDs(), ", "))
		}
	}
	s.Values = s.Values.With(catalog.Value{Key: key, Items: config.ItemsOf(f, written)})
	return nil
}

// ask finds out what conditions ask of Slack and the command line did not say.
func ask(ctx context.Context, people approvals.Directory, cfg *config.Config, s approvals.Situation, to string) (approvals.Known, error) {
	k := s.Known
	if k.For == "" {
		id, err := approvals.Whose(ctx, people, to)
		if err != nil {
			return k, fmt.Errorf("whose address %s is: %w", to, err)
		}
		switch k.For = approvals.ForOther; id {
		case "":
			k.For = approvals.ForExternal
		case s.By:
			k.For = approvals.ForSelf
		}
	}
	for _, p := range cfg.Policies() {
		for _, g := range p.When.Groups() {
			if s.By == "" || !p.Matches(s.App.ID, s.Action) || slices.Contains(k.In, g) || slices.Contains(k.Out, g) {
				continue
			}
			members, err := people.Group(ctx, g)
			switch {
			case err != nil:
				return k, fmt.Errorf("who is in %s: %w", g, err)
			case slices.Contains(members, s.By):
				k.In = append(k.In, g)
			default:
				k.Out = append(k.Out, g)
			}
		}
	}
	return k, nil
}

// told draws the tree, and then who would be asked.
func (o outcome) told(s approvals.Situation) []string {
	lines := o.lines(byID)
	switch {
	case o.choice.None && len(lines) == 0:
		lines = append(lines, fmt.Sprintf("No policy is about %s in %s, so it's refused.", s.Action, s.App.ID))
	case o.choice.None:
		lines = append(lines, "", "No policy fits, so it's refused.")
	case o.choice.Open:
		lines = append(lines, "", "Which policy rules it depends on what isn't known here.")
	case o.choice.Policy.Refusal != "":
		lines = append(lines, "", "It's refused: "+o.choice.Policy.Refusal)
	case o.choice.Policy.Auto:
		lines = append(lines, "", "Nobody is asked.")
	default:
		lines = append(append(lines, ""), o.asks()...)
	}
	if o.endless {
		lines = append(lines, fmt.Sprintf("Before that, the person is asked for an end: it's given for %s at most.", approvals.Days(o.choice.Policy.MaxDuration)))
	}
	return lines
}

// asks is who would be asked, a line a step.
func (o outcome) asks() (lines []string) {
	for i, s := range o.rule.Stages() {
		line := fmt.Sprintf("Step %d: %s", i+1, s.Text().Naming(byID))
		if s.Need > 1 {
			line += fmt.Sprintf("; %d of them must say yes", s.Need)
		}
		lines = append(lines, line)
	}
	return append(lines, fmt.Sprintf("Undecided, it expires after %s.", approvals.Days(o.choice.Policy.ExpiresAfter)))
}
