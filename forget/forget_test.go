package forget

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
	pgstore "github.com/usherbot/usher/store/postgres"
	"github.com/usherbot/usher/test/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

var errKilled = errors.New("killed")

// now is when all of it happens.
func now() time.Time { return time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC) }

// theirs are words of Zebedee's, each of which stands somewhere: none may be anywhere afterwards.
func theirs() []string {
	return []string{"zebedee", "quill", "zeb@old.example", "rank tracking", "because of the audit", "not for outsiders", "a note about it"}
}

// others are words of somebody else's, which all stay.
func others() []string {
	return []string{"yvonne@acme.example", "mary-zebra@acme.example", "Yvonne", "Young", "a reason of hers"}
}

func forgetter(s store.Store) *Forgetter {
	return &Forgetter{Store: s, Random: rand.Reader, Now: now, Log: slog.New(slog.DiscardHandler)}
}

// lived fills a store with all that's kept of two people, in every room; what the first had is over.
func lived(t testing.TB, s store.Store) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	must(s.Update(ctx, func(tx approvals.Tx) error {
		for n, r := range requests() {
			r.Number = int64(n + 1)
			must(put(tx, r))
		}
		must(tx.Audit(approvals.Entry{At: now(), Actor: "U0BOB", What: "edited", Request: 1, Before: approvals.Denied, After: approvals.Denied, Why: []string{"first name: Zebedee → Quill", "reason: because of the audit"}}))
		must(tx.Audit(approvals.Entry{At: now(), Actor: "U0BOB", What: "edited", Request: 3, Before: approvals.Denied, After: approvals.Denied, Why: []string{"first name: none → Yvonne", "address: zebedee@acme.example → none"}}))
		return nil
	}))
	for n := range requests() {
		for _, key := range []string{approvals.CardKey(int64(n + 1)), approvals.ApproverKey(int64(n+1), "U0BOB"), approvals.TellKey(int64(n+1), requests()[n].State, 0)} {
			must(s.Promise(ctx, outbox.Promise(key, now())))
			in, err := s.Claim(ctx, key, now())
			must(err)
			must(s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: "1.1", Digest: strings.Repeat("0a", 32)}), now()))
		}
	}
	owed := outbox.Promise("reportfile/weekly/1", now().AddDate(1, 0, 0))
	owed.Put.Body = encoded(t, map[string]any{"paper": base64.StdEncoding.EncodeToString(gzippedOf(t, `{"rows":[["Zebedee@ACME.example","x"],["yvonne@acme.example","y"]]}`+"\n"))})
	must(s.Promise(ctx, owed))
	rooms(t, s)
	must(s.Learn(ctx, "seranking", []byte(`{"shares":{"1":["zebedee@acme.example","yvonne@acme.example"]}}`)))
	must(s.KeepSnapshot(ctx, "weekly", []byte(`{"slot":"1","apps":{"seranking":{"accounts":{"1":{"email":"zebedee@acme.example"},"2":{"email":"yvonne@acme.example"}}}},"told":{"idle":"`+strings.Repeat("ab", 16)+`"}}`)))
	must(s.KeepSnapshot(ctx, "words", []byte("of Zebedee Quill, mary-zebra@acme.example and zebedee@acme.example \x00\xff")))
	for day := range 3 {
		last := ""
		if day > 0 {
			last = fmt.Sprintf("2026-11-%02d", day)
		}
		lines := `{"i":"zebedee@acme.example","e":"Zebedee@acme.example","h":1}` + "\n" + `{"i":"2","e":"yvonne@acme.example"}` + "\n"
		kept, err := s.KeepDay(ctx, "seranking", last, fmt.Sprintf("2026-11-%02d", day+1), []byte(`{"seats":2}`), gzippedOf(t, lines))
		must(err)
		require.True(t, kept)
	}
	must(s.Shelve(ctx, map[string][]byte{"seranking/1/a": deflatedOf(t, `{"id":"1","email":"zebedee@acme.example","first_name":"Zebedee","last_name":"Quill","holds":1,"blocked":false}`+"\n"+
		`{"id":"2","email":"yvonne@acme.example","first_name":"Yvonne","last_name":"Young","holds":1,"blocked":false}`+"\n")}, nil))
}

