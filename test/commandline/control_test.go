package commandline

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/forget"
	byapi "github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/values"
	"github.com/usherbot/usher/test/world"
)

// standIn answers for Slack: everybody is an active member, but for those who cannot be found out.
type standIn struct{ lost map[approvals.PersonID]bool }

// configured is the app that requests here are about.
func configured() []approvals.App {
	return []approvals.App{{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}}
}

func (d standIn) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	if d.lost[id] {
		return approvals.Person{}, errors.New("Slack is away")
	}
	return approvals.Person{ID: id, Name: nameOf(id), Email: string(id) + "@acme.example", Active: true}, nil
}

// nameOf makes "Alice" of U0ALICE.
func nameOf(id approvals.PersonID) string {
	name := strings.TrimPrefix(string(id), "U0")
	return name[:1] + strings.ToLower(name[1:])
}

// handles are what user groups are called.
type handles map[approvals.GroupID]string

func (h handles) GroupName(_ context.Context, id approvals.GroupID) (string, error) {
	if name, ok := h[id]; ok {
		return name, nil
	}
	return "", errors.New("Slack is away")
}

func (standIn) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

func (d standIn) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	return []approvals.PersonID{"U0LEA", "U0LEO"}, nil
}

// standing is a data folder with a desk on it and its socket open, as `usher run` has it.
type standing struct {
	dir  string
	desk *approvals.Desk
	db   *bolt.Store
	shut func()
	// register is joined by tests that are about it.
	register *register.Register
	// reports likewise.
	reports *reports.Runner
}

// openStanding puts need yes-votes under the policy and opens the socket.
func openStanding(t *testing.T, need int) *standing {
	t.Helper()
	return standingBeside(t, need, nil)
}

// standingBeside keeps what may be somebody's beside the log, under keys that random draws; nil: in it.
func standingBeside(t *testing.T, need int, random io.Reader) *standing {
	t.Helper()
	dir := t.TempDir()
	db, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler), Random: random})
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	s := &standing{dir: dir, db: db, register: &register.Register{}, reports: &reports.Runner{Planner: &reports.Planner{Memory: db, Now: time.Now, Log: log}}, desk: &approvals.Desk{Apps: configured(), Book: db, Directory: standIn{}, Log: log, Wake: func() {},
		Nonce:    func() (string, error) { return approvals.NewNonce(rand.Reader) },
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: need, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}}}
	c := &control.Server{Desk: s.desk, Register: s.register, Reports: s.reports, Reviews: &reviews.Reviews{Desk: s.desk, Book: db, Log: log}, Store: db, Dir: dir, Now: time.Now, Log: log, Who: control.Peer, Forgetter: &forget.Forgetter{Store: db, Random: rand.Reader, Now: time.Now, Log: log}, Groups: handles{"S0LEADS": "@leads"},
		Metrics: func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "usher_audit_entries 1\n")
			return err
		}}
	d, err := control.Open(dir, c.Handler(), log)
	require.NoError(t, err)
	closed := false
	s.shut = func() {
		if !closed {
			closed = true
			require.NoError(t, d.Close())
			require.NoError(t, db.Close())
		}
	}
	t.Cleanup(s.shut)
	return s
}

func (s *standing) ask(t *testing.T, email string) int64 {
	t.Helper()
	return s.askUnder(t, email, email)
}

// askUnder asks under a key of Slack's.
func (s *standing) askUnder(t *testing.T, key, email string) int64 {
	t.Helper()
	r, _, err := s.desk.Open(t.Context(), approvals.Ask{Origin: approvals.Origin{Key: key}, Requester: "U0ALICE", Action: catalog.Create,
		App: approvals.App{ID: "seranking", Name: "SE Ranking"}, Change: approvals.Change{Email: email, Values: values.Of{Type: "client"}.Values()}, Reason: "launch"}, time.Now())
	require.NoError(t, err)
	return r.Number
}

func (s *standing) state(t *testing.T, n int64) approvals.Request {
	t.Helper()
	r, err := s.desk.Request(t.Context(), n)
	require.NoError(t, err)
	return r
}

// usher is a command line against the standing folder; it ends well.
func (s *standing) usher(t *testing.T, args ...string) world.Answer {
	t.Helper()
	return world.Usher(t, nil, append(args, "--data", s.dir)...)
}

