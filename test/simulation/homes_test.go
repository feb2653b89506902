package simulation

import (
	"reflect"
	"time"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/test/world"
)

// Homes that are opened, and what is decided on them.

// householders are those who open their Homes: who asks, who decides, who leaves now and then, and an admin.
var householders = []string{"U0ALICE", "U0BOB", "U0ERIN", "U0DAVE", "U0ADMIN"}

// opensHome lets somebody open their Home; now and then the program dies about then. Where all is well it is held to what
// is so, and who can decide something there does.
func (s *simulation) opensHome() {
	who := pickOf(s, householders)
	if len(s.gone[who])%2 == 1 {
		return
	}
	s.note("%s opens their Home", who)
	s.count("acts: opened a Home")
	if s.rng.IntN(4) == 0 {
		s.aimed()
	}
	d := s.N.Slack.OpenHome(who)
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	s.spend(10 * time.Second) // Slack tells of it again for minutes, and a program that has died by then is to live again
	if s.done(d).Acked {
		s.opened[who] = true
	}
	s.spend(2 * time.Second)
	if s.isWell() && s.opened[who] {
		s.atHome(who)
	}
	if s.rng.IntN(2) == 0 {
		s.approvesAtHome(who)
	}
}

// isWell reports whether nothing keeps the program from what it owes.
func (s *simulation) isWell() bool {
	return s.App != nil && !s.Life.Over() && !s.Points.Aimed() && s.failing.Load() <= 0 && s.slackIsFine() && time.Since(time.Unix(0, s.reborn.Load())) > time.Minute
}

// approvesAtHome lets somebody press the first Approve that stands on their Home.
func (s *simulation) approvesAtHome(who string) {
	v, _ := s.N.Slack.Home(who)
	bears := world.BorneOf(v, "Approve")
	name, err := view.ParseButtonValue(bears)
	if bears == "" || err != nil {
		return
	}
	s.note("%s presses Approve on #%d at home", who, name.Number)
	s.count("acts: pressed Approve at home")
	s.heard[who]++
	if !s.lost[name.Nonce] {
		s.votes[ballot{name.Number, who, true}]++
	}
	s.N.Slack.CloseAllViews(who)
	d := s.N.Slack.ClickView(who, "home", "Approve", nil)
	s.last, s.lastBy, s.lastAt = d, who, time.Now()
	s.pressed = s.lastAt
	s.done(d)
	s.spend(2 * time.Second)
	s.N.Slack.CloseAllViews(who) // what is to be said about it
}

// homes: the Home of everybody whose opening was acknowledged, and who has not left since, shows what is so.
func (s *simulation) homes() {
	for _, who := range householders {
		if s.opened[who] {
			s.count("homes: held to what is so")
			s.atHome(who)
		}
	}
}

// atHome holds somebody's Home to what is so; on that of an admin things change by themselves, and are there within a minute
// and a half.
func (s *simulation) atHome(who string) {
	var now, shown any
	for range 45 {
		if s.HasHome(who) {
			if s.anybodys(func() bool { now, shown = s.Home(who); return now != nil && reflect.DeepEqual(now, shown) }) {
				return
			}
		}
		s.spend(2 * time.Second)
	}
	s.Errorf("the Home of %s shows what is not so:\n%s\ninstead of\n%s", who, shown, now)
}
