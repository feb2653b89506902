package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/terminal"
)

// screenWidth is how wide what is shown at a terminal is, and labelWidth what stands before it in each line.
const (
	screenWidth = 80
	labelWidth  = 10
)

// greet shows whoever has started the program at a terminal how everything is, once Slack has let us in. The log goes on
// below it. It's plain text without colours, so that it reads the same on each terminal and in what is copied from it.
func (a *App) greet(ctx context.Context, to io.Writer, cfg *config.Config, in string) {
	if to == nil {
		return
	}
	select {
	case <-ctx.Done():
		return
	case <-a.slack.SignedIn():
	}
	text, err := a.Screen(ctx, cfg, in, time.Local)
	if err == nil {
		_, err = io.WriteString(to, text)
	}
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "cannot show how everything is", "err", err)
	}
}

// Screen is what is shown at a terminal, with times as they are in a zone; in is where everything is kept.
func (a *App) Screen(ctx context.Context, cfg *config.Config, in string, zone *time.Location) (string, error) {
	who, err := a.slack.Identity(ctx)
	if err != nil {
		return "", err
	}
	open, err := a.openInWords(ctx, zone)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n  Usher %s\n\n", strings.TrimSpace(Version()))
	for _, row := range []struct{ label, says string }{
		{"Slack", fmt.Sprintf("%s, as @%s", who.TeamName, who.Name)},
		{"Apps", appsInWords(cfg)},
		{"Kept in", in},
		{"Open", open},
		{"Next", a.nextInWords(cfg, zone)},
	} {
		b.WriteString(filled(row.label, terminal.Printable(row.says)))
	}
	b.WriteString("\n  The log follows. Ctrl+C stops Usher.\n\n")
	return b.String(), nil
}

// filled is a label and what it's about, in lines that are as wide as a terminal at most.
func filled(label, says string) string {
	out, line := "", fmt.Sprintf("  %-*s", labelWidth, label)
	room := line
	for _, word := range strings.Fields(says) {
		if len([]rune(line))+1+len([]rune(word)) > screenWidth && line != room {
			out += strings.TrimRight(line, " ") + "\n"
			line = strings.Repeat(" ", labelWidth+2)
			room = line
		}
		if line != room {
			line += " "
		}
		line += word
	}
	return out + strings.TrimRight(line, " ") + "\n"
}

func appsInWords(cfg *config.Config) string {
	var all []string
	for _, app := range cfg.Apps {
		say := cmp.Or(app.Name, app.ID)
		switch {
		case app.Seats > 0 && app.Manual != nil:
			say += fmt.Sprintf(" (by hand, %s)", terminal.Plural(app.Seats, "seat", "seats"))
		case app.Manual != nil:
			say += " (by hand)"
		case app.Seats > 0:
			say += fmt.Sprintf(" (%s)", terminal.Plural(app.Seats, "seat", "seats"))
		}
		all = append(all, say)
	}
	return strings.Join(all, " · ")
}

// openInWords is what isn't over: what waits for somebody first, and of that the oldest.
func (a *App) openInWords(ctx context.Context, zone *time.Location) (string, error) {
	g, err := a.Store.Gauges(ctx)
	if err != nil {
		return "", fmt.Errorf("count requests: %w", err)
	}
	var all []string
	if n := g.Open[approvals.Pending]; n > 0 {
		waiting, err := a.open(ctx, false)
		if err != nil {
			return "", fmt.Errorf("read what waits: %w", err)
		}
		say := fmt.Sprintf("%s for a decision", terminal.Plural(n, "request waits", "requests wait"))
		oldest := approvals.Request{}
		for _, r := range waiting {
			if oldest.Number == 0 || r.Asked.Before(oldest.Asked) {
				oldest = r
			}
		}
		if oldest.Number > 0 {
			say += fmt.Sprintf(", #%d since %s", oldest.Number, moment(oldest.Asked, zone))
		}
		all = append(all, say)
	}
	for _, s := range []struct {
		state approvals.State
		says  string
	}{{approvals.InDoubt, "in doubt"}, {approvals.Approved, "approved"}, {approvals.Running, "being carried out"}, {approvals.Ending, "ending"}} {
		if n := g.Open[s.state]; n > 0 {
			all = append(all, fmt.Sprintf("%d %s", n, s.says))
		}
	}
	if len(all) == 0 {
		return "nothing: no request waits", nil
	}
	return strings.Join(all, " · "), nil
}

// nextInWords is the report that comes next.
func (a *App) nextInWords(cfg *config.Config, zone *time.Location) string {
	var name, clock string
	var at time.Time
	for _, r := range cfg.Reports {
		schedule, err := reports.ParseSchedule(r.Schedule, r.Timezone.String())
		if err != nil {
			continue // the configuration was read, so it is one
		}
		if next := schedule.NextTimes(a.Clock.Now(), 1); len(next) > 0 && (at.IsZero() || next[0].Before(at)) {
			name, at, clock = r.Name, next[0], ""
			if r.Reader {
				clock = ", by each reader's own clock"
			}
		}
	}
	if at.IsZero() {
		return "no report is planned"
	}
	if clock != "" {
		return fmt.Sprintf("the report %s, %s%s", name, at.Format("Mon 2 Jan, 15:04"), clock)
	}
	return fmt.Sprintf("the report %s, %s", name, moment(at, zone))
}

func moment(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("Mon 2 Jan, 15:04 MST")
}
