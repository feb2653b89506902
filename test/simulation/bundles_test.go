package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/sim/slacksim"
)

// bundled is the website that the bundle shares with the seat that it makes.
const bundled = "103"

// askBundle types one line for a seat with a website, which is approved as one and set up one after the other.
func (s *simulation) askBundle() *slacksim.Delivery {
	i := slices.IndexFunc(s.fresh[catalog.Create], func(t seat) bool { return !strings.Contains(t.extra, "=") })
	if i < 0 {
		return nil
	}
	t := s.fresh[catalog.Create][i]
	s.fresh[catalog.Create] = slices.Delete(s.fresh[catalog.Create], i, i+1)
	who, at := pickOf(s, askers), time.Now()
	text := fmt.Sprintf("bundle starter %s %s because number %d", t.email, t.extra, len(s.wishes))
	for _, verb := range []approvals.Action{catalog.Create, catalog.Share} {
		s.wishes = append(s.wishes, &wish{who: who, text: text, target: target(verb, t.email, bundled), at: at})
	}
	s.count("asks: a bundle")
	return s.types(who, text)
}

// bundles: by the audit, no item's deed is begun before all are approved and those before it are over, and none once any was
// denied, taken back or closed.
func (s *simulation) bundles(all []approvals.Request) {
	stands := map[int64]approvals.State{}
	over := map[int64]bool{}
	err := s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil || e.Request == 0 || e.After == "" {
			return err
		}
		if e.What == "deed begun" && all[e.Request-1].Bundled() {
			s.begun(all[e.Request-1], stands, over)
		}
		stands[e.Request] = e.After
		over[e.Request] = over[e.Request] || e.After.Terminal()
		return nil
	})
	require.NoError(s.T, err)
	for _, r := range all {
		switch {
		case r.Bundled() && r.Fell != 0:
			s.count("bundles: went with another item, " + string(r.State))
		case r.Maker() != 0 && r.State == approvals.Done:
			s.count("bundles: set up")
		}
	}
}

// begun holds the others of a bundle to how they must stand when one of it is begun.
func (s *simulation) begun(r approvals.Request, stands map[int64]approvals.State, over map[int64]bool) {
	for n := r.Shown(); n < r.Shown()+int64(r.Together.Of); n++ {
		switch is := stands[n]; {
		case is == "" || is == approvals.Pending:
			s.Errorf("#%d was begun while #%d of its bundle was undecided", r.Number, n)
		case slices.Contains([]approvals.State{approvals.Denied, approvals.Canceled, approvals.Expired}, is):
			s.Errorf("#%d was begun though #%d of its bundle was %s", r.Number, n, is)
		case n < r.Number && !over[n]:
			s.Errorf("#%d was begun before #%d of its bundle was over: it was %s", r.Number, n, is)
		}
	}
}

// says notes somebody's word on a request, and on all of its bundle, whose card has one button for all.
func (s *simulation) says(who string, n int64, yes bool) {
	s.votes[ballot{n, who, yes}]++
	if r, ok := s.request(n); ok && r.Bundled() {
		for o := r.Shown(); o < r.Shown()+int64(r.Together.Of); o++ {
			s.votes[ballot{o, who, yes}] += 1 - min(1, s.votes[ballot{o, who, yes}])
		}
	}
}
