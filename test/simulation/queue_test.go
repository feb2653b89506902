package simulation

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// queue is what a seed's policy does with a seat that somebody waits for, where seats are scarce.
func (s setting) queue() string {
	if s.Seats == scarce && s.Slot%2 == 0 {
		return "ask"
	}
	return "auto"
}

// scarce is so many seats that one is free at first.
const scarce = 21

// lines: there are never more accounts than seats, whoever stands in line gets a seat in the order in which they joined it,
// and is heard of: by a seat, or by the end of waiting.
func (s *simulation) lines(all []approvals.Request) {
	if n := len(s.N.Vendor.Accounts()); n > s.setting.Seats {
		s.Errorf("%d accounts have %d seats", n, s.setting.Seats)
	}
	tickets := map[int64]int64{}
	for _, r := range all {
		if r.Line != nil {
			tickets[r.Number] = r.Line.Ticket
			s.count("lines: stood in")
		}
	}
	last := int64(0)
	got := map[int64]bool{}
	require.NoError(s.T, s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if !strings.Contains(string(line), `a seat is kept for it"`) && !strings.Contains(string(line), `got a seat from the line"`) {
			return nil
		}
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if !got[e.Request] && tickets[e.Request] < last {
			s.Errorf("#%d got a seat after one who came later", e.Request)
		}
		if !got[e.Request] {
			s.count("lines: got a seat")
		}
		got[e.Request], last = true, max(last, tickets[e.Request])
		return nil
	}))
}

// expectLine is the message about its place to whoever asked for what was put in line.
func expectLine(r approvals.Request, expect func(key string, e expectation)) {
	if r.Line != nil {
		expect(approvals.LinedKey(r.Number), expectation{in: string(r.Requester)})
	}
	for _, who := range called(r) {
		expect(approvals.SeatKey(r.Number, who), expectation{in: string(who)})
	}
	for _, a := range r.Yes() {
		expect(approvals.SeatKey(r.Number, a.Person()), expectation{in: string(a.Person())})
	}
}
