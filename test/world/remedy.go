package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
)

// HireMarco has whoever holds an account that is blocked by limits be a colleague.
func HireMarco(w *World) {
	w.N.Slack.AddUser(slacksim.User{ID: "U0MARCO", Name: "marco", RealName: "Marco Bianchi", Email: "marco.bianchi@acme.example"})
}

// asksAHolder is Bob having Marco asked, from the button of the report, what is to become of his account, and Marco leaving it as it is.
func asksAHolder(p *Played) {
	p.Live(20 * time.Minute)
	p.until("asking the holder", p.asksMarco, func() bool { return len(p.asks()) > 0 })
	p.comes("the question", func() bool { return len(p.kindTo("U0MARCO", approvals.KindHolder)) > 0 })
	p.until("leaving it", func() bool {
		m := p.kindTo("U0MARCO", approvals.KindHolder)[0]
		before := len(p.N.Slack.Ephemerals("U0MARCO"))
		out := p.N.Slack.Click("U0MARCO", m.Channel, m.TS, "Leave it").Wait()
		p.Pass(time.Second)
		return out.Acked && len(p.N.Slack.Ephemerals("U0MARCO")) == before
	}, func() bool { a := p.asks(); return len(a) == 1 && !a[0].Left.IsZero() })
}

// asksMarco is Bob pressing what stands beside Marco's account, and then what has him asked; acked says that he reads that he's asked.
func (p *Played) asksMarco() bool {
	p.revive()
	m := p.TheReport()
	p.N.Slack.CloseAllViews("U0BOB")
	p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Mend…, marco.bianchi@acme.example").Wait()
	p.Live(15 * time.Second)
	v := p.N.Slack.Views("U0BOB")
	if len(v) == 0 || !slices.Contains(ButtonsOf(v[0]), "Ask its holder") {
		return false // whatever went wrong, they look again
	}
	p.N.Slack.ClickView("U0BOB", v[0].ID, "Ask its holder", nil).Wait()
	p.Live(5 * time.Second)
	v = p.N.Slack.Views("U0BOB")
	return len(v) > 0 && strings.Contains(slacksim.ViewText(v[0]), "I'm asking")
}

// comes waits for something that is owed.
func (p *Played) comes(what string, there func() bool) {
	for range 60 {
		if there() {
			return
		}
		p.Live(10 * time.Second)
	}
	p.T.Fatalf("%s never came", what)
}

// asks are those who were asked about accounts.
func (p *Played) asks() []register.Asked {
	p.revive()
	k, err := p.App.Store.Register(context.Background(), "seranking")
	require.NoError(p.T, err)
	return k.Asked
}

// kindTo are the direct messages to somebody that keep promises of one kind.
func (p *Played) kindTo(who, kind string) []slacksim.Message {
	return slices.DeleteFunc(p.ours(p.N.Slack.DM(who)), func(m slacksim.Message) bool { return outbox.Kind(KeyOf(m)) != kind })
}

// holderAskedOnce: whoever holds the account has one question, which says that it's answered; who had them asked hears the answer once; and
// the log has one entry of each.
func holderAskedOnce(p *Played) {
	require.Len(p.T, p.asks(), 1, "questions about an account")
	asked, heard := p.kindTo("U0MARCO", approvals.KindHolder), p.kindTo("U0BOB", approvals.KindHeld)
	require.Len(p.T, asked, 1, "messages to the holder")
	require.Contains(p.T, asked[0].Text, "stays as it is, as you said")
	require.Empty(p.T, Buttons(asked[0]), "it is answered")
	require.Len(p.T, heard, 1, "messages to who asked")
	require.Contains(p.T, heard[0].Text, "says to leave")
	for _, what := range []string{"who holds an account is asked about it", "an account is to stay as it is"} {
		require.Equal(p.T, 1, strings.Count(p.log(), `"what":"`+what+`"`), what)
	}
}

// noSlot is Config with a report that comes only to who asks for it.
var noSlot = strings.Replace(Config, `schedule: "15 0 1 1 *"`, `schedule: "15 0 1 6 *"`, 1)

// postsAReport is Carol asking for a report where it doesn't come by itself, and having what she is shown posted there; she presses twice.
func postsAReport(p *Played) {
	p.until("the asking", func() bool { return p.typesAs("U0ADMIN", "report", "to you alone for now") }, func() bool { return len(p.orders("")) > 0 })
	p.comes("the report", func() bool { return len(p.shownAlone()) > 0 })
	m := p.shownAlone()[0]
	press := func() bool {
		p.revive()
		p.N.Slack.Click("U0ADMIN", m.Channel, m.TS, "Post to channel") // their mouse does it twice
		out := p.N.Slack.Click("U0ADMIN", m.Channel, m.TS, "Post to channel").Wait()
		p.Pass(time.Second)
		said := p.N.Slack.Ephemerals("U0ADMIN")
		return out.Acked && len(said) > 0 && strings.Contains(said[len(said)-1].Text, "with the figures as they are now")
	}
	p.until("the posting", press, func() bool { return len(p.orders("post ")) > 0 })
	p.comes("the report in the channel", func() bool { return len(Digests(p.N.Slack.Messages("C0GENERAL"))) > 0 })
}

// orders are the reports that were asked for by hand and are owed, or came.
func (p *Played) orders(pre string) []string {
	p.revive()
	keys, err := p.App.Store.Known(context.Background(), reports.ManualKey("weekly-seats", pre))
	require.NoError(p.T, err)
	return keys
}

// shownAlone are the reports that Carol was shown alone: beside the messages of a channel, and directly.
func (p *Played) shownAlone() []slacksim.Message {
	all := slices.Concat(p.N.Slack.Ephemerals("U0ADMIN"), p.kindTo("U0ADMIN", reports.Kind))
	return slices.DeleteFunc(all, func(m slacksim.Message) bool { return !slices.Contains(Buttons(m), "Post to channel") })
}

// postedOnce: what was shown alone stands in the channel once, for everybody. Shown twice it may be after a crash, once beside and once
// directly: what stands beside messages can't be looked for.
func postedOnce(p *Played) {
	there := p.N.Slack.Messages("C0GENERAL")
	require.Len(p.T, Digests(there), 1, "the report that was posted")
	FiledOnce(p.T, there)
	require.Contains(p.T, Digests(there)[0].Text, "marco.bianchi@acme.example")
	require.Contains(p.T, slacksim.PlainText(Digests(there)[0]), "Requested by <@U0ADMIN>")
	require.NotContains(p.T, slacksim.PlainText(Digests(there)[0]), "Only you")
	require.LessOrEqual(p.T, len(p.kindTo("U0ADMIN", reports.Kind)), len(p.orders(""))-len(p.orders("post ")), "what she has directly")
	require.Len(p.T, p.orders("post "), 1, "posted for one showing")
	require.Empty(p.T, p.N.Slack.Messages("C0REPORTS"), "it's in no slot")
}
