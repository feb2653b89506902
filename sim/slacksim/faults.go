package slacksim

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind is a way for a call to go wrong.
type Kind string

// The kinds of fault.
const (
	Status500 Kind = "500"  // HTTP 500 with a JSON body
	Cut       Kind = "cut"  // the connection ends without an answer
	Slow      Kind = "slow" // the answer comes after Fault.Delay
	HTML      Kind = "html" // HTTP 200 with a page instead of JSON
	Hang      Kind = "hang" // no answer until the caller gives up
	Late      Kind = "late" // it takes effect after Fault.Delay, whether or not the caller still waits
	Limited   Kind = "429"  // HTTP 429 without the header Retry-After
	// RetryAfter is HTTP 429 that says to wait for Fault.Delay, in whole seconds; a call before that is a violation.
	RetryAfter Kind = "Retry-After"
	// Torn is HTTP 200 with JSON that ends in the middle.
	Torn Kind = "torn"
	// The last three take effect, and are answered with HTTP 200 and ok:true, but not as was asked (see lies).
	OtherID Kind = "other id" // about another channel, person, group, form, address or workspace
	NoID    Kind = "no id"    // without the id, the list or the word that the answer consists of
	OtherTS Kind = "other ts" // with a ts at which nothing stands
)

// When is whether a fault strikes before or after the call took effect.
type When bool

// The two moments.
const (
	BeforeEffect When = false
	AfterEffect  When = true
)

// Fault makes calls of one method go wrong.
type Fault struct {
	Method string        `json:"method"` // or a family of them, "chat.*"; or "response_url", "upload", "link" (the WebSocket)
	After  bool          `json:"after"`
	Kind   Kind          `json:"kind"`
	Delay  time.Duration `json:"delay"` // of Slow, Late and RetryAfter, in nanoseconds; 0 is 15 s
	Times  int           `json:"times"` // 0 is once
	Skip   int           `json:"skip"`  // let so many calls pass first
	Every  int           `json:"every"` // strike one call in so many, until Times is used up; 0 is each
	passed int
}

// about reports whether a fault is one of a method's.
func (f *Fault) about(method string) bool {
	family, isFamily := strings.CutSuffix(f.Method, "*")
	return f.Method == method || isFamily && strings.HasPrefix(method, family)
}

// lets reports whether a fault lets a call pass, and counts it.
func (f *Fault) lets() bool {
	if f.Skip > 0 {
		f.Skip--
		return true
	}
	f.passed++
	return f.Every > 1 && f.passed%f.Every != 0
}

type faults struct {
	plan     []*Fault
	limits   map[string]*limit // by method
	posted   map[string]*bucket
	blocked  map[string]time.Time // method -> when its Retry-After has passed
	told     map[string]time.Time // method -> when it was last answered with 429
	revoked  string               // the error every call gets, if the token was revoked
	lostAcks int                  // so many acks are lost on their way
}

type limit struct {
	left  int
	after time.Duration
}

// bucket is a channel's allowance of messages.
type bucket struct {
	tokens float64
	at     time.Time
}

type rateLimited struct{ after time.Duration }

func (e *rateLimited) Error() string { return "ratelimited" }

func newFaults() faults {
	return faults{limits: map[string]*limit{}, posted: map[string]*bucket{}, blocked: map[string]time.Time{}, told: map[string]time.Time{}}
}

// FailNext makes the next call of a method go wrong, before or after it took effect.
func (s *Server) FailNext(method string, when When, kind Kind) {
	s.Plan(Fault{Method: method, After: bool(when), Kind: kind})
}

// Plan adds a fault; faults of one method strike in the order they were planned.
func (s *Server) Plan(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	setDefault(&f.Times, 1)
	setDefault(&f.Delay, 15*time.Second)
	f.After = f.After || f.Kind.lying() && f.Kind != Torn
	s.plan = append(s.plan, &f)
}

