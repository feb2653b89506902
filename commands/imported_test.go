package commands

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	lists "github.com/usherbot/usher/register/list"
)

// ledger is a register that has only its findings, and keeps what is ordered; it fails the test where somebody orders who may not.
type ledger struct {
	Register
	t        *testing.T
	findings []register.Finding
	closed   map[string]bool
	orders   []register.Order
	off      []register.Finding
}

func (l *ledger) OfApp(context.Context, string) (register.Holdings, error) {
	return register.Holdings{Findings: l.findings, Off: l.off}, nil
}

func (l *ledger) LookOver(ctx context.Context, id string, _ approvals.Actor) (register.Holdings, error) {
	return l.OfApp(ctx, id)
}

func (l *ledger) PutOff(ctx context.Context, app, key string, later register.Later, surface string) (register.Finding, error) {
	require.Contains(l.t, []approvals.Actor{"U0CAROL", "U0DAVE"}, later.By)
	require.Equal(l.t, "slack", surface)
	f, open, err := l.Finding(ctx, app, key)
	require.True(l.t, open)
	f.Later = &later
	l.off = append(l.off, f)
	return f, err
}

func (l *ledger) Finding(_ context.Context, _, key string) (register.Finding, bool, error) {
	for _, f := range l.findings {
		if f.Key() == key {
			return f, !l.closed[key], nil
		}
	}
	return register.Finding{}, false, nil
}

func (l *ledger) Order(_ context.Context, o register.Order) error {
	require.Contains(l.t, []approvals.PersonID{"U0CAROL", "U0DAVE"}, o.By)
	l.orders = append(l.orders, o)
	return nil
}

// listing is a small company whose app Dave owns, with so many findings.
func listing(t *testing.T, findings int) (*world, *ledger) {
	w, l := newWorld(t), &ledger{t: t, closed: map[string]bool{}}
	w.vendor.apps[0].Owners = []string{"U0DAVE"}
	for i := range findings {
		l.findings = append(l.findings, register.Finding{Kind: register.NeverApproved, App: "seranking", Email: "x" + string(rune('a'+i)) + "@globex.example"})
	}
	w.Register = l
	return w, l
}

// owedOf is what an import came to, as it is stored.
func owedOf(t *testing.T, one register.Told) json.RawMessage {
	one.Order.App, one.Order.Name, one.Result.App = "seranking", "members.csv", approvals.App{ID: "seranking", Name: "SE Ranking"}
	raw, err := json.Marshal(one)
	require.NoError(t, err)
	return raw
}

