package commandline

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// vendors answers for the apps' vendors, and for everybody in Slack.
type vendors struct {
	approvals.Inventory
	seats  []approvals.Seat
	people []approvals.Person
	more   []approvals.App
	lost   bool
}

func (v *vendors) Apps() []approvals.App {
	list := approvals.App{ID: "listed", Name: "Listed"}
	entry := *configured()[0].Entry
	entry.Reads.Used = false
	list.Entry = &entry
	return append(append(configured(), list), v.more...)
}

func (v *vendors) Accounts(ctx context.Context, app string, fresh bool) (approvals.Accounts, error) {
	l, err := v.Seats(ctx, app, fresh)
	return l.Accounts(), err
}

func (v *vendors) Walk(ctx context.Context, app string) (approvals.Accounts, error) {
	return v.Accounts(ctx, app, true)
}

func (v *vendors) Seats(_ context.Context, app string, _ bool) (approvals.SeatList, error) {
	if v.lost {
		return approvals.SeatList{}, errors.New("the vendor is away")
	}
	return approvals.SeatList{App: configured()[0], Seats: v.seats, At: time.Now()}, nil
}

func (v *vendors) Everybody(context.Context) ([]approvals.Person, error) {
	if v.lost {
		return nil, errors.New("Slack is away")
	}
	return v.people, nil
}

// registered is a standing folder with a register.
func registered(t *testing.T) (*standing, *vendors) {
	v := &vendors{people: []approvals.Person{{ID: "U0JANE", Name: "Jane", Email: "jane@acme.example", Active: true}, {ID: "U0SAM", Name: "Sam", Email: "sam@acme.example"}}}
	s := openStanding(t, 1)
	s.register.Desk, s.register.Book, s.register.Inventory, s.register.Workspace, s.register.Log = s.desk, s.db, v, v, slog.New(slog.DiscardHandler)
	s.desk.Apps = v.Apps()
	return s, v
}

// has has a request for an app done.
func (s *standing) has(t *testing.T, app, email string) int64 {
	t.Helper()
	n := s.ask(t, app+"-"+email)
	r := s.state(t, n)
	r.App, r.Change.Email = approvals.App{ID: app, Name: map[string]string{"seranking": "SE Ranking", "listed": "Listed", "office": "The office"}[app]}, email
	r.State, r.Outcome = approvals.Done, &approvals.Outcome{At: time.Now().Add(-time.Hour), Text: approvals.Sayf("It is done.")}
	r.Votes = []approvals.Vote{{By: "U0BOB", Yes: true}}
	require.NoError(t, s.db.Update(t.Context(), func(tx approvals.Tx) error { return tx.Put(r) }))
	return n
}