// ClearFaults forgets every planned fault and rate limit.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plan, s.limits, s.revoked = nil, map[string]*limit{}, ""
	s.blocked, s.told = map[string]time.Time{}, map[string]time.Time{}
}

// RateLimit answers the next n calls of a method with 429 and Retry-After
// (whole seconds). A call that comes before that has passed is a violation.
func (s *Server) RateLimit(method string, n int, retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits[method] = &limit{n, retryAfter}
}

// Revoke makes every call fail with code, such as token_revoked or
// account_inactive; "" undoes it.
func (s *Server) Revoke(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = code
}

// Grant gives the bot token these scopes and no others, as a reinstallation of a changed app does.
func (s *Server) Grant(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Scopes = scopes
}

// takeFault finds the fault for this call, if any. It takes the lock.
func (s *Server) takeFault(method string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.plan {
		if !f.about(method) || f.Times == 0 {
			continue
		}
		if f.lets() {
			return nil
		}
		f.Times--
		struck := *f
		struck.Method = method
		return &struck
	}
	return nil
}

// strike carries out a fault. It returns false where the call goes on as usual
// afterwards (Slow, Late). It is called without the lock.
func (s *Server) strike(w http.ResponseWriter, r *http.Request, f *Fault, entry *Call) (answered bool) {
	s.mu.Lock()
	entry.Answer = fmt.Sprint(f.Kind)
	s.mu.Unlock()
	switch f.Kind {
	case Status500:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintln(w, `{"ok":false,"error":"internal_error"}`)
	case HTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintln(w, "<!DOCTYPE html><html><body><h1>Something went wrong on our end</h1></body></html>")
	case Slow:
		return !s.pause(r, f.Delay)
	case Late:
		return !s.pause(r.WithContext(context.WithoutCancel(r.Context())), f.Delay)
	case Limited:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprintln(w, `{"ok":false,"error":"ratelimited"}`)
	case RetryAfter:
		s.mu.Lock()
		err := s.refuse(f.Method, f.Delay)
		s.mu.Unlock()
		writeRefusal(w, err)
	case Torn:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fmt.Fprint(w, `{"ok":true,"chan`)
	case Hang:
		s.pause(r, 24*time.Hour)
		panic(http.ErrAbortHandler)
	default:
		panic(http.ErrAbortHandler)
	}
	return true
}

// admit holds a call against the rate limits asked for by RateLimit. A call that comes at the very moment
// at which another one is limited was on its way already.
func (s *Server) admit(method string) error {
	if until, now := s.blocked[method], s.now(); now.Before(until) && now.Equal(s.told[method]) {
		return &rateLimited{until.Sub(now)}
	}
	if until := s.blocked[method]; s.now().Before(until) {
		s.violation("called %s %v before its Retry-After had passed", method, until.Sub(s.now()))
	}
	l := s.limits[method]
	if l == nil || l.left <= 0 {
		return nil
	}
	l.left--
	return s.refuse(method, l.after)
}

func (s *Server) refuse(method string, after time.Duration) error {
	s.told[method] = s.now()
	s.blocked[method] = s.now().Add(after)
	return &rateLimited{after}
}

// spend takes one message from a channel's allowance: one a second, with a
// small burst. Slack does not disclose the burst it tolerates.
func (s *Server) spend(channel string) error {
	if s.opts.NoPostLimit {
		return nil
	}
	b := s.posted[channel]
	if b == nil {
		b = &bucket{tokens: float64(s.opts.PostBurst), at: s.now()}
		s.posted[channel] = b
	}
	b.tokens = min(float64(s.opts.PostBurst), b.tokens+s.now().Sub(b.at).Seconds())
	b.at = s.now()
	if b.tokens < 1 {
		s.violation("posted to %s faster than one message a second", channel)
		return &rateLimited{time.Second}
	}
	b.tokens--
	return nil
}

// LoseAcks loses the next acks on their way to Slack: the app has sent them, and whoever waits is told that it failed.
func (s *Server) LoseAcks(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lostAcks += n
}