// TestWhatIsSaidOfAList: what is as it should be is one line, and everything else says what it is and how much of it there is.
func TestWhatIsSaidOfAList(t *testing.T) {
	w, l := listing(t, 3)
	columns := map[lists.Column]string{lists.Email: "E-mail", lists.Role: "Type"}
	for want, one := range map[string]register.Told{
		"SE Ranking · members.csv · 1,000 members · nothing differs":                                                              {Result: register.Result{Members: 1000, Columns: columns}, Numbers: register.Numbers{Ignored: 3}},
		"SE Ranking · members.csv · 1 member · nothing differs · 2 mended since the last list":                                    {Result: register.Result{Members: 1}, Numbers: register.Numbers{Closed: 2}},
		"SE Ranking · members.csv · 2 members · nothing differs\nListed more than once, and taken together: a@b.example, 6 more.": {Result: register.Result{Members: 2, Twice: []string{"a@b.example"}}, Numbers: register.Numbers{Twice: 7}},
		"SE Ranking · members.csv · 2 members · nothing differs\nRead as email: “E-mail”, role: “Type”. Not read: Team.\nSkipped, because there's no e-mail address: row 4 (=HYPERLINK(1) x).": {
			Result: register.Result{Members: 2, Columns: columns, Ignored: []string{"Team"}, Skipped: []lists.Skipped{{Row: 4, Text: "=HYPERLINK(1) x"}}}, Numbers: register.Numbers{Skipped: 1, Ignored: 1}},
		"SE Ranking · members.csv · 2 members · nothing differs\nRead as email: “E-mail”, role: “Type”.\nGiven by request, and not in the list: a@b.example.": {Result: register.Result{Members: 2, Columns: columns, Missing: []string{"a@b.example"}}, Numbers: register.Numbers{Missing: 1}},
		"SE Ranking · members.csv · 2 members · nothing differs\nI couldn't check with Slack who has left, so nobody was compared with that. Import it again later to have that checked too.": {
			Result: register.Result{Members: 2, Blind: true}},
		"SE Ranking · I couldn't import members.csv, so nothing has changed.\nThat's a PDF.": {Wrong: approvals.Sayf("That's a PDF.")},
	} {
		reply, err := w.Imported(owedOf(t, one))
		require.NoError(t, err)
		require.Equal(t, want, strings.TrimSpace(strings.ReplaceAll(says(reply), "| ", "")))
		require.Nil(t, reply.Which)
		require.Nil(t, reply.More)
	}

	reply, err := w.Imported(owedOf(t, register.Told{Result: register.Result{Members: 40}, Found: l.findings, Numbers: register.Numbers{New: 2, Again: 10}}))
	require.NoError(t, err)
	require.Contains(t, reply.Head.Plain(), "40 members · 12 findings: 2 new, 10 known before")
	require.Equal(t, &More{App: "seranking", From: 3, Left: 9}, reply.More)
	require.Len(t, reply.Findings, 3)
	require.Equal(t, Finding{Say: reply.Findings[0].Say, About: "xa@globex.example", App: "seranking", Key: l.findings[0].Key(), Offer: "Delete an account…"}, reply.Findings[0])
	require.Equal(t, "xa@globex.example · there but never approved: listed, and no request gave it.", reply.Findings[0].Say.Plain())

	look := register.Told{Found: l.findings, Numbers: register.Numbers{New: 20}}
	look.Order.DryRun = true
	reply, err = w.Imported(owedOf(t, look))
	require.NoError(t, err)
	require.Contains(t, reply.Head.Plain(), "only looked at, nothing was kept")
	require.Nil(t, reply.More)
	require.Empty(t, reply.Findings[0].Offer, "there is no finding to name")

	reply, err = w.Imported(owedOf(t, register.Told{Wrong: approvals.Sayf("I can't tell."), Columns: true}))
	require.NoError(t, err)
	require.Equal(t, &Unsorted{App: "seranking", Name: "members.csv"}, reply.Which)
	_, err = w.Imported(json.RawMessage("x"))
	require.Error(t, err)
}

// TestWhoMayImport: admins and the app's owners, at every step; where Slack can't say who is who, nobody.
func TestWhoMayImport(t *testing.T) {
	w, l := listing(t, 12)
	im := Importing{App: "seranking", File: "F1", Name: "members.csv"}
	steps := map[string]func(who approvals.PersonID) error{
		"the form": func(who approvals.PersonID) error {
			_, err := w.MayImport(t.Context(), who, "seranking")
			return err
		},
		"the list": func(who approvals.PersonID) error {
			_, err := w.Import(t.Context(), im, Call{User: who}, noon)
			return err
		},
		"its columns": func(who approvals.PersonID) error {
			if (who == "U0CAROL" || who == "U0DAVE") && !w.dir.down {
				return nil // it is read then, and there is nothing to read here
			}
			_, err := w.Which(t.Context(), who, "seranking", "F1")
			return err
		},
		"findings": func(who approvals.PersonID) error {
			_, err := w.Findings(t.Context(), who, More{App: "seranking", From: 0})
			return err
		},
		"a finding": func(who approvals.PersonID) error {
			_, err := w.Mending(t.Context(), who, "seranking", l.findings[0].Key())
			return err
		},
	}
	for name, step := range steps {
		for _, who := range []approvals.PersonID{"U0CAROL", "U0DAVE"} {
			require.NoError(t, step(who), "%s %s", who, name)
		}
		for _, who := range []approvals.PersonID{"U0ALICE", "U0BOB", "U0ERIN", "U0GUEST", "U0GONE"} {
			require.Equal(t, approvals.NotAllowed, approvals.CodeOf(step(who)), "%s %s", who, name)
		}
		w.dir.down = true
		require.Equal(t, approvals.CannotTell, approvals.CodeOf(step("U0CAROL")), name)
		w.dir.down = false
	}
	require.Len(t, l.orders, 2)

	for code, im := range map[approvals.Code]Importing{
		approvals.NotFound: {App: "gone", File: "F1"},
		approvals.Invalid:  {App: "seranking"},
	} {
		_, err := w.Import(t.Context(), im, Call{User: "U0DAVE"}, noon)
		require.Equal(t, code, approvals.CodeOf(err))
	}
	im.Size = lists.MostBytes + 1
	_, err := w.Import(t.Context(), im, Call{User: "U0DAVE"}, noon)
	require.Equal(t, approvals.Invalid, approvals.CodeOf(err))
	require.Len(t, l.orders, 2, "what is wrong is not ordered")
}