// rooms have each what they keep of people.
func rooms(t testing.TB, s store.Store) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	must(s.Record(ctx, func(tx register.Tx) error {
		return tx.KeepRegister("seranking", register.Kept{At: now(), File: "members.csv", Members: []list.Member{{Email: "Zebedee@acme.example", Name: "Quill, Zebedee", Status: list.Off}, {Email: "yvonne@acme.example", Name: "Yvonne Young"}},
			Findings: []register.Finding{{Kind: register.LeftCompany, App: "seranking", Email: "zebedee@acme.example", Also: "zeb@old.example", Person: "U0XYZ", Name: "Zebedee Quill", Closed: now(), Later: &register.Later{By: "U0BOB", Why: "because of the audit"}}},
			Waiting:  map[string]time.Time{"zebedee@acme.example": now()}})
	}))
	must(s.Alter(ctx, func(tx leavers.Tx) error {
		return tx.KeepLeaving(leavers.Leaving{Number: 1, Person: "U0XYZ", Name: "Zebedee Quill", Addresses: []string{"zebedee@acme.example", "zeb@old.example"}, By: "U0BOB", State: leavers.Closed, Why: "because of the audit",
			Items: []leavers.Item{{App: "seranking", Email: "zebedee@acme.example", Change: approvals.Change{Email: "zebedee@acme.example", FirstName: "Zebedee"}}}})
	}))
	must(s.Revise(ctx, func(tx reviews.Tx) error {
		return errors.Join(tx.KeepReview(reviews.Review{Number: 1, Lines: []reviews.Line{{Email: "zebedee@acme.example", Name: "Zebedee Quill", Reason: "because of the audit", Why: reviews.AsAsker, By: "U0BOB"},
			{Email: "yvonne@acme.example", Name: "Yvonne Young", Reason: "a reason of hers", By: "U0BOB"}, {Email: "mary-zebra@acme.example", Reason: "a note about it", By: "U0XYZ"}}}), tx.KeepReviews(reviews.Index{Last: 1}))
	}))
	must(s.KeepSnapshot(ctx, "directory/okta", []byte(`{"origin":"okta","people":[{"id":"00u1","addresses":["Zebedee@acme.example"],"former":["zeb@old.example"],"off":true},{"id":"00u2","addresses":["yvonne@acme.example"]}]}`)))
}

// requests are those of Zebedee, of somebody else for somebody else, and his for her.
func requests() []approvals.Request {
	app := approvals.App{ID: "seranking", Name: "SE Ranking"}
	end := &approvals.Outcome{At: now(), Text: approvals.Sayf("The account of %v was read back.", "zebedee@acme.example")}
	return []approvals.Request{
		{Requester: "U0BOB", App: app, Action: "share", State: approvals.Denied, Reason: "Rank tracking for the launch", Refusal: "Not for outsiders",
			Change: approvals.Change{Email: "Zebedee@ACME.example", Person: "U0XYZ", FirstName: "Zebedee", LastName: "Quill", Values: catalog.Values{{Key: "to", Typed: []string{"Quill marketing"}}}},
			Votes:  []approvals.Vote{{By: "U0BOB", Reason: "Not for outsiders"}}, Questions: []approvals.Question{{By: "U0BOB", Words: "Is Zebedee new?", Answer: &approvals.Answer{Words: "He's old"}}},
			Talk: []approvals.Remark{{By: "U0BOB", Words: "a note about it"}}, Edits: []approvals.Edit{{By: "U0BOB", Why: "because of the audit", Changed: []approvals.Altered{{Field: "name", Was: "Zeb Q", Is: "Zebedee"}}}}},
		{Requester: "U0BOB", App: app, Action: "share", State: approvals.Canceled, Reason: "rank tracking", Change: approvals.Change{Email: "zeb@old.example", Person: "U0XYZ"}},
		{Requester: "U0BOB", App: app, Action: "share", State: approvals.Denied, Reason: "a reason of hers", Change: approvals.Change{Email: "yvonne@acme.example", Person: "U0YVO", FirstName: "Yvonne", LastName: "Young"},
			Votes: []approvals.Vote{{By: "U0XYZ", Reason: "a note about it"}}, DecidedBy: "U0XYZ", Refusal: "a note about it"},
		{Requester: "U0XYZ", App: app, Action: "share", State: approvals.Failed, Reason: "because of the audit, says Zebedee Quill", Outcome: end, Lapsed: true, Change: approvals.Change{Email: "mary-zebra@acme.example"}},
	}
}

// put keeps a request with its entries, as a desk would.
func put(tx approvals.Tx, r approvals.Request) error {
	r.Asked, r.Decided = now(), now()
	detail, err := json.Marshal(map[string]any{"app": r.App.ID, "change": r.Change, "reason": r.Reason})
	closed, again := json.Marshal(map[string]any{"reason": r.Refusal, "site": "https://acme.example/?of=zebedee%40acme.example"})
	if r.Change.Person != "U0XYZ" {
		closed = nil
	}
	return errors.Join(err, again, tx.Put(r),
		tx.Audit(approvals.Entry{At: now(), Actor: approvals.Actor(r.Requester), What: "asked", Request: r.Number, After: approvals.Pending, Detail: detail}),
		tx.Audit(approvals.Entry{At: now(), Actor: cmp.Or(r.DecidedBy, "U0BOB"), What: "closed", Request: r.Number, Before: approvals.Pending, After: r.State, Detail: closed, Why: []string{"policy: small", "reason: " + r.Refusal}}))
}

func encoded(t testing.TB, v any) []byte {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

func gzippedOf(t testing.TB, s string) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write([]byte(s))
	require.NoError(t, errors.Join(err, z.Close()))
	return out.Bytes()
}

func deflatedOf(t testing.TB, s string) []byte {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, 6)
	require.NoError(t, err)
	_, err = z.Write([]byte(s))
	require.NoError(t, errors.Join(err, z.Close()))
	return out.Bytes()
}

