package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// Holdings is who holds what, as far as it is known.
type Holdings struct {
	Entries []Entry `json:"entries"`
	// Findings are those about them that are open.
	Findings []Finding `json:"findings,omitempty"`
	// Off are those that were put off.
	Off []Finding `json:"put_off,omitempty"`
	// Mends are what would mend them, by their keys.
	Mends map[string]Mend `json:"mends,omitempty"`
	// Unread are the apps whose vendor couldn't be read just now, and Unlisted those that can't be, and of which no list was
	// imported: of both only what was said is known.
	Unread   []string `json:"unread,omitempty"`
	Unlisted []string `json:"unlisted,omitempty"`
	// Looked says that the findings are those of now, and not of when the app was last looked over.
	Looked bool `json:"-"`
}

// OfApp is everybody who holds something in an app.
func (g *Register) OfApp(ctx context.Context, id string) (Holdings, error) {
	app, err := g.app(id)
	if err != nil {
		return Holdings{}, err
	}
	all, err := g.acts(ctx, app.ID)
	if err != nil {
		return Holdings{}, err
	}
	return g.matched(ctx, []approvals.App{app}, all, everyone)
}

// everyone is wanted where nobody is left out.
func everyone(Entry) bool { return true }

// OfEmail is what is held under an address, in every app.
func (g *Register) OfEmail(ctx context.Context, email string) (Holdings, error) {
	about, err := g.about(ctx, email)
	if err != nil {
		return Holdings{}, err
	}
	return g.matched(ctx, g.Inventory.Apps(), about, func(e Entry) bool { return approvals.SameEmail(e.Email, email) })
}

// OfPerson is what somebody in Slack holds, in every app: what was asked for them, and what is listed under their address.
func (g *Register) OfPerson(ctx context.Context, who approvals.Person) (Holdings, error) {
	about, err := g.concerning(ctx, who)
	if err != nil {
		return Holdings{}, err
	}
	return g.matched(ctx, g.Inventory.Apps(), about, func(e Entry) bool {
		return e.Person == who.ID && who.ID != "" || who.Email != "" && approvals.SameEmail(e.Email, who.Email)
	})
}

// Where is all of which wanted says so, in every app. Nothing of it is missing for a list that isn't believed.
func (g *Register) Where(ctx context.Context, wanted func(Entry) bool) (Holdings, error) {
	acts, err := g.acts(ctx, "")
	if err != nil {
		return Holdings{}, err
	}
	all, err := g.matched(ctx, g.Inventory.Apps(), acts, wanted)
	if err != nil {
		return all, err
	}
	return g.unbelieved(ctx, all)
}

// Listed reports whether the newest list of an app has an address, as of when and how that is known; at is zero where there is no
// list. What a list lacks that isn't believed (odd.go) is an error: nobody knows whether it is gone.
func (g *Register) Listed(ctx context.Context, id, email string) (there bool, at time.Time, how How, err error) {
	app, err := g.app(id)
	if err != nil {
		return false, at, "", err
	}
	seen, k, err := g.newest(ctx, app, func(m list.Member) bool { return approvals.SameEmail(m.Email, email) })
	if err != nil {
		return false, at, "", err
	}
	if _, there = indexed(seen.Members)[approvals.FoldEmail(email)]; !there && approvals.Fewer(k.Count, seen.count()) {
		return false, at, "", fmt.Errorf("look for an address in a list of %d accounts, which had %d the day before: %w", seen.count(), k.Count, errUnbelieved)
	}
	return there, seen.At, seen.How, nil
}

// errUnbelieved says that a list is so much shorter than it was that it is rather trouble than news.
var errUnbelieved = errors.New("it isn't believed yet")

// newest is the newest list that is known of an app, with at least those who are wanted, and what is kept of the app.
func (g *Register) newest(ctx context.Context, app approvals.App, wanted func(list.Member) bool) (Seen, Kept, error) {
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil || app.Entry == nil || !app.Entry.Reads.Used {
		return k.Seen(), k, err
	}
	all, err := g.Inventory.Accounts(ctx, app.ID, false)
	if err != nil {
		return Seen{}, k, err
	}
	seen, err := readSome(all, wanted)
	return seen, k, err
}

// unbelieved takes what a list lacks that isn't believed for not known: it isn't gone, and its app counts as one that can't be read.
func (g *Register) unbelieved(ctx context.Context, all Holdings) (Holdings, error) {
	for _, app := range g.Inventory.Apps() {
		if slices.Contains(all.Unread, app.ID) {
			continue
		}
		seen, k, err := g.newest(ctx, app, func(list.Member) bool { return false })
		if err != nil {
			return all, fmt.Errorf("look whether the list of %s is believed: %w", app.ID, err)
		}
		if !approvals.Fewer(k.Count, seen.count()) {
			continue
		}
		all.Unread = append(all.Unread, app.ID)
		for i := range all.Entries {
			if all.Entries[i].App.ID == app.ID {
				all.Entries[i].Missing = false
			}
		}
	}
	return all, nil
}

// matched are entries as the newest that is known of each app verifies them: what its vendor answers, or the last list.
func (g *Register) matched(ctx context.Context, apps []approvals.App, from acts, wanted func(Entry) bool) (Holdings, error) {
	return g.matchedAs(ctx, apps, from, wanted, wanted, func(_ approvals.App, k Kept, _ Seen) (Kept, error) { return k, nil })
}

