package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/store/postgres"
)

// Break is what a page is told of what can be broken, and how the demo is.
type Break struct {
	Now   time.Time     `json:"now"`
	Ahead time.Duration `json:"ahead"`
	Ways  []Way         `json:"ways"`
	Jumps []Jump        `json:"jumps"`
	// Alive: a bot is there and hears. Lived counts the lives of all, and Killed those that were ended from here; Full: there's no room. Down: the
	// vendor breaks off every change.
	Alive  bool `json:"alive"`
	Lived  int  `json:"lived"`
	Killed int  `json:"killed"`
	Full   bool `json:"full"`
	Down   bool `json:"down"`
	// Bots are they one by one, and Database is what several of them share, in words.
	Bots     []Bot  `json:"bots"`
	Database string `json:"database,omitempty"`
}

// countEvery is how often is counted at most, however many look.
const countEvery = time.Second

// breaker is what is served at /break, a page, and below it: GET state and count, and POST for each way and jump, with an empty object of JSON.
type breaker struct {
	stage *Stage
	// mu guards the last count, with when it was made.
	mu   sync.Mutex
	last Count
	at   time.Time
}

func (b *breaker) routes(mux *http.ServeMux) {
	mux.Handle("GET /break", slacksim.BuiltPage("break.html"))
	mux.HandleFunc("GET /break/state", func(w http.ResponseWriter, _ *http.Request) { door.Answer(w, http.StatusOK, b.stage.brokenness()) })
	mux.HandleFunc("GET /break/count", b.count)
	mux.Handle("POST /break/bots/{n}/{deed}", deed(func(r *http.Request) error {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil {
			return fmt.Errorf("there's no bot %q", r.PathValue("n"))
		}
		return b.stage.BreakBot(n, r.PathValue("deed"))
	}))
	mux.Handle("POST /break/{way}", deed(func(r *http.Request) error { return b.stage.Break(r.PathValue("way")) }))
	mux.Handle("POST /break/jump/{to}", deed(func(r *http.Request) error { return b.stage.Jump(r.Context(), r.PathValue("to")) }))
}

// brokenness is how it stands.
func (s *Stage) brokenness() Break {
	b := Break{Now: s.clock.Now(), Ahead: s.clock.Ahead(), Ways: s.waysHere(), Jumps: jumps, Full: s.bots[0].isFull(), Down: s.down.Load()}
	if s.database != "" {
		b.Database = postgres.Name(s.database)
	}
	heard := s.Slack.Connections() > 0
	for i, k := range s.bots {
		bot := k.state(i + 1)
		b.Bots, b.Lived, b.Killed = append(b.Bots, bot), b.Lived+bot.Lived, b.Killed+bot.Killed
		b.Alive = b.Alive || bot.Alive && heard
	}
	return b
}

// count counts, or says what was counted a moment ago. While the bot isn't there nobody can be asked.
func (b *breaker) count(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.at) >= countEvery {
		c, err := b.stage.Count(r.Context())
		if err != nil {
			refuse(w, err)
			return
		}
		b.last, b.at = c, time.Now()
	}
	door.Answer(w, http.StatusOK, b.last)
}

// deed takes one from the demo's own page: no other site's could send JSON, or pass the check of origins.
func deed(do func(*http.Request) error) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			door.Answer(w, http.StatusUnsupportedMediaType, map[string]string{"error": "This takes JSON."})
			return
		}
		if err := do(r); err != nil {
			refuse(w, err)
			return
		}
		door.Answer(w, http.StatusOK, struct{}{})
	}))
}

// refuse says why something wasn't done.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusConflict
	if errors.Is(err, context.Canceled) {
		status = http.StatusServiceUnavailable // who asked has gone
	}
	door.Answer(w, status, map[string]string{"error": sentence(err)})
}

// sentence is an error as a page shows it.
func sentence(err error) string {
	say := err.Error()
	return strings.ToUpper(say[:1]) + say[1:] + "."
}
