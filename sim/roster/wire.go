package roster

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Trouble is how an answer goes wrong on its way.
type Trouble string

// The troubles.
const (
	Cut       Trouble = "cut"       // the connection ends without an answer
	Truncated Trouble = "truncated" // the true answer, broken off half way, as if that were all
	Broken    Trouble = "broken"    // the true answer, and the connection ends within it
	Slow      Trouble = "slow"      // Delay passes first
	Status    Trouble = "status"    // Fault.Status in the vendor's envelope
	Page      Trouble = "page"      // a sign-in page
	Garbage   Trouble = "garbage"   // bytes that are no JSON
	Shape     Trouble = "shape"     // JSON that says something else: {}
	Redirect  Trouble = "redirect"  // to another host
)

// Fault is one row of the plan: what happens to which call.
type Fault struct {
	Trouble Trouble
	// Nth is the first call that is hit, from 1, and Times how many are; 0: 1, and negative: for ever.
	Nth, Times int
	Status     int
	Delay      time.Duration
	// Header is sent beside a Status.
	Header http.Header
	seen   int
}

// Call is one call, as the journal has it.
type Call struct {
	At   time.Time
	Path string
	// Query is what stood behind the path; of what bears a secret there is nothing here.
	Query  string
	Status int
}

// Plan adds faults behind those planned already.
func (r *Roster) Plan(faults ...Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range faults {
		r.faults = append(r.faults, &f)
	}
}

// Heal forgets every fault and tells the truth again.
func (r *Roster) Heal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults, r.lie = nil, Honest
}

// Calls are those that were made, oldest first.
func (r *Roster) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

// Left is how many calls are left in this minute, and when it ends; before counting the one at hand.
func (r *Roster) Left() (left int, reset time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	minute := now.Truncate(time.Minute)
	n := 0
	for _, c := range r.calls {
		if !c.At.Before(minute) {
			n++
		}
	}
	return max(r.PerMinute-n, 0), minute.Add(time.Minute)
}

// Answer is what a vendor says.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Fail makes an answer of a status in the vendor's own envelope.
type Fail func(status int) Answer

// Truth is what a vendor answers. lost says that it will not be heard whole, so that a page may be asked for again.
type Truth func(lost bool) Answer

// Serve answers one call, under the fault that is planned for it. truth is asked once, and fail where a status is planned.
func (r *Roster) Serve(w http.ResponseWriter, req *http.Request, truth Truth, fail Fail) {
	f, planned := r.pick()
	if planned && f.Trouble == Slow && !wait(req.Context(), f.Delay) {
		panic(http.ErrAbortHandler)
	}
	a := spoiled(f, planned, truth, fail)
	r.mu.Lock()
	r.calls = append(r.calls, Call{At: r.Now(), Path: req.URL.Path, Query: req.URL.RawQuery, Status: a.Status})
	r.mu.Unlock()
	if planned && f.Trouble == Cut {
		panic(http.ErrAbortHandler)
	}
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	body := a.Body
	if planned && f.Trouble == Broken {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
		body = body[:len(body)/2]
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(body)
	if planned && f.Trouble == Broken {
		panic(http.ErrAbortHandler)
	}
}

func spoiled(f Fault, planned bool, truth Truth, fail Fail) Answer {
	if !planned {
		return truth(false)
	}
	switch f.Trouble {
	case Status:
		a := fail(f.Status)
		for k, v := range f.Header {
			a.Header[http.CanonicalHeaderKey(k)] = v
		}
		return a
	case Page:
		return Answer{200, http.Header{"Content-Type": {"text/html"}}, []byte("<!DOCTYPE html><title>Sign in</title>")}
	case Garbage:
		return Answer{200, http.Header{"Content-Type": {"application/json"}}, []byte("\x00\x01 no JSON")}
	case Shape:
		return Answer{200, http.Header{"Content-Type": {"application/json"}}, []byte("{}")}
	case Redirect:
		return Answer{302, http.Header{"Location": {"https://elsewhere.example/users"}}, nil}
	case Truncated:
		a := truth(true)
		a.Body = a.Body[:len(a.Body)/2]
		return a
	case Cut:
		return Answer{}
	}
	return truth(f.Trouble == Broken)
}

// pick is the fault that hits this call.
func (r *Roster) pick() (Fault, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.faults {
		f.seen++
		first, times := max(f.Nth, 1), f.Times
		if times == 0 {
			times = 1
		}
		if f.seen >= first && (times < 0 || f.seen < first+times) {
			return *f, true
		}
	}
	return Fault{}, false
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