// TestColumnsChosenByHand: what nobody chose isn't there, so nothing is asked again.
func TestColumnsChosenByHand(t *testing.T) {
	w, l := listing(t, 0)
	_, err := w.Import(t.Context(), Importing{App: "seranking", File: "F1", ByHand: true, Columns: map[string]string{"email": "=2", "role": " ", "nonsense": "=1"}}, Call{User: "U0DAVE"}, noon)
	require.NoError(t, err)
	columns := l.orders[0].Columns
	require.Len(t, columns, len(lists.Columns))
	require.Equal(t, lists.At(1), columns[lists.Email])
	require.Equal(t, lists.None, columns[lists.Role])
	read, err := lists.Read([]byte("Type,Mail,Role\nx,a@b.example,y\n"), columns)
	require.NoError(t, err)
	require.Equal(t, []lists.Member{{Email: "a@b.example", Rows: []int{2}}}, read.Members)
}

// TestFurtherFindings: ten at once, and what was mended since is asked for by nobody.
func TestFurtherFindings(t *testing.T) {
	w, l := listing(t, 12)
	reply, err := w.Findings(t.Context(), "U0DAVE", More{App: "seranking", From: 0})
	require.NoError(t, err)
	require.Equal(t, []any{"SE Ranking · findings 1 to 10 of 12, from when I last looked:", 10, &More{App: "seranking", From: 10, Left: 2}}, []any{reply.Head.Plain(), len(reply.Findings), reply.More})
	reply, err = w.Findings(t.Context(), "U0DAVE", More{App: "seranking", From: 10})
	require.NoError(t, err)
	require.Equal(t, []any{"SE Ranking · findings 11 to 12 of 12, from when I last looked:", 2, (*More)(nil)}, []any{reply.Head.Plain(), len(reply.Findings), reply.More})
	reply, err = w.Findings(t.Context(), "U0DAVE", More{App: "seranking", From: 99})
	require.NoError(t, err)
	require.Contains(t, reply.Head.Plain(), "findings 1 to 10 of 12", "some were mended since the button was drawn")

	key := l.findings[0].Key()
	d, err := w.Mending(t.Context(), "U0DAVE", "seranking", key)
	require.NoError(t, err)
	require.Equal(t, []any{"seranking", "xa@globex.example", "nobody approved it"}, []any{d.App, d.Email, d.Reason})
	l.closed[key] = true
	_, err = w.Mending(t.Context(), "U0DAVE", "seranking", key)
	require.ErrorContains(t, err, "That's been mended since: of xa@globex.example, “there but never approved” isn't so any more in SE Ranking.")
	_, err = w.Mending(t.Context(), "U0DAVE", "seranking", "else")
	require.ErrorContains(t, err, "That finding is an old one")
	l.findings = nil
	reply, err = w.Findings(t.Context(), "U0DAVE", More{App: "seranking", From: 0})
	require.NoError(t, err)
	require.Contains(t, reply.Head.Plain(), "everything is as it should be")
}
