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
	"github.com/usherbot/usher/sim/slacksim"
)

// listed is Config with an app that nobody can read, whose owner imports its member list.
var listed = strings.Replace(Config, "    seats: 25\n", `    seats: 25
  semrush:
    kind: manual
    template: semrush
    owners: [U0DAVE]
`, 1)

// memberList is what Dave imports in Slack, and laterList what is imported at the machine after it.
const (
	memberList = "Email,Role\nstranger@agency.example,User\nwei.chen@acme.example,User\n"
	laterList  = "Email,Role\nstranger@agency.example,User\n"
)

// importsLists is Dave opening his Home, which follows what is imported, adding a list to the form until it is owed that it's read,
// what he's told of it, and a later list that is imported at the machine; then Bob approves.
func importsLists(p *Played) {
	p.until("the Home", func() bool { return p.N.Slack.OpenHome("U0DAVE").Wait().Acked }, func() bool { return p.HasHome("U0DAVE") })
	file := p.N.Slack.Attach("U0DAVE", "members.csv", []byte(memberList))
	p.until("the list", func() bool { return p.addsList(file) }, func() bool {
		known, err := p.App.Store.Known(context.Background(), approvals.KindImport+"/")
		return err == nil && len(known) > 0
	})
	for range 60 {
		if p.Live(10 * time.Second); len(p.ListsTold()) > 0 {
			break
		}
	}
	p.until("the list at the machine", func() bool {
		im := register.Import{App: "semrush", File: "later.csv", Raw: []byte(laterList)}
		_, err := p.App.Register.Import(context.Background(), im, approvals.OSUser("root"), "command line", time.Now())
		return err == nil
	}, func() bool {
		k, err := p.App.Store.Register(context.Background(), "semrush")
		return err == nil && k.File == "later.csv"
	})
	Approve(p)
}

// addsList is Dave sending the form with a file in it: the one that is open, or a new one.
func (p *Played) addsList(file []any) (acked bool) {
	p.revive()
	views := p.N.Slack.Views("U0DAVE")
	if len(views) == 0 {
		p.N.Slack.Type("U0DAVE", "C0GENERAL", "/access import semrush").Wait()
		p.Live(5 * time.Second)
		p.revive()
		if views = p.N.Slack.Views("U0DAVE"); len(views) == 0 {
			return false
		}
	}
	out := p.N.Slack.Submit("U0DAVE", views[len(views)-1].ID, map[string]any{"list": file}).Wait()
	return out.Acked && out.Payload == nil
}

// ListsTold are what Dave was told of lists.
func (w *World) ListsTold() []slacksim.Message {
	return slices.DeleteFunc(w.N.Slack.DM("U0DAVE"), func(m slacksim.Message) bool { return outbox.Kind(KeyOf(m)) != approvals.KindImported })
}

// importedOnce: the list that was added to the form was imported once and told once, and what was found is remembered as it was
// found first.
func (p *Played) importedOnce() {
	if p.Scenario.config != listed {
		require.Empty(p.T, p.ListsTold())
		return
	}
	told := p.ours(p.ListsTold())
	require.Len(p.T, told, 1, "messages about the list")
	require.Contains(p.T, told[0].Text, "members.csv · 2 members · 2 findings, new")
	imports := 0
	for line := range strings.Lines(p.log()) {
		imports += One(strings.Contains(line, `"what":"a member list was imported"`) && strings.Contains(line, `"surface":"slack"`))
	}
	require.Equal(p.T, 1, imports, "imports of the list")
	k, err := p.App.Store.Register(context.Background(), "semrush")
	require.NoError(p.T, err)
	open := map[string]bool{}
	for _, f := range k.Findings {
		require.NotContains(p.T, open, f.Email, "a finding is kept once")
		open[f.Email] = f.Closed.IsZero()
	}
	require.Equal(p.T, map[string]bool{"stranger@agency.example": true, "wei.chen@acme.example": false}, open)
}
