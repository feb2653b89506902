package commands

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// TestWhoMayNotReadLearnsNothing: the same words get the same answers of somebody who may ask and not read,
// whatever the vendor holds, in whatever state its lists are: whether the account exists, whether a word means
// one website, several or none, what is shared, who owns what, whether a seat is free.
func TestWhoMayNotReadLearnsNothing(t *testing.T) {
	worlds := map[string]func(w *world){
		"as it is":      func(*world) {},
		"nothing there": func(w *world) { w.vendor.seats, w.vendor.sites, w.vendor.bought = nil, nil, 1 },
		"user seats": func(w *world) {
			w.vendor.seats = []approvals.Seat{{ID: "1", Email: "ann@acme.example", Sort: "user"}, {ID: "2", Email: "erin@acme.example", Sort: "user"}}
		},
		"one website":       func(w *world) { w.vendor.sites = w.vendor.sites[:1] },
		"full":              func(w *world) { w.vendor.bought = 3 },
		"nothing is known":  func(w *world) { w.vendor.forgotten = true },
		"cannot be read":    func(w *world) { w.vendor.seatsErr, w.vendor.sitesErr = errVague, errVague },
		"vendor's words":    func(w *world) { w.vendor.seatsErr = approvals.Refuse(approvals.Unavailable, "The key is gone.") },
		"others asked":      func(w *world) { w.others() },
		"slack and a group": func(w *world) { w.dir.groupErr = errVague },
	}
	for _, typed := range []string{
		"create ann@acme.example Ann because x", "create <@U0ERIN> Erin access=hide_search_volume because x", "share ann@acme.example e because x", "share priya@acme.example zzz, globex because x",
		"share <@U0ERIN|erin> 39 because x", "unshare ann@acme.example 39,41 because x", "update ann@acme.example access=hide_search_volume because x", "update <@U0ERIN> amount=5 period=day because x",
		"delete <@U0ERIN> because x", "delete anne@acme.example because x", "share <@U0ODD> 39 because x",
	} {
		first := ""
		for name, set := range worlds {
			w := newWorld(t)
			set(w)
			n := len(w.book.requests) + 1
			var said []string
			hears := func(text, key string) {
				said = append(said, strings.ReplaceAll(w.says2("U0ALICE", text, key), fmt.Sprintf("#%d", n), "#N"))
			}
			number := fmt.Sprint(n)
			hears(typed, "T.1")
			hears(typed, "T.1")
			hears(typed, "T.2")
			hears("status", "")
			w.seen(int64(n))
			hears("status "+number, "")
			if r, ok := w.book.requests[int64(n)]; ok {
				said = append(said, fmt.Sprintf("%+v", r.Heard().Change))
			}
			hears("nudge "+number, "")
			hears("nudge "+number, "")
			hears("cancel", "")
			hears("cancel "+number, "")
			hears("status", "")
			hears("status "+number, "")
			all := strings.NewReplacer("status "+number, "status N", "cancel "+number, "cancel N", "nudge "+number, "nudge N").Replace(strings.Join(said, "\n"))
			require.NotContains(t, all, "erin@acme", "%q, %s", typed, name)
			require.NotContains(t, all, "not an address", "%q, %s", typed, name)
			for _, held := range []string{"acme.example/uk", "rock.example", "globex.test", "user seat", "of the type", "has no", "could be any"} {
				require.NotContains(t, all, held, "%q, %s", typed, name)
			}
			if first == "" {
				first = all
			}
			require.Equal(t, first, all, "%q, %s", typed, name)
		}
	}
}

// others is somebody else, who sees what vendors hold, asking for what others may ask too.
func (w *world) others() {
	for _, typed := range []string{"create jane@acme.example Jane because x", "delete <@U0DAVE> because x", "delete ann@acme.example because x", "share ann@acme.example 41 because x"} {
		require.Contains(w.t, w.says("U0CAROL", typed), "sent: ")
	}
}

// seen is what reading the vendor would make of a request.
func (w *world) seen(n int64) {
	r, ok := w.book.requests[n]
	if !ok || !r.Look.Owed {
		return
	}
	lists := approvals.Lists{Seats: approvals.SeatList{Seats: w.vendor.seats}, Items: map[string]approvals.ItemList{"sites": {Items: w.vendor.sites}}, Held: []string{"39"}, Owned: []string{"43"}}
	change, look := approvals.Meant(r, lists)
	look.At = noon
	_, err := w.Desk.Record(w.t.Context(), n, approvals.Seen{Change: change, Seats: approvals.SeatCount{Used: 3, Of: 3, At: noon}, Look: look}, noon)
	require.NoError(w.t, err)
}