func (s *standing) file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// TestImportAtTheCommandLine: a list is compared, what differs is told with what mends it, and told again as the same; mended it
// closes. What was only tried keeps nothing.
func TestImportAtTheCommandLine(t *testing.T) {
	s, v := registered(t)
	s.has(t, "listed", "jane@acme.example")
	s.has(t, "listed", "gone@acme.example")
	path := s.file(t, "members.csv", "E-mail;Type;Team\r\njane@acme.example;client;SEO\r\nsam@acme.example;client;\r\n=HYPERLINK(1);x;\r\nstranger@agency.example;=cmd|x;\r\nJane@acme.example;client;PR\r\n")

	a := s.usher(t, "import", "listed", path, "--dry-run")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Regexp(t, `^Listed · 3 members, as of 20\d\d-\d\d-\d\d \d\d:\d\d UTC\nRead as: email: “E-mail”, role: “Type”\nNot read: Team\n`+
		`Row 4 has no e-mail address: =HYPERLINK\(1\) x\nListed more than once, and taken together: jane@acme.example\nGiven by request, and not in the list: gone@acme.example\n\n`+
		`FINDING +WHO +WHAT +ROWS +FOUND\n`+
		`left the company +sam@acme.example +deactivated in Slack, and still has it. +3 +now\n`+
		`belongs to nobody we know +stranger@agency.example +nobody in Slack has this address, and no request gave it. +5 +now\n\n`+
		`To mend them, copy into Slack what you agree with:\n`+
		`  /access delete sam@acme.example app=listed because they left the company\n`+
		`  /access delete stranger@agency.example app=listed because it belongs to nobody we know\n\n`+
		`2 findings: 2 new, 0 known before. Nothing was kept \(--dry-run\).\n$`, a.Out)
	kept, err := s.db.Register(t.Context(), "listed")
	require.NoError(t, err)
	require.Zero(t, kept)
	head, err := s.db.Head(t.Context())
	require.NoError(t, err)

	require.Contains(t, s.usher(t, "import", "listed", path).Out, "\n2 findings: 2 new, 0 known before.\n")
	after, err := s.db.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, head.Seq+1, after.Seq, "one entry of the audit log")
	require.Contains(t, s.usher(t, "audit", "export").Out, `"what":"a member list was imported","surface":"command line","detail":{"app":"listed","file":"members.csv","sha256":"`)
	require.Contains(t, s.usher(t, "import", "Listed", path).Out, "\n2 findings: 0 new, 2 known before.\n")

	v.lost = true
	blind := s.file(t, "blind.csv", "E-mail\njane@acme.example\nsam@acme.example\n")
	out := s.usher(t, "import", "listed", blind).Out
	require.Contains(t, out, "Slack couldn't tell who has left the company")
	require.Contains(t, out, "\n1 finding: 1 new, 0 known before. 1 was mended since.\n", "sam is there and was never approved")
	v.lost = false
	var r register.Result
	a = s.usher(t, "import", "listed", s.file(t, "fine.csv", "E-mail\njane@acme.example\ngone@acme.example\n"), "--json")
	require.NoError(t, json.Unmarshal([]byte(a.Out), &r))
	require.Empty(t, r.New)
	require.Len(t, r.Closed, 2)
}

// TestImportRefusesAtTheCommandLine: what can't be read is told with what to do, and nothing is kept.
func TestImportRefusesAtTheCommandLine(t *testing.T) {
	s, _ := registered(t)
	good := s.file(t, "good.csv", "Contact,Rang\njane@acme.example,Admin\n")
	for _, row := range []struct {
		code int
		says string
		args []string
	}{
		{terminal.ExitWrong, `there's no file "nowhere.csv"; expected a vendor's member list as CSV or XLSX`, []string{"listed", "nowhere.csv"}},
		{terminal.ExitWrong, "is a folder", []string{"listed", t.TempDir()}},
		{terminal.ExitWrong, `--column "mail=x" names no column; expected one of email, name, first, last, role, status, active, invited, seat, and what the list calls it`, []string{"listed", good, "--column", "mail=x"}},
		{terminal.ExitFailed, "I don't know the app “nope”. There is: seranking, listed.", []string{"nope", good, "--column", "email=Contact"}},
		{terminal.ExitFailed, `I can't tell which column has the e-mail addresses. I found: “Contact”, “Rang”. Say which it is, by its name or its place: --column email="Contact"`, []string{"listed", good}},
		{terminal.ExitFailed, "The file has 11 MB; I read up to 10 MB.", []string{"listed", s.file(t, "large.csv", strings.Repeat("x", list.MostBytes+1))}},
	} {
		a := s.usher(t, append([]string{"import"}, row.args...)...)
		require.Equal(t, row.code, a.Code, a.Errors)
		require.Contains(t, a.Errors, row.says)
	}
	require.Equal(t, terminal.ExitDone, s.usher(t, "import", "listed", good, "--column", "email=Contact", "--column", "role=2").Code)
	s.shut()
	require.Contains(t, s.usher(t, "import", "listed", good).Errors, "no Usher answers")
}