func me(t *testing.T) approvals.Actor {
	t.Helper()
	u, err := user.Current()
	require.NoError(t, err)
	return approvals.OSUser(u.Username)
}

func TestRequestsAtTheCommandLine(t *testing.T) {
	s := openStanding(t, 1)
	require.Equal(t, world.Answered(terminal.ExitDone, "Nothing is waiting. `usher requests --all` lists closed requests too.\n", ""), s.usher(t, "requests"))
	require.Equal(t, "Nobody has asked for anything yet.\n", s.usher(t, "requests", "--all").Out)
	s.ask(t, "jane@acme.example")
	s.ask(t, "evil\x1b[2J\u202eelpmaxe@acme.example")
	a := s.usher(t, "requests")
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	lines := strings.Split(a.Out, "\n")
	require.Regexp(t, `^# +STATE +WHAT +FOR +ASKED BY +SINCE +CAN APPROVE +EXPIRES +WHY$`, lines[0])
	require.Regexp(t, `^1 +pending +create client seat +jane@acme\.example +Alice +less than a minute ago +Bob, @leads +in 6 d 23 h +launch$`, lines[2])
	require.Contains(t, lines[1], "evil·[2J·elpmaxe@acme.example")
	require.NotContains(t, a.Out, "\x1b")
	require.NotContains(t, a.Out, "\u202e")
	require.Contains(t, a.Out, "Decide with `usher approve N`")

	require.Equal(t, terminal.ExitDone, s.usher(t, "deny", "2", "--reason", "strange address").Code)
	require.NotContains(t, s.usher(t, "requests").Out, "denied")
	require.Contains(t, s.usher(t, "requests", "--all").Out, "denied")
	var list []approvals.Request
	require.NoError(t, json.Unmarshal([]byte(s.usher(t, "requests", "--json", "--all").Out), &list))
	require.Len(t, list, 2)
	require.Equal(t, "strange address", list[0].Refusal)
	require.Equal(t, "[]\n", openStanding(t, 1).usher(t, "requests", "--json").Out)
}

func TestDecidingAtTheCommandLine(t *testing.T) {
	s := openStanding(t, 1)
	n := s.ask(t, "jane@acme.example")
	a := s.usher(t, "approve", fmt.Sprintf("#%d", n))
	require.Equal(t, world.Answered(terminal.ExitDone, "#1 is approved; the account is being created. I'll tell Alice how it goes.\n", ""), a)
	r := s.state(t, n)
	require.Equal(t, approvals.Approved, r.State)
	require.Equal(t, me(t), r.DecidedBy, "the person of the operating system is recorded")
	require.Equal(t, control.Surface, r.Votes[0].Surface)
	require.Contains(t, s.usher(t, "approve", "1").Out, "You already said so.", "asking twice changes nothing")

	late := s.usher(t, "deny", "1", "--reason", "changed my mind")
	require.Equal(t, terminal.ExitFailed, late.Code)
	require.Contains(t, late.Errors, "You already said yes to #1")
	require.Equal(t, approvals.Approved, s.state(t, n).State)

	n = s.ask(t, "john@acme.example")
	require.Equal(t, "#2 is denied. I'll tell Alice, with your reason.\n", s.usher(t, "deny", "2", "--reason", " no budget ").Out)
	require.Equal(t, "no budget", s.state(t, n).Refusal)
	none := s.usher(t, "approve", "99")
	require.Equal(t, world.Answered(terminal.ExitFailed, "", "usher: There's no request #99. usher requests --all lists what there is.\n"), none)
	long := s.usher(t, "deny", "2", "--reason", strings.Repeat("x", 501))
	require.Equal(t, terminal.ExitFailed, long.Code)
	require.Contains(t, long.Errors, "longer than 500 characters")
}