// matchedAs is matched, of lists with at least those whom reads says, and with what is kept of an app as kept has it for the list that was read.
func (g *Register) matchedAs(ctx context.Context, apps []approvals.App, from acts, wanted, reads func(Entry) bool, kept func(approvals.App, Kept, Seen) (Kept, error)) (Holdings, error) {
	out := Holdings{Mends: map[string]Mend{}}
	entries, tasks := Of(from.done), from.tasks
	for _, app := range apps {
		k, err := g.Book.Register(ctx, app.ID)
		if err != nil {
			return out, fmt.Errorf("read what is kept of %s: %w", app.ID, err)
		}
		seen, found := k.Seen(), k.Seen()
		switch {
		case app.Entry != nil && app.Entry.Reads.Used:
			seen, err = g.readWanted(ctx, app, k, entries, tasks, reads)
			if err != nil {
				g.Log.WarnContext(ctx, "cannot read who has a seat; what is known besides is shown", "app", app.ID, "err", err)
				out.Unread = append(out.Unread, app.ID)
				if k.How == ByAPI {
					seen = Seen{} // of its last list only what findings are about is kept
				}
				break
			}
			found = seen
		case k.At.IsZero():
			out.Unlisted = append(out.Unlisted, app.ID)
		}
		entries = Match(app, entries, seen)
		if !slices.Contains(out.Unread, app.ID) {
			if k, err = kept(app, k, seen); err != nil {
				return out, err
			}
		}
		out.find(app, k, found, ofApp(from.done, app.ID), wanted, g.now())
	}
	tasks = slices.DeleteFunc(tasks, func(r approvals.Request) bool {
		return !slices.ContainsFunc(apps, func(a approvals.App) bool { return a.ID == r.App.ID })
	})
	for _, e := range Working(entries, tasks) {
		if wanted(e) {
			e.Holds = e.holds()
			out.Entries = append(out.Entries, e)
		}
	}
	return out, nil
}

// readWanted reads who has a seat in an app: of all of them those that reads says, by address alone since there may be very many, and those
// of whom anything else is known.
func (g *Register) readWanted(ctx context.Context, app approvals.App, k Kept, entries []Entry, tasks []approvals.Request, reads func(Entry) bool) (Seen, error) {
	all, err := g.Inventory.Accounts(ctx, app.ID, false)
	if err != nil {
		return k.Seen(), err
	}
	known := map[string]bool{}
	for _, e := range entries {
		known[approvals.FoldEmail(e.Email)] = true
	}
	for _, r := range tasks {
		known[approvals.FoldEmail(r.Change.Email)] = true
	}
	for _, f := range k.Findings {
		known[approvals.FoldEmail(f.Email)] = true
	}
	return readSome(all, func(m list.Member) bool {
		return known[approvals.FoldEmail(m.Email)] || reads(Entry{App: app, Email: m.Email, Found: true})
	})
}

// Finding is one by its key, and whether it is open: whom the vendor was seen to list no more since, of them it isn't. Its zero value
// is one that nobody remembers. No vendor is waited for.
func (g *Register) Finding(ctx context.Context, appID, key string) (f Finding, open bool, err error) {
	app, err := g.app(appID)
	if err != nil {
		return f, false, err
	}
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return f, false, err
	}
	i := slices.IndexFunc(k.Findings, func(f Finding) bool { return f.Key() == key })
	if i < 0 {
		return f, false, nil
	}
	f = k.Findings[i]
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return f, false, err
	}
	open = slices.ContainsFunc(k.Open(app, done, k.looked()), func(o Finding) bool { return o.Key() == key })
	if seen := g.remembered(app); open && seen.At.After(k.At) {
		_, open = indexed(seen.Members)[approvals.FoldEmail(f.Email)]
	}
	return f, open, nil
}

// remembered is what a vendor answered last, where it can be read; nothing where nobody asked yet.
func (g *Register) remembered(app approvals.App) Seen {
	if app.Entry == nil || !app.Entry.Reads.Used {
		return Seen{}
	}
	l := g.Inventory.Remembered(app.ID).Seats
	if seen, err := Read(l.Accounts()); err == nil && !l.At.IsZero() {
		return seen
	}
	return Seen{}
}

// find adds the findings of an app that are about what is wanted. Whom its vendor was just seen to list no more, of them nothing is
// left to mend.
func (h *Holdings) find(app approvals.App, k Kept, seen Seen, done []approvals.Request, wanted func(Entry) bool, now time.Time) {
	if k.At.IsZero() { // what requests gave is all that is known
		seen = held(app, done, now)
	}
	listed := indexed(seen.Members)
	for _, f := range k.Open(app, done, k.looked()) {
		if _, there := listed[approvals.FoldEmail(f.Email)]; !there || !wanted(Entry{App: app, Email: f.Email, Person: f.Person}) {
			continue
		}
		if f.Off(now) {
			h.Off = append(h.Off, f)
		} else {
			h.Findings = append(h.Findings, f)
		}
		if m, ok := f.Mends(app.Entry); ok {
			h.Mends[f.Key()] = m
		}
	}
}

func ofApp(done []approvals.Request, app string) []approvals.Request {
	return slices.DeleteFunc(slices.Clone(done), func(r approvals.Request) bool { return r.App.ID != app })
}