// workbook is a spreadsheet of one sheet, as programs write it.
func workbook(t *testing.T, rows ...[]string) string {
	t.Helper()
	var cells strings.Builder
	for _, row := range rows {
		cells.WriteString("<row>")
		for _, c := range row {
			cells.WriteString(`<c t="inlineStr"><is><t>` + c + `</t></is></c>`)
		}
		cells.WriteString("</row>")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Users" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   "<worksheet><sheetData>" + cells.String() + "</sheetData></worksheet>",
	} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

// TestImportOfASpreadsheet: a list is read by what it is, whatever its name says; its rows are counted as people see them, and the same
// rows from another file differ in the same.
func TestImportOfASpreadsheet(t *testing.T) {
	s, _ := registered(t)
	s.has(t, "listed", "jane@acme.example")
	a := s.usher(t, "import", "listed", s.file(t, "members.csv", workbook(t, []string{"Email", "Type"}, []string{"jane@acme.example", "client"}, []string{"stranger@agency.example", "client"})))
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "Listed · 2 members, as of ")
	require.Contains(t, a.Out, "Read as: email: “Email”, role: “Type”\n")
	require.Regexp(t, `belongs to nobody we know +stranger@agency\.example +nobody in Slack has this address, and no request gave it\. +3 +now\n`, a.Out)
	require.Contains(t, a.Out, "\n1 finding: 1 new, 0 known before.\n")
	a = s.usher(t, "import", "listed", s.file(t, "again.xlsx", "Email,Type\njane@acme.example,client\nstranger@agency.example,client\n"))
	require.Contains(t, a.Out, "\n1 finding: 0 new, 1 known before.\n", a.Errors)
}

// TestWhoAtTheCommandLine: who holds what, by app, address or person, from requests, the vendor and the last list.
func TestWhoAtTheCommandLine(t *testing.T) {
	s, v := registered(t)
	s.has(t, "seranking", "jane@acme.example")
	s.has(t, "listed", "jane@acme.example")
	v.seats = []approvals.Seat{{ID: "7", Email: "Jane@acme.example", Sort: "client"}, {ID: "8", Email: "dale@globex.example", FirstName: "Dale", Sort: "client"}}
	a := s.usher(t, "who", "app=seranking")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Regexp(t, `^APP +WHO +HAS +SINCE +REQUEST +ALLOWED BY +UNTIL +COST +VERIFIED\n`+
		`SE Ranking +jane@acme.example +client seat +20\S+ +#1 +Bob +- +- +read from SE Ranking, .* ago\n`+
		`SE Ranking +Dale <dale@globex.example> +client seat, found: no request gave it +- +- +- +- +- +read from SE Ranking, .* ago\n$`, a.Out)
	a = s.usher(t, "who", "jane@acme.example")
	require.Regexp(t, `\nListed +jane@acme.example +client seat +20\S+ +#2 +Bob +- +- +only said, 1 h( \d+ min)? ago\n`, a.Out)
	require.Contains(t, a.Out, "No member list of listed was imported yet, so of it only what was said is known. `usher import listed FILE` compares one.\n")
	require.NotContains(t, a.Out, "dale@")
	require.Equal(t, terminal.ExitDone, s.usher(t, "import", "listed", s.file(t, "members.csv", "Email,Type\njane@acme.example,user\n")).Code)
	a = s.usher(t, "who", "app=listed")
	require.Regexp(t, `client seat, listed as user seat .* in its list, .* ago\n`, a.Out)
	require.Contains(t, a.Out, "\nrole differs  jane@acme.example  listed as “user seat”; #2 gave “client seat”.  2     20")
	v.lost = true
	a = s.usher(t, "who", "app=seranking")
	require.Contains(t, a.Out, "I can't read seranking just now: of it only what was done by request is shown.")
	require.NotContains(t, a.Out, "dale@")
	var h register.Holdings
	require.NoError(t, json.Unmarshal([]byte(s.usher(t, "who", "U0JANE@acme.example", "--json").Out), &h))
	require.Empty(t, h.Entries)
	require.Equal(t, "Nothing that I know of.\n", strings.SplitAfter(s.usher(t, "who", "nobody@acme.example").Out, "\n")[0])
	require.Equal(t, world.Answered(terminal.ExitWrong, "", "usher: I can't tell who \"jane\" is; expected a member id (U…), an e-mail address, or app=ID\n"), s.usher(t, "who", "jane"))
	require.Contains(t, s.usher(t, "who", "app=nope").Errors, "I don't know the app “nope”.")
}

