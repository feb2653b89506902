package register

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// drawer has one file that somebody added to a form, and may be out of order; it fails the test where more is read than fits.
type drawer struct {
	raw   []byte
	size  int64
	err   error
	reads int
}

func (d *drawer) Fetch(_ context.Context, _ string, _ int, fits func(int64) error) ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	if err := fits(max(d.size, int64(len(d.raw)))); err != nil {
		return nil, err
	}
	d.reads++
	return d.raw, nil
}

// Known lists what the shelf owes.
func (s *shelf) Known(_ context.Context, pre string) (keys []string, err error) {
	for _, c := range s.owed {
		if strings.HasPrefix(c.Put.Key, pre) {
			keys = append(keys, c.Put.Key)
		}
	}
	return keys, nil
}

// ordering is a register whose orders are carried out by hand.
func ordering(t *testing.T, d *drawer, fails ...bool) (*shelf, *Register) {
	s := &shelf{t: t, fails: fails}
	g := s.joined()
	g.Files, g.Box = d, s
	return s, g
}

// told are the messages that are owed by now.
func (s *shelf) told(t *testing.T) (all []Told) {
	for _, c := range s.owed {
		if outbox.Kind(c.Put.Key) != approvals.KindImported {
			continue
		}
		var one Told
		require.NoError(t, json.Unmarshal(c.Put.Body, &one))
		require.True(t, c.Once)
		require.True(t, strings.HasSuffix(c.Put.Key, "/U0DAVE"))
		all = append(all, one)
	}
	return all
}

func job(t *testing.T, o Order, tries int) outbox.Job {
	body, err := json.Marshal(o)
	require.NoError(t, err)
	return outbox.NewJob(outbox.Intent{Key: "import/x", Body: body, Tries: tries}, nil)
}

var order = Order{App: "semrush", File: "F1", Name: "members.csv", By: "U0DAVE", At: noon}

// TestAListIsImportedAndToldOnce: whatever is carried out again, and whatever the disk says, is one import with one message.
func TestAListIsImportedAndToldOnce(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}, "kept twice, unsure": {true, true}, "not kept at all, unsure": {false, false}} {
		d := &drawer{raw: []byte("Email\nstranger@agency.example\n")}
		s, g := ordering(t, d, fails...)
		var result outbox.Result
		for try := range 3 {
			result = g.Orders(func() time.Time { return noon.Add(time.Duration(try) * time.Minute) }).Do(t.Context(), job(t, order, try))
		}
		require.True(t, result.IsDone(), name)
		require.Len(t, s.log, 1, name)
		told := s.told(t)
		require.Len(t, told, 1, name)
		require.Empty(t, told[0].Wrong, name)
		require.Equal(t, Numbers{New: 1}, told[0].Numbers, name)
		require.Equal(t, noon, s.kept.At, "it counts as of when it was added")
		require.Equal(t, approvals.Actor("U0DAVE"), s.log[0].Actor)
		require.Contains(t, string(s.log[0].Detail), `"file":"members.csv","sha256":"`)
		require.Equal(t, "slack", s.log[0].Surface)
	}
}

// TestOneFormIsOneOrder: sent again it is the same, read in another way it is another.
func TestOneFormIsOneOrder(t *testing.T) {
	s, g := ordering(t, &drawer{})
	again := order
	again.At, again.Name = noon.Add(time.Hour), "other.csv"
	look, named, other := order, order, order
	look.DryRun, named.Columns, other.File = true, map[list.Column]string{list.Email: list.At(0)}, "F2"
	keys := map[string]int{}
	for _, o := range []Order{order, again, look, named, named, other} {
		require.NoError(t, g.Order(t.Context(), o))
		keys[s.owed[len(s.owed)-1].Put.Key]++
	}
	require.Len(t, keys, 4)
	require.Equal(t, 2, keys["import/semrush/F1"])
	for _, c := range s.owed {
		require.True(t, c.Once)
	}
}

