package sources_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/roster"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/stops"
)

// months are some months of a company and of one directory of it: people join, leave, come back, are renamed and deleted, and the
// directory fails, lies and recovers.
type months struct {
	*testing.T
	p        *place
	draw     *rand.Rand
	readings *directory.Readings
	due      func()
	// on is who is on, by address, as it is, and believed as it was when the directory was read last.
	on, believed map[string]bool
	read         time.Time
	alarms       int
	lying        bool
}

// TestMonthsOfADirectory: whatever happens, what is known of everybody is what was so when the directory was last read in whole: nobody who
// was on then is off, and who was off is. Once it can be read again, that is what is so.
func TestMonthsOfADirectory(t *testing.T) {
	all := kinds(t)
	pace.Lives(t, 45*24*time.Hour)
	for _, name := range []string{"okta", "entra", "google"} {
		for seed := range 2 {
			synctest.Test(t, func(t *testing.T) {
				p, end := within(t, name, all[name])
				defer end()
				begin(t, p, uint64(seed)).live(45)
			})
		}
	}
}

func begin(t *testing.T, p *place, seed uint64) *months {
	store := stops.Store(t)
	m := &months{T: t, p: p, draw: rand.New(rand.NewPCG(seed, 5)), on: map[string]bool{}}
	for i := range 60 {
		p.Put(roster.Person{ID: fmt.Sprint("id", i), Email: address(i, 0), Created: time.Now()})
		m.on[address(i, 0)] = true
	}
	m.readings = &directory.Readings{Directories: []directory.Directory{{Name: "it", Source: p.source}}, Memory: store, Box: store, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Wake: func() {}, Alarm: func(context.Context, string, approvals.Text) { m.alarms++ }}
	m.due = func() {
		plan, cancel := context.WithCancel(t.Context())
		m.readings.Wake = cancel // one pass over the plan
		m.readings.Run(plan)
		for {
			due, _, err := store.Due(t.Context(), directory.Kind, time.Now(), 1)
			require.NoError(t, err)
			if len(due) == 0 {
				return
			}
			in, err := store.Claim(t.Context(), due[0].Key, time.Now())
			require.NoError(t, err)
			require.NoError(t, store.Finish(t.Context(), in, m.readings.Do(t.Context(), outbox.NewJob(in, store)), time.Now()))
		}
	}
	return m
}

func address(person, name int) string { return fmt.Sprintf("p%d.%d@acme.example", person, name) }

// live is so many days, and then all is well and what is known is what is so.
func (m *months) live(days int) {
	m.due() // a first answer has nothing to be doubted by
	m.law()
	for day := range days {
		m.something(day)
		for range 6 {
			m.due()
			m.law()
			<-time.After(4 * time.Hour)
		}
	}
	m.p.Heal()
	m.lying = false
	<-time.After(24 * time.Hour)
	m.due()
	m.law()
	for a, on := range m.believed {
		require.Equal(m, m.on[a], on, "%s at the end", a)
	}
	require.Equal(m, len(m.on), len(m.believed))
}

// something happens to a few people, and to the directory.
func (m *months) something(day int) {
	for range m.draw.IntN(3) {
		i := m.draw.IntN(60)
		m.p.Change(fmt.Sprint("id", i), func(p *roster.Person) {
			switch m.draw.IntN(3) {
			case 0:
				p.Off = time.Now()
			case 1:
				p.Off = time.Time{}
			default:
				was := p.Email
				p.Email = address(i, day+1)
				delete(m.on, was)
			}
			m.on[p.Email] = p.Off.IsZero()
		})
	}
	if m.draw.IntN(4) == 0 {
		p := roster.Person{ID: fmt.Sprint("new", day), Email: address(1000+day, 0), Created: time.Now()}
		m.p.Put(p)
		m.on[p.Email] = true
	}
	switch m.draw.IntN(6) {
	case 0:
		m.p.Tell([]roster.Lie{roster.Nobody, roster.Half, roster.Twice}[m.draw.IntN(3)])
		m.lying = true
	case 1:
		troubles := []roster.Trouble{roster.Cut, roster.Truncated, roster.Broken, roster.Page, roster.Shape, roster.Garbage, roster.Redirect}
		m.p.Plan(roster.Fault{Trouble: troubles[m.draw.IntN(len(troubles))], Nth: 1 + m.draw.IntN(6), Times: 1 + m.draw.IntN(200)})
	case 2, 3:
		m.p.Heal()
		m.lying = false
	}
}

// law: what is known is what was so at the last reading. A reading is taken to be of the moment at which it ended: nothing happens during one.
func (m *months) law() {
	seen, err := m.readings.Seen(m.Context())
	require.NoError(m, err)
	if seen[0].Read != m.read {
		m.read, m.believed = seen[0].Read, map[string]bool{}
		for a, on := range m.on {
			m.believed[a] = on
		}
	}
	standings, err := m.readings.Standings(m.Context())
	require.NoError(m, err)
	if len(standings.Unsure) > 0 {
		require.Empty(m, standings.Of)
		return
	}
	for a, on := range m.believed {
		require.Len(m, standings.Of[a], 1, a)
		require.Equal(m, on, !standings.Of[a][0].Off, "%s, read %v", a, m.read)
	}
}
