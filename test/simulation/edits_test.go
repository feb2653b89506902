package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// What those who may decide change in a request before it is decided.

// edits lets somebody press Edit on a new seat, and send the form that opens with another name, and of what is asked for a time
// with another time, if it does; now and then the
// program dies about then, and now and then it is sent twice.
func (s *simulation) edits() {
	var open []int64
	for _, r := range s.requests() {
		if r.State == approvals.Pending && r.Action == catalog.Create {
			open = append(open, r.Number)
		}
	}
	if len(open) == 0 {
		return
	}
	who, n := pickOf(s, append(deciders, strangers[0])), pickOf(s, open)
	s.N.Slack.CloseAllViews(who)
	s.done(s.press(who, n, "Edit", view.ActionEdit))
	s.spend(4 * time.Second)
	views := s.N.Slack.Views(who)
	if len(views) == 0 {
		return
	}
	if s.rng.IntN(3) == 0 {
		s.aimed()
	}
	name := fmt.Sprintf("Nora %d", len(s.edited)+1)
	s.note("%s calls them %q", who, name)
	s.edited[name] = false
	with := map[string]any{"first:" + string(commands.ForOutside): name, view.FieldReason: "That's " + name}
	if v := views[len(views)-1]; strings.Contains(slacksim.ViewText(v), "For how long?") {
		s.shortened[name] = time.Duration(5+s.rng.IntN(20)) * time.Minute
		with[view.FieldWhile] = s.shortened[name].String()
	}
	for range 1 + s.rng.IntN(2) {
		s.heard[who]++
		d := s.N.Slack.Submit(who, views[len(views)-1].ID, with)
		s.last, s.lastBy, s.lastAt = d, who, time.Now()
		if out := s.done(d); out.Acked && len(out.Errors) == 0 && len(out.Payload) == 0 {
			s.edited[name] = true
		}
	}
	s.N.Slack.CloseAllViews(who)
}

// voided reports whether somebody's vote was given to what a request asked before an edit.
func voided(r approvals.Request, who approvals.Actor, yes bool) bool {
	return slices.ContainsFunc(r.Edits, func(e approvals.Edit) bool {
		return slices.ContainsFunc(e.Votes, func(v approvals.Vote) bool { return v.By == who && v.Yes == yes })
	})
}

// editions: each edit was made by somebody who may decide and gains nothing, once, in a form that was sent; what was
// acknowledged is there; every vote that stands was given to what is asked now, and that is what was carried out.
func (s *simulation) editions(all []approvals.Request) {
	kept := map[string]int{}
	for _, r := range all {
		for i, e := range r.Edits {
			s.count("edits: made")
			name := e.Changed[0].Is
			kept[name]++
			who := string(e.By.Person())
			switch _, written := s.edited[name]; {
			case !written:
				s.Errorf("#%d: nobody wrote %q", r.Number, name)
			case who == string(r.Requester), who == idOf(r.Change.Email), !slices.Contains(e.Deciders, who) && !slices.Contains(deciders, who):
				s.Errorf("#%d: %s edited it, who may not", r.Number, who)
			case i+1 == len(r.Edits) && r.Change.FirstName != name:
				s.Errorf("#%d asks for %q, and was edited to %q", r.Number, r.Change.FirstName, name)
			}
			if long, of := s.shortened[name]; of && i+1 == len(r.Edits) {
				s.count("edits: for how long")
				if r.Term == nil || r.Term.For != long {
					s.Errorf("#%d asks for %+v, and was edited to %v", r.Number, r.Term, long)
				}
			}
		}
		for _, v := range r.Votes {
			if v.Yes && v.Edition != r.Edition() {
				s.Errorf("#%d: %s said yes to edition %d of %d", r.Number, v.By, v.Edition, r.Edition())
			}
		}
		s.carriedOut(r)
	}
	for name, acknowledged := range s.edited {
		if kept[name] > 1 || acknowledged && kept[name] == 0 {
			s.Errorf("%q is kept %d times; acknowledged: %v", name, kept[name], acknowledged)
		}
	}
	s.decidedSince(all)
}

// carriedOut: the account that came of an edited request is called what the last yes was shown.
func (s *simulation) carriedOut(r approvals.Request) {
	if len(r.Edits) == 0 || r.State != approvals.Done || r.Attempt > 1 || r.Outcome.Said != "" || s.changed(r) {
		return
	}
	for _, a := range s.N.Vendor.Accounts() {
		if strconv.FormatInt(a.ID, 10) == r.Outcome.AccountID {
			s.count("edits: carried out")
			require.Equal(s.T, r.Change.FirstName, a.FirstName, "#%d", r.Number)
		}
	}
}

// decidedSince: by the log, every vote that stands was given after the last edit.
func (s *simulation) decidedSince(all []approvals.Request) {
	last := map[int64]time.Time{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil || e.What != "edited" {
			return err
		}
		last[e.Request] = e.At
		if e.Before != approvals.Pending || e.After != approvals.Pending {
			s.Errorf("#%d: an edit took it from %s to %s", e.Request, e.Before, e.After)
		}
		return nil
	}))
	for _, r := range all {
		for _, v := range r.Votes {
			if n := len(r.Edits); n > 0 && (!last[r.Number].Equal(r.Edits[n-1].At) || v.At.Before(r.Edits[n-1].At)) {
				s.Errorf("#%d: the vote of %s at %v stands, and it was edited at %v", r.Number, v.By, v.At, last[r.Number])
			}
		}
	}
}

// editing are the messages that the edits of a request call for: each to its requester, once.
func (s *simulation) editing(r approvals.Request, expect func(string, expectation)) {
	for i := range r.Edits {
		requester := string(r.Requester)
		expect(approvals.EditedKey(r.Number, i+1), expectation{must: !s.everLeft(requester), in: requester})
	}
}

// shownAsEdited reports whether the card of a request that waits shows it as it is asked now.
func (s *simulation) shownAsEdited(r approvals.Request) bool {
	m, stands := s.cardOf(r.Number)
	raw, err := json.Marshal(m.Blocks)
	if !stands || err != nil {
		return false
	}
	var blocks []struct {
		Block string `json:"block_id"`
	}
	if json.Unmarshal(raw, &blocks) != nil {
		return false
	}
	edition := 0
	for _, b := range blocks {
		edition = max(edition, view.Edition(b.Block))
	}
	return edition == r.Edition() && len(world.Buttons(m)) > 0
}
