package commands

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// desk of reports: what was posted, by name, channel, key and person.
type reportDesk struct {
	names  []string
	posted [][4]string
	shown  [][4]string
}

func (r *reportDesk) Names() []string { return r.names }

func (r *reportDesk) Channel(string) string { return "#reports" }

func (r *reportDesk) Show(_ context.Context, name, channel, key string, by approvals.PersonID) error {
	r.shown = append(r.shown, [4]string{name, channel, key, string(by)})
	return nil
}

func (r *reportDesk) Posted(_ context.Context, name, key string) (string, error) {
	for _, p := range r.posted {
		if p[0] == name && p[2] == key {
			return p[1], nil
		}
	}
	return "", nil
}

func (r *reportDesk) Post(_ context.Context, name, channel, key string, by approvals.PersonID) error {
	r.posted = append(r.posted, [4]string{name, channel, key, string(by)})
	return nil
}

// rooms are where the bot is; "" could not be found out. The reports' own channel is C0REPORTS, and C0OLD is archived.
type rooms struct{ in string }

func (r rooms) In(_ context.Context, channel string, _ approvals.PersonID) (in, archived bool, err error) {
	if r.in == "" {
		return false, false, errVague
	}
	return channel == r.in, channel == "C0OLD", nil
}

func (r rooms) ID(_ context.Context, channel string) (string, error) {
	if r.in == "" {
		return "", errVague
	}
	return map[string]string{"#reports": "C0REPORTS"}[channel], nil
}

const (
	aloneFirst = "The report weekly-seats is on its way, to you alone for now. Want everybody here to have it? Press Post to channel below it.\n"
	isComing   = "The report weekly-seats is on its way to this channel.\n"
	notIn      = "The report weekly-seats comes to you by direct message: I'm not in this channel, so I can't post it here.\n| Want it here? Add me with /invite, then "
)

// TestAReportSaysWhereItComes: in its own channel, and in a direct message, it is posted at once; anywhere else whoever asked is shown it
// alone first. Where the bot is not in a channel that is said at once, with why; where it can't be found out the report itself says it,
// and nobody else is shown it.
func TestAReportSaysWhereItComes(t *testing.T) {
	for _, row := range []struct {
		channel, in, want string
		public            bool
	}{
		{"C0GENERAL", "C0GENERAL", aloneFirst, false},
		{"C0GENERAL", "C0OTHER", notIn + "press Post to channel below it.\n", false},
		{"C0GENERAL", "", aloneFirst, false},
		{"C0OLD", "C0OLD", "The report weekly-seats comes to you by direct message: this channel is archived, so nobody can post here.\n", false},
		{"C0REPORTS", "C0REPORTS", isComing, true},
		{"C0REPORTS", "C0OTHER", notIn + "ask again.\n", true},
		{"C0REPORTS", "", aloneFirst, false},
		{"D0CAROL", "D0CAROL", isComing, true},
		{"D0CAROL", "", isComing, true},
	} {
		w := newWorld(t)
		w.Rooms = rooms{row.in}
		reply, err := w.Do(t.Context(), Call{Text: "report", User: "U0CAROL", Channel: row.channel, Key: "T.1"}, noon)
		require.NoError(t, err)
		require.Equal(t, row.want, says(reply), "%v", row)
		asked := [][4]string{{"weekly-seats", row.channel, "T.1", "U0CAROL"}}
		if row.public {
			require.Equal(t, asked, w.reports.posted, "%v", row)
			require.Empty(t, w.reports.shown)
		} else {
			require.Equal(t, asked, w.reports.shown, "%v", row)
			require.Empty(t, w.reports.posted)
		}
	}
}

func TestReport(t *testing.T) {
	w := newWorld(t)
	require.Contains(t, w.says("U0BOB", "report"), "not_allowed: Only Usher's admins can post reports.")
	require.Equal(t, aloneFirst, w.says2("U0CAROL", "report", "T.9"))
	w.reports.names = append(w.reports.names, "units")
	require.Contains(t, w.says("U0CAROL", "report"), "Which report? I have: weekly-seats, units.\n> /access report weekly-seats\n> /access report units\n")
	require.Contains(t, w.says("U0CAROL", "report weekly-seat"), "Did you mean weekly-seats?\n> /access report weekly-seats\n")
	require.Contains(t, w.says("U0CAROL", "report quarterly"), "I don't know the report “quarterly”.")
	w.says2("U0CAROL", "report UNITS", "T.10")
	require.Empty(t, w.reports.posted)
	require.Equal(t, [][4]string{{"weekly-seats", "C0GENERAL", "T.9", "U0CAROL"}, {"units", "C0GENERAL", "T.10", "U0CAROL"}}, w.reports.shown)
	w.House.Reports = nil
	require.Contains(t, w.says("U0CAROL", "report"), "not_found: No report is set up yet. An admin adds one")
}

// TestWhatWasShownIsPostedOnce, where it can be, for an admin.
func TestWhatWasShownIsPostedOnce(t *testing.T) {
	w := newWorld(t)
	w.Rooms = rooms{"C0GENERAL"}
	press := func(name, channel string, by approvals.PersonID) string {
		reply, err := w.PostReport(t.Context(), name, channel, "k", by)
		if err != nil {
			var told *approvals.Error
			require.ErrorAs(t, err, &told)
			return string(told.Code) + ": " + told.Say.Plain()
		}
		return says(reply)
	}
	require.Contains(t, press("weekly-seats", "C0GENERAL", "U0BOB"), "not_allowed: Only Usher's admins")
	require.Contains(t, press("gone", "C0GENERAL", "U0CAROL"), "not_found: There's no report called gone any more")
	require.Contains(t, press("weekly-seats", "C0OTHER", "U0CAROL"), "unavailable: I'm not in #C0OTHER, so I can't post there. Add me with /invite, then press")
	w.Rooms = rooms{"C0OLD"}
	require.Contains(t, press("weekly-seats", "C0OLD", "U0CAROL"), "unavailable: #C0OLD is archived")
	require.Empty(t, w.reports.posted)
	w.Rooms = rooms{""}
	require.Contains(t, press("weekly-seats", "C0GENERAL", "U0CAROL"), "on its way to #C0GENERAL", "it says so itself where it can't")
	require.Equal(t, [][4]string{{"weekly-seats", "C0GENERAL", "post k", "U0CAROL"}}, w.reports.posted)
	require.Contains(t, press("weekly-seats", "C0GENERAL", "U0CAROL"), "conflict: The report weekly-seats stands in #C0GENERAL already.")
	require.Contains(t, press("weekly-seats", "C0OTHER", "U0CAROL"), "conflict: I couldn't post the report weekly-seats in #C0OTHER, so I sent it to you directly.")
	require.Len(t, w.reports.posted, 1)
}
