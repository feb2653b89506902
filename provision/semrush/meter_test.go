package semrush_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	api "github.com/usherbot/usher/apiclient/semrush"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision/semrush"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
)

const newer = "semrtkn-4f0e9a7bc2d14e55a0b37c9d18e6f201"

// beside runs f with a meter beside a simulated vendor, which polices.
func beside(t *testing.T, key apiclient.Secret, f func(n *demo.Neighbours, m semrush.Meter)) {
	synctest.Test(t, func(t *testing.T) {
		n := demo.NewNeighbours(slacksim.Options{}, vendorsim.Options{Units: 1234567, Violation: func(s string) { t.Error(s) }})
		defer func() { require.NoError(t, n.Close()) }()
		if key == "" {
			key = apiclient.Secret(n.Vendor.Key(vendorsim.Semrush))
		}
		web := n.Surroundings().VendorHTTP
		defer web.CloseIdleConnections()
		c, err := api.New(api.Config{BaseURL: "http://127.0.0.1", Key: key, HTTP: web})
		require.NoError(t, err)
		f(n, semrush.Meter{Client: c, Key: key, Now: time.Now})
	})
}

func TestWhatIsReadIsWhatTheVendorWrote(t *testing.T) {
	for _, form := range []string{"", "plain", "newline", "nbsp", "narrow"} {
		beside(t, "", func(n *demo.Neighbours, m semrush.Meter) {
			n.Vendor.SetQuirks(vendorsim.Quirks{UnitsForm: form})
			in := m.Read(context.Background())
			require.True(t, in.Known(), form)
			require.EqualValues(t, 1234567, in.Left, form)
			n.Vendor.SetUnits(0)
			in = m.Read(context.Background())
			require.True(t, in.Known(), "nothing left is a number too")
			require.Zero(t, in.Left)
		})
	}
}

// TestWhatIsNoNumberSaysWhy, whether it may be over in a minute, and never the key.
func TestWhatIsNoNumberSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		key   apiclient.Secret
		body  string
		fault vendorsim.Fault
		says  string
		soon  bool
	}{
		"a sign-in page":    {body: "<html><title>Log in 2026</title></html>", says: "a web page instead of a number"},
		"no units":          {body: "ERROR 132 :: API UNITS BALANCE IS ZERO", says: "it answered “ERROR 132 :: API UNITS BALANCE IS ZERO” instead of a number"},
		"nothing":           {body: " \n", says: "was no number", soon: true},
		"a decimal":         {body: "1.5", says: "was no number", soon: true},
		"another key":       {key: "4f0e9a7bc2d14e55a0b37c9d18e6f201", says: "it doesn't take the key in SEMRUSH_API_KEY (“ERROR 120 :: WRONG KEY - ID PAIR”)"},
		"a newer key":       {key: newer, says: "the key in SEMRUSH_API_KEY is one of API version 4"},
		"a newer answer":    {body: `{"meta":{"success":false,"status_code":401},"error":{"code":401,"message":"Unauthorized"}}`, says: "is one of API version 4"},
		"too often":         {fault: vendorsim.Fault{Kind: vendorsim.RateLimited}, says: "asked too often", soon: true},
		"moved":             {fault: vendorsim.Fault{Kind: vendorsim.Redirect}, says: "the address of the balance has gone (it answers 302). Version 3"},
		"gone":              {fault: vendorsim.Fault{Kind: vendorsim.HTML, Status: 410}, says: "has gone (it answers 410)"},
		"trouble":           {fault: vendorsim.Fault{Kind: vendorsim.Status, Status: 503}, says: "trouble of its own (it answers 503)", soon: true},
		"no answer":         {fault: vendorsim.Fault{Kind: vendorsim.Cut}, says: "broke off", soon: true},
		"too slow":          {fault: vendorsim.Fault{Kind: vendorsim.Slow, Delay: time.Hour}, says: "it couldn't be reached", soon: true},
		"half of a number":  {fault: vendorsim.Fault{Kind: vendorsim.Truncated, When: vendorsim.After}, says: "number", soon: true},
		"a page of trouble": {fault: vendorsim.Fault{Kind: vendorsim.HTML, Status: 502}, says: "trouble of its own (it answers 502)", soon: true},
		"a newer key, down": {key: newer, fault: vendorsim.Fault{Kind: vendorsim.Status, Status: 503}, says: "is one of API version 4"},
	} {
		t.Run(name, func(t *testing.T) {
			beside(t, c.key, func(n *demo.Neighbours, m semrush.Meter) {
				n.Vendor.SetQuirks(vendorsim.Quirks{UnitsBody: c.body})
				if c.fault.Kind != "" {
					c.fault.Match.Op, c.fault.Match.Times = vendorsim.Balance, -1
					require.NoError(t, n.Vendor.Plan(c.fault))
				}
				in := m.Read(context.Background())
				require.False(t, in.Known())
				require.Zero(t, in.Left)
				require.Contains(t, in.Why.Plain(), c.says)
				require.Equal(t, c.soon, in.Soon)
				require.NotContains(t, in.Why.Plain(), m.Key.Reveal()[:12])
				require.NotContains(t, in.Why.Plain(), "key=")
			})
		})
	}
}