// TestWhatCannotBeImportedIsTold: what is wrong for good is told at once, and nothing is kept; what may pass is tried for a day.
func TestWhatCannotBeImportedIsTold(t *testing.T) {
	for _, row := range []struct {
		d       *drawer
		at      time.Duration
		says    string
		columns bool
	}{
		{d: &drawer{size: list.MostBytes + 1}, says: "The file has 11 MB; I read up to 10 MB."},
		{d: &drawer{raw: []byte("Contact,Rang\na@b.example,x\n")}, says: "I can't tell which column has the e-mail addresses. I found: “Contact”, “Rang”.", columns: true},
		{d: &drawer{raw: []byte("Email,Type,Role\na@b.example,x,y\n")}, says: "More than one column could be the role: “Type”, “Role”.", columns: true},
		{d: &drawer{raw: []byte("a@b.example,x\n")}, says: "it begins with an address"},
		{d: &drawer{raw: []byte("Email\n" + strings.Repeat("a@b.example\n", list.MostRows+1))}, says: "The list has more than 20000 rows."},
		{d: &drawer{raw: []byte("%PDF-1.7")}, says: "That's a PDF."},
		{d: &drawer{err: approvals.Refuse(approvals.NotFound, "The file isn't in Slack any more.")}, says: "The file isn't in Slack any more."},
		{d: &drawer{err: errors.New("the line is cut")}, at: 24 * time.Hour, says: "I couldn't get the file from Slack for a whole day"},
	} {
		s, g := ordering(t, row.d)
		result := g.Orders(func() time.Time { return noon.Add(row.at) }).Do(t.Context(), job(t, order, 0))
		require.True(t, result.IsDone(), row.says)
		require.Zero(t, s.kept, row.says)
		require.Empty(t, s.log, row.says)
		told := s.told(t)
		require.Len(t, told, 1, row.says)
		require.Contains(t, told[0].Wrong.Plain(), row.says)
		require.NotContains(t, told[0].Wrong.Plain(), "--column")
		require.Equal(t, row.columns, told[0].Columns, row.says)
	}
	s, g := ordering(t, &drawer{err: errors.New("the line is cut")})
	at, _, again := g.Orders(func() time.Time { return noon }).Do(t.Context(), job(t, order, 0)).IsRetry()
	require.True(t, again)
	require.Equal(t, noon.Add(2*time.Second), at)
	require.Empty(t, s.owed)
}

// lostSight is a workspace that can't say who is in it.
type lostSight struct{}

func (lostSight) Everybody(context.Context) ([]approvals.Person, error) {
	return nil, errors.New("Slack is away")
}

// TestAListWaitsForWhoHasLeft: while Slack can't say who has left it waits a while, and is compared without that then.
func TestAListWaitsForWhoHasLeft(t *testing.T) {
	s, g := ordering(t, &drawer{raw: []byte("Email\nstranger@agency.example\n")})
	g.Workspace, g.Log = lostSight{}, slog.New(slog.DiscardHandler)
	do := g.Orders(func() time.Time { return noon })
	for try := range patientFor {
		_, _, again := do.Do(t.Context(), job(t, order, try)).IsRetry()
		require.True(t, again, try)
	}
	require.True(t, do.Do(t.Context(), job(t, order, patientFor)).IsDone())
	require.True(t, s.told(t)[0].Result.Blind)
}

// TestALookKeepsNothing: it is told, and nothing else is there.
func TestALookKeepsNothing(t *testing.T) {
	s, g := ordering(t, &drawer{raw: []byte("Email\nstranger@agency.example\n")})
	look := order
	look.DryRun = true
	require.True(t, g.Orders(func() time.Time { return noon }).Do(t.Context(), job(t, look, 0)).IsDone())
	require.Zero(t, s.kept)
	require.Empty(t, s.log)
	require.Equal(t, 1, s.told(t)[0].Numbers.New)
}

// TestALongListIsToldInShort: what is owed has the beginning of it, and how much there is.
func TestALongListIsToldInShort(t *testing.T) {
	var rows strings.Builder
	for i := range 300 {
		_, email := somebody(i)
		rows.WriteString(email + "\n" + email + "\nnobody\n")
	}
	s, g := ordering(t, &drawer{raw: []byte("Email\n" + rows.String())})
	require.True(t, g.Orders(func() time.Time { return noon }).Do(t.Context(), job(t, order, 0)).IsDone())
	one := s.told(t)[0]
	require.Equal(t, Numbers{New: 300, Skipped: 300, Twice: 300}, one.Numbers)
	require.Equal(t, []int{10, 5, 5}, []int{len(one.Found), len(one.Result.Skipped), len(one.Result.Twice)})
	require.Less(t, len(s.owed[len(s.owed)-1].Put.Body), 12<<10)
}