// whatIsKept is every thing of a store, each with whatever is compressed in it beside it, as one text.
func whatIsKept(t testing.TB, s store.Store) string {
	var out strings.Builder
	require.NoError(t, s.Unload(t.Context(), func(i cargo.Item) error {
		fmt.Fprintf(&out, "%s %s %d: %s\n", i.Kind, i.Name, i.N, i.Line)
		for _, raw := range append(base64In(i.Line), i.Line) {
			if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
				inner, err := io.ReadAll(z)
				require.NoError(t, err)
				fmt.Fprintf(&out, "\tgzip: %s\n", inner)
			} else if inner, err := io.ReadAll(flate.NewReader(bytes.NewReader(raw))); err == nil {
				fmt.Fprintf(&out, "\tflate: %s\n", inner)
			}
		}
		return nil
	}))
	return out.String()
}

// base64In are the bytes that a line has as texts.
func base64In(line []byte) (all [][]byte) {
	for _, part := range bytes.Split(line, []byte(`"`)) {
		if raw, err := base64.StdEncoding.DecodeString(string(part)); err == nil && len(raw) > 20 {
			all = append(all, raw)
		}
	}
	return all
}

func requireNothingOf(t testing.TB, kept string) {
	t.Helper()
	low := strings.ToLower(kept)
	for _, word := range theirs() {
		if at := strings.Index(low, word); at >= 0 {
			require.Fail(t, "something of theirs is there still", "%q in …%s…", word, kept[max(0, at-300):min(len(kept), at+300)])
		}
	}
}

// bothEngines runs a test on a file and on a database; raw is all bytes that are where it is kept.
func bothEngines(t *testing.T, test func(t *testing.T, s store.Store, raw func() string)) {
	t.Run("a file", func(t *testing.T) {
		dir := ramdisk.Folder(t)
		s, err := bolt.Open(dir, bolt.Options{Random: rand.Reader})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		test(t, s, func() string {
			raw, err := os.ReadFile(filepath.Join(dir, bolt.File))
			require.NoError(t, err)
			return string(raw)
		})
	})
	t.Run("a database", func(t *testing.T) {
		url := postgres.Database(t, "")
		s, err := pgstore.Open(t.Context(), apiclient.Secret(url), pgstore.Options{Random: rand.Reader})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		test(t, s, func() string { return dumped(t, url) })
	})
}

// TestNothingIsLeft: once somebody is forgotten no word of theirs is anywhere, in no value, key, index or free page; what is others' is as it
// was; and the log, which has an entry more, holds with all that is left beside it.
func TestNothingIsLeft(t *testing.T) {
	for _, who := range []string{"ZEBEDEE@acme.example", "U0XYZ"} {
		t.Run(who, func(t *testing.T) {
			bothEngines(t, func(t *testing.T, s store.Store, raw func() string) {
				ctx := t.Context()
				lived(t, s)
				before := whatIsKept(t, s)
				for _, word := range append(theirs(), others()...) {
					require.Contains(t, strings.ToLower(before), strings.ToLower(word), "it stands somewhere at first")
				}
				f := forgetter(s)
				found, err := f.Look(ctx, who)
				require.NoError(t, err)
				require.Empty(t, found.Against)
				require.Empty(t, found.Unread)
				require.Zero(t, found.Sealed.Count)
				require.Equal(t, before, whatIsKept(t, s), "to look changes nothing")
				for _, kind := range []cargo.Kind{cargo.Request, cargo.Beside, cargo.Promise, cargo.Receipt, cargo.Meta, cargo.Shelf} {
					require.NotZero(t, found.Counts[kind], kind)
				}
				_, err = f.Forget(ctx, found, "os:root", "command line")
				require.NoError(t, err)

				after := whatIsKept(t, s)
				requireNothingOf(t, after)
				requireNothingOf(t, raw())
				for _, word := range others() {
					require.Equal(t, strings.Count(before, word), strings.Count(after, word), "%q is as often there as it was", word)
				}
				require.Contains(t, after, found.Person.Called+"-2", "what was two addresses is two still")
				requireWhole(t, s)
				owed, err := s.Intents(ctx, approvals.CardKey(1))
				require.NoError(t, err)
				require.Len(t, owed, 1, "its card is drawn anew")

				again, err := f.Look(ctx, who)
				require.NoError(t, err)
				require.True(t, again.None(), "%+v", again.Counts)
				n, err := f.Resume(ctx)
				require.NoError(t, err)
				require.Zero(t, n)
			})
		})
	}
}

// requireWhole holds a store to what Check knows, but for what these tests owe nobody, and its log to what is beside it.
func requireWhole(t testing.TB, s store.Store) {
	t.Helper()
	forgotten := 0
	require.NoError(t, eachEntry(context.Background(), s, func(e approvals.Entry, beside []byte) error {
		b, err := e.Holds(beside)
		forgotten += b.Forgotten()
		return err
	}))
	require.NotZero(t, forgotten)
	require.NoError(t, s.VerifyLog(context.Background()))
	require.NoError(t, s.Check(context.Background()))
}