// TestOneVoteIsNotTwo: policy applies to the command line as to everybody else.
func TestOneVoteIsNotTwo(t *testing.T) {
	s := openStanding(t, 2)
	n := s.ask(t, "jane@acme.example")
	a := s.usher(t, "approve", "1")
	require.Equal(t, world.Answered(terminal.ExitDone, "Your yes to #1 counts. One more person must say yes before anything happens: Bob or anyone in @leads.\n", ""), a)
	require.Contains(t, s.usher(t, "approve", "1").Out, "You already said yes to #1, and it counts once. One more person")
	require.Equal(t, approvals.Pending, s.state(t, n).State)
	require.Contains(t, s.usher(t, "requests").Out, "@leads (1 of 2 yes)")
	_, err := s.desk.Vote(t.Context(), n, approvals.Vote{By: "U0BOB", Yes: true, At: time.Now(), Surface: "slack"}, time.Now())
	require.NoError(t, err)
	require.Equal(t, approvals.Approved, s.state(t, n).State, "with somebody in Slack it is enough")
}

// TestTwoAccountsAreOnePerson: another account's yes before mine leaves mine kept and not counted, and I
// am told so.
func TestTwoAccountsAreOnePerson(t *testing.T) {
	s := openStanding(t, 2)
	n := s.ask(t, "jane@acme.example")
	_, err := s.desk.Vote(t.Context(), n, approvals.Vote{By: approvals.OSUser("night-shift"), Yes: true, At: time.Now(), Surface: control.Surface}, time.Now())
	require.NoError(t, err)
	for range 2 {
		a := s.usher(t, "approve", "1")
		require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
		require.Contains(t, a.Out, "Your yes to #1 is saved but doesn't add to an earlier one: ")
		require.Contains(t, a.Out, "(the command line counts as one person). One more person must say yes before anything happens: Bob or anyone in @leads.")
	}
	require.Equal(t, approvals.Pending, s.state(t, n).State)
	require.Contains(t, s.usher(t, "requests").Out, "@leads (1 of 2 yes)")
}

func TestABackupIsProvenWhileTheBotIsUp(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	file := filepath.Join(t.TempDir(), "usher.backup")
	require.Equal(t, terminal.ExitDone, s.usher(t, "backup", file).Code)
	a := s.usher(t, "restore", "--dry-run", file)
	require.Equal(t, terminal.ExitDone, a.Code, a.Errors)
	require.Contains(t, a.Out, "1 request (1 pending)")
}

func TestOverridingShows(t *testing.T) {
	s := openStanding(t, 2)
	yes, no := s.ask(t, "jane@acme.example"), s.ask(t, "john@acme.example")
	a := s.usher(t, "approve", "1", "--override", "--reason", "both approvers are on a plane")
	require.Equal(t, world.Answered(terminal.ExitDone, "#1 is approved past its policy, which its card and the audit log show; the account is being created. I'll tell Alice how it goes.\n", ""), a)
	r := s.state(t, yes)
	require.Equal(t, approvals.Approved, r.State)
	require.Equal(t, "both approvers are on a plane", r.Override)
	require.Equal(t, terminal.ExitDone, s.usher(t, "deny", "2", "--override", "--reason", "wrong address").Code)
	require.Equal(t, approvals.Denied, s.state(t, no).State)
	late := s.usher(t, "approve", "2", "--override", "--reason", "after all")
	require.Equal(t, terminal.ExitFailed, late.Code)
	require.Contains(t, late.Errors, "denied #2", "a decision that was taken stands, also against this")

	log := s.usher(t, "audit", "export")
	require.Equal(t, terminal.ExitDone, log.Code)
	require.Contains(t, log.Out, "approved past the policy")
	require.Contains(t, log.Out, "reason: both approvers are on a plane")
	require.Contains(t, log.Out, string(me(t)))
	require.NoError(t, s.db.Check(t.Context()))
}

// TestNobodyDecidesWhatIsOver: a request whose time is up stays open while Slack is away and nobody could
// be told of its end; it is decided no more, past the policy neither.
func TestNobodyDecidesWhatIsOver(t *testing.T) {
	s := openStanding(t, 1)
	s.desk.Policies[0].ExpiresAfter = time.Nanosecond
	n := s.ask(t, "jane@acme.example")
	for _, args := range [][]string{{"approve", "1"}, {"deny", "1", "--reason", "no"},
		{"approve", "1", "--override", "--reason", "fire"}, {"deny", "1", "--override", "--reason", "fire"}} {
		a := s.usher(t, args...)
		require.Equal(t, terminal.ExitFailed, a.Code, args)
		require.Contains(t, a.Errors, "Time ran out for #1 ", args)
		require.Contains(t, a.Errors, "Alice can ask again.", args)
	}
	r := s.state(t, n)
	require.Equal(t, approvals.Pending, r.State)
	require.Empty(t, r.Votes)
	require.Empty(t, r.Override)
}