// TestWhoMayNotReadAnyMoreLearnsNothingNew: who asked as an approver and is none now, or a guest, is shown what they
// said, whatever was read of the vendor since.
func TestWhoMayNotReadAnyMoreLearnsNothingNew(t *testing.T) {
	for name, demote := range map[string]func(w *world){
		"no approver": func(w *world) { w.Desk.Policies[0].Approvers = []string{"S0LEADS"} },
		"a guest":     func(w *world) { w.dir.people["U0BOB"] = approvals.Person{Active: true, Guest: true} },
		"who knows":   func(w *world) { w.dir.down = true },
	} {
		w := newWorld(t)
		w.vendor.forgotten = true
		require.Contains(t, w.says2("U0BOB", "share ann@acme.example 39 because x", "T.1"), "sent: ")
		w.seen(1)
		one := func() approvals.Request {
			reply, err := w.Do(t.Context(), Call{Text: "status 1", User: "U0BOB"}, noon)
			require.NoError(t, err)
			return *reply.Request
		}
		require.NotZero(t, one().Change.Account, name)
		demote(w)
		require.Equal(t, []string{"“39”"}, one().Names(), name)
		require.Zero(t, one().Change.Account, name)
		require.Nil(t, one().Look, name)
		said := ""
		for _, typed := range []string{"status", "cancel", "share ann@acme.example 39 because x", "cancel 1", "status"} {
			said += w.says2("U0BOB", typed, "T.1")
		}
		require.Contains(t, said, "#1 canceled: share “39” with ann@acme.example", name)
		require.NotContains(t, said, "acme.example/uk", name)
	}
}

// TestWhoMayNotAskIsToldOnlyThat: one sentence, whatever they typed and whatever there is.
func TestWhoMayNotAskIsToldOnlyThat(t *testing.T) {
	const sentence = "not_allowed: Only full members of this workspace can ask for seats. Somebody on your team can ask for you."
	for _, who := range []approvals.PersonID{"U0GUEST", "U0BOT", "U0GONE", "U0NOBODY"} {
		for _, typed := range []string{
			"create ann@acme.example Ann because x", "create <@U0ERIN> Erin app=github because x", "create <@U0MUTE> M because x", "share ann@acme.example e because x", "share priya@acme.example zzz because x",
			"unshare <@U0ODD> 39 because x", "update ulf@acme.example access=hide_search_volume because x", "update ulf@acme.example access=nonsense because x", "delete <@U0ERIN> because x",
		} {
			for _, admin := range []bool{false, true} {
				w := newWorld(t)
				if admin && who != "U0NOBODY" {
					w.Desk.Policies[0].Approvers = append(w.Desk.Policies[0].Approvers, string(who))
				}
				require.Equal(t, sentence, w.says(who, typed), "%s: %q", who, typed)
				require.Empty(t, w.book.requests)
			}
		}
	}
}

// TestOneWishInOneWordIsOnTheTableOnce: who may not read hears of their own request by the words alone; that
// another one asks for the same, is for those to see who decide.
func TestOneWishInOneWordIsOnTheTableOnce(t *testing.T) {
	w := newWorld(t)
	require.Contains(t, w.says("U0ALICE", "delete <@U0ERIN> because x"), "#1 sent: delete @U0ERIN")
	require.Equal(t, "conflict: You've already asked for this: #1 is pending. /access status 1 shows it.", w.says("U0ALICE", "delete <@U0ERIN|erin> because y"))
	require.Contains(t, w.says("U0ALICE", "delete erin@acme.example because x"), "#2 sent", "that these are one would tell her address")
	require.EqualValues(t, 1, w.book.requests[2].Same)
	require.Contains(t, w.says("U0DAVE", "delete ERIN@acme.example because x"), "#3 sent")
	require.EqualValues(t, 1, w.book.requests[3].Same)
	require.Contains(t, w.says("U0CAROL", "create joe@acme.example Joe because x"), "#4 sent")
	require.Contains(t, w.says("U0BOB", "create joe@acme.example Joe because x"), "conflict: #4 already asks for this (it's pending, asked by @U0CAROL")
}
