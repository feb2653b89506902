package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// made is the usual life, with something done in place of, or before, Bob's approval.
func made(decide func(p *played)) scenario {
	return scenario{ask: scenarios[0].ask, decide: decide, want: approvals.Done, op: vendorsim.Create, tells: 1}
}

// of is the scenario of a name.
func of(name string) scenario {
	i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
	return scenarios[i]
}

// approveAs is approve by somebody else.
func approveAs(who string) func(p *played) {
	return func(p *played) {
		p.until("the approval", func() bool {
			m, before := p.card(), len(p.n.Slack.Ephemerals(who))
			out := p.n.Slack.Click(who, m.Channel, m.TS, "Approve").Wait()
			p.pass(3 * time.Second)
			return out.Acked && len(p.n.Slack.Ephemerals(who)) == before
		}, p.decided)
	}
}

// loseThePost lets the card be posted, and its answer be lost.
func loseThePost(w *talkWorld) {
	w.n.Slack.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
}

// delayThePost lets the card be posted when it has been given up and posted again. The message to who is named as an
// approver, which goes out at the same moment, comes as late and is still waited for.
func delayThePost(w *talkWorld) {
	w.n.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: 20 * time.Second, Times: 2})
}

// stopThePost lets the card not be posted, without a word.
func stopThePost(w *talkWorld) {
	w.n.Slack.FailNext("chat.postMessage", slacksim.BeforeEffect, slacksim.Cut)
}

// errAway is what a network says whose far end is not there.
var errAway = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("no route to host")}

// cutOff is the way to Slack, which leads nowhere while away says so.
type cutOff struct {
	http.RoundTripper
	away *atomic.Bool
}

func (c cutOff) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.away.Load() {
		return nil, errAway
	}
	return c.RoundTripper.RoundTrip(r)
}

// between puts it in a life's surroundings.
func (c cutOff) between(s *app.Surroundings) {
	c.RoundTripper = s.SlackHTTP.Transport
	s.SlackHTTP.Transport = c
	dial := s.SlackDial
	s.SlackDial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if c.away.Load() {
			return nil, errAway
		}
		return dial(ctx, network, address)
	}
}

func plan(w *talkWorld, f vendorsim.Fault) { require.NoError(w.t, w.n.Vendor.Plan(f)) }

// jumpyWall sets the machine's clock while the program runs and between its lives.
func jumpyWall(w *talkWorld) *atomic.Int64 {
	var off atomic.Int64
	w.alter = func(s *app.Surroundings) {
		s.Wall = func() time.Time { return time.Now().Add(time.Duration(off.Load())) }
	}
	return &off
}