// TestDecidingWhileSlackIsAway: names are a courtesy; the decision needs nobody's answer.
func TestDecidingWhileSlackIsAway(t *testing.T) {
	s := openStanding(t, 1)
	s.ask(t, "jane@acme.example")
	s.desk.Directory = standIn{lost: map[approvals.PersonID]bool{"U0ALICE": true, "U0BOB": true}}
	require.Contains(t, s.usher(t, "requests").Out, " person U0ALICE ")
	require.Contains(t, s.usher(t, "approve", "1").Out, "#1 is approved")
}

func TestNobodyIsUp(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"requests"}, {"approve", "1"}, {"deny", "1", "--reason", "no"}, {"metrics"}} {
		a := world.Usher(t, nil, append(args, "--data", dir)...)
		require.Equal(t, terminal.ExitFailed, a.Code, args)
		require.Equal(t, fmt.Sprintf("usher: no Usher answers at %s: start `usher run` with this data folder (--data), or ask on the machine where it runs\n", filepath.Join(dir, control.SocketName)), a.Errors)
	}
	long := filepath.Join(dir, strings.Repeat("d", 100))
	a := world.Usher(t, nil, "requests", "--data", long)
	require.Equal(t, terminal.ExitFailed, a.Code)
	require.Contains(t, a.Errors, "too long for a socket")
}

func TestTheSocketIsPrivateAndGoes(t *testing.T) {
	s := openStanding(t, 1)
	path := filepath.Join(s.dir, control.SocketName)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	require.Equal(t, os.ModeSocket|0o600, info.Mode())
	left, err := filepath.Glob(filepath.Join(s.dir, "*"))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{path, filepath.Join(s.dir, bolt.File)}, left, "nothing else is left in the folder")
	s.shut()
	require.NoFileExists(t, path)
}

func TestAStaleSocketIsReplacedAndALiveOneIsNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, control.SocketName)
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	dead.SetUnlinkOnClose(false)
	require.NoError(t, dead.Close())
	require.FileExists(t, path)
	log := slog.New(slog.DiscardHandler)
	d, err := control.Open(dir, http.NotFoundHandler(), log)
	require.NoError(t, err)
	require.True(t, control.Alive(path))
	_, err = control.Open(dir, http.NotFoundHandler(), log)
	require.ErrorContains(t, err, "another process answers at "+path)
	require.True(t, control.Alive(path), "it was left alone")

	require.NoError(t, os.Remove(path))
	require.NoError(t, os.WriteFile(path, []byte("somebody's file"), 0o600))
	require.NoError(t, d.Close())
	require.FileExists(t, path, "what is not ours any more is not removed")
}

// TestAPathTooLongForASocket: the bot works without; the log says so.
func TestAPathTooLongForASocket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	require.NoError(t, os.Mkdir(dir, 0o700))
	var log bytes.Buffer
	d, err := control.Open(dir, http.NotFoundHandler(), slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.Contains(t, log.String(), "level=WARN")
	require.Contains(t, log.String(), "use a shorter --data")
}

func TestAuditThroughTheSocket(t *testing.T) {
	t.Parallel()
	s := openStanding(t, 1)
	for i := range 500 + 20 { // more than one page
		require.NoError(t, s.db.Update(t.Context(), func(tx approvals.Tx) error {
			return tx.Audit(approvals.Entry{At: time.Unix(int64(i), 0), Actor: approvals.Usher, What: "started", Surface: "test"})
		}))
	}
	head, err := s.db.Head(t.Context())
	require.NoError(t, err)
	running := s.usher(t, "audit", "verify", "--head", head.String())
	require.Equal(t, world.Answered(terminal.ExitDone, fmt.Sprintf("ok: %d entries, head %s\n", 500+20, head), ""), running)
	export := s.usher(t, "audit", "export")
	require.Equal(t, terminal.ExitDone, export.Code)
	s.shut()
	require.Equal(t, export, s.usher(t, "audit", "export"), "the same as from the file")
	require.Equal(t, running, world.Usher(t, nil, "audit", "verify", "--export", writeExport(t, []byte(export.Out))))
}