// lent is an office whose badges cost something, and are taken back in three steps.
func lent() approvals.App {
	app := office()
	app.Price = approvals.Price{Amount: 2000, Currency: "USD"}
	app.Entry.Actions = append(app.Entry.Actions, catalog.Action{Key: catalog.Delete, Effect: catalog.Takes, Ends: true, Steps: []catalog.Step{
		{Key: "lock", Do: "Lock the badge of {email}", Marks: catalog.AccessRemoved},
		{Key: "return", Do: "Send it back", Marks: catalog.SeatReleased},
		{Key: "note", Do: "Note where it went", Proof: catalog.Note},
	}})
	return app
}

// TestWhoForPrograms: what programs read of who holds what, under names that stay: a badge that is lent, of which first the access
// is taken and then the seat.
func TestWhoForPrograms(t *testing.T) {
	s, v := registered(t)
	v.more = []approvals.App{lent()}
	s.desk.Apps = v.Apps()
	n := s.has(t, "office", "jane@acme.example")
	until := time.Now().Add(30 * 24 * time.Hour).UTC().Truncate(time.Second)
	r := s.state(t, n)
	r.Requester, r.Change.Person, r.Change.FirstName, r.EndsAt, r.Rule.Policy = "U0ALICE", "U0JANE", "Jane", until, "seats"
	require.NoError(t, s.db.Update(t.Context(), func(tx approvals.Tx) error { return tx.Put(r) }))
	a := s.usher(t, "import", "office", s.file(t, "members.csv", "Email,Type,Status\njane@acme.example,Member,Active\nstranger@agency.example,Guest,Pending\n"))
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	_, _, err := s.desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: "back"}, Requester: "U0ALICE", Action: catalog.Delete,
		App: lent(), Change: approvals.Change{Email: "jane@acme.example"}, Reason: "she leaves"}, time.Now())
	require.NoError(t, err)
	require.Equal(t, terminal.ExitDone, s.usher(t, "approve", "2").Code)
	s.desk.Tasking(time.Now).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: approvals.DeedKey(2)}})
	who := func(step string) string { // once a step is done
		require.Equal(t, terminal.ExitDone, s.usher(t, "tick", "2", step).Code)
		told := s.usher(t, "who", "app=office", "--json").Out
		return regexp.MustCompile(`"20\d\d-[^"]*Z"`).ReplaceAllString(told, `"AT"`)
	}
	require.JSONEq(t, `{"entries": [
		{"app": {"id": "office", "name": "The office"}, "email": "jane@acme.example", "person": "U0JANE", "name": "Jane", "seat": true, "holds": "Member",
			"since": "AT", "request": 1, "requester": "U0ALICE", "allowed": ["U0BOB"], "policy": "seats", "until": "AT", "cost": "20 USD a month",
			"verified": {"how": "list", "at": "AT"}, "status": "active", "listed_role": "Member",
			"tasks": [{"request": 2, "does": "being removed", "owner": "U0BOB", "since": "AT", "done": 1, "of": 3}],
			"access_removed": "AT", "still_paid": true},
		{"app": {"id": "office", "name": "The office"}, "email": "stranger@agency.example", "seat": true, "holds": "Guest, invited, found: no request gave it",
			"verified": {"how": "list", "at": "AT"}, "found": true, "status": "invited", "listed_role": "Guest"}],
		"findings": [{"kind": "belongs to nobody we know", "app": "office", "email": "stranger@agency.example", "listed_role": "Guest", "rows": [3],
			"first": "AT", "last": "AT"}],
		"mends": {"belongs to nobody we know/office/stranger@agency.example": {"app": "office", "action": "delete", "email": "stranger@agency.example",
			"reason": "it belongs to nobody we know"}}}`, who("lock"))
	released := who("return")
	require.Regexp(t, `"access_removed": "AT",\s+"seat_released": "AT"`, released)
	require.NotContains(t, released, "still_paid")
}