// TestTheKeyIsNowhere: a whole run in which everything fails leaves it in no log, no store and no promise.
func TestTheKeyIsNowhere(t *testing.T) {
	for _, key := range []apiclient.Secret{"", newer} {
		beside(t, key, func(n *demo.Neighbours, m semrush.Meter) {
			var log strings.Builder
			s, err := bolt.Open(ramdisk.Folder(t), bolt.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
			require.NoError(t, err)
			slots, err := reports.ParseSchedule("*/10 * * * *", "")
			require.NoError(t, err)
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			worker := &outbox.Worker{Box: s, Now: time.Now, Log: logger}
			p := &units.Polls{Apps: []units.App{{ID: "planner", Name: "Planner", Slots: slots, Meter: m}}, Memory: s, Box: s, Now: time.Now, Log: logger, Wake: worker.Wake}
			worker.Add(outbox.Lane{Kind: units.Kind, Doer: p, Width: 1})
			echo := vendorsim.Quirks{UnitsBody: "ERROR 122 :: WRONG FORMAT OR EMPTY KEY " + m.Key.Reveal()}
			n.Vendor.SetQuirks(echo)
			for _, k := range []vendorsim.Kind{vendorsim.Cut, vendorsim.Status, vendorsim.HTML, vendorsim.RateLimited, vendorsim.Redirect, vendorsim.Garbage, vendorsim.Slow} {
				f := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Balance, Times: 4}, Kind: k}
				if k == vendorsim.Slow {
					f.Delay = time.Minute
				}
				require.NoError(t, n.Vendor.Plan(f))
			}
			ctx, cancel := context.WithTimeout(context.Background(), 26*time.Hour)
			defer cancel()
			go p.Run(ctx)
			worker.Run(ctx)
			kept, err := s.Learned(context.Background(), "units/planner")
			require.NoError(t, err)
			owed, err := s.Intents(context.Background(), "")
			require.NoError(t, err)
			raw, err := json.Marshal(owed)
			require.NoError(t, err)
			require.Contains(t, log.String(), "what is left could not be read")
			require.Contains(t, string(raw), "warning/planner/unread/", "and somebody is told")
			for _, text := range []string{log.String(), string(kept), string(raw)} {
				require.NotContains(t, text, m.Key.Reveal()[:10])
				require.NotContains(t, text, m.Key.Reveal()[len(m.Key.Reveal())-10:])
				require.NotContains(t, text, "countapiunits")
			}
			require.NoError(t, s.Close())
		})
	}
}

func TestTheEndOfVersion3IsSaid(t *testing.T) {
	m := semrush.Meter{Key: "4f0e9a7bc2d14e55a0b37c9d18e6f201"}
	var r units.Record
	said := map[string]string{}
	for at := api.Deprecated.Add(-48 * time.Hour); at.Before(api.EndOfVersion3); at = at.Add(24 * time.Hour) {
		r = r.Take(units.Reading{At: at, Left: 5000}, at.Format(reports.SlotLayout), units.Settings{}, m.Notices()...)
		for _, o := range r.Owed {
			require.Contains(t, o.Warning.Say.Plain(), "end of 2027")
			require.NotContains(t, said, o.Key[0], "once")
			said[o.Key[0]] = at.Format(time.DateOnly)
		}
	}
	require.Equal(t, map[string]string{"v3-end": "2026-11-16", "v3-end-soon": "2027-10-02"}, said)
	require.Nil(t, m.Note(api.Deprecated))
	require.Contains(t, m.Note(api.EndOfVersion3).Plain(), "ends at the end of 2027")
}
