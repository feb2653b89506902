package world

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// Made is the usual life, with something done in place of, or before, Bob's approval.
func Made(decide func(p *Played)) Scenario {
	return Scenario{Ask: Scenarios[0].Ask, Decide: decide, Want: approvals.Done, Op: vendorsim.Create, Tells: 1}
}

// Of is the scenario of a name.
func Of(name string) Scenario {
	i := slices.IndexFunc(Scenarios, func(s Scenario) bool { return s.Name == name })
	return Scenarios[i]
}

// ApproveAs is approve by somebody else.
func ApproveAs(who string) func(p *Played) {
	return func(p *Played) {
		p.until("the approval", func() bool {
			m, before := p.Card(), len(p.N.Slack.Ephemerals(who))
			out := p.N.Slack.Click(who, m.Channel, m.TS, "Approve").Wait()
			p.Pass(3 * time.Second)
			return out.Acked && len(p.N.Slack.Ephemerals(who)) == before
		}, p.decided)
	}
}

// LoseThePost lets the card be posted, and its answer be lost.
func LoseThePost(w *World) {
	w.N.Slack.FailNext("chat.postMessage", slacksim.AfterEffect, slacksim.Cut)
}

// DelayThePost lets the card be posted when it has been given up and posted again. The message to who is named as an
// approver, which goes out at the same moment, comes as late and is still waited for.
func DelayThePost(w *World) {
	w.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Late, Delay: 20 * time.Second, Times: 2})
}

// StopThePost lets the card not be posted, without a word.
func StopThePost(w *World) {
	w.N.Slack.FailNext("chat.postMessage", slacksim.BeforeEffect, slacksim.Cut)
}

// errAway is what a network says whose far end is not there.
var errAway = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("no route to host")}

// CutOff is the way to Slack, which leads nowhere while away says so.
type CutOff struct {
	http.RoundTripper
	Away *atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (c CutOff) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.Away.Load() {
		return nil, errAway
	}
	return c.RoundTripper.RoundTrip(r)
}

// Between puts it in a life's surroundings.
func (c CutOff) Between(s *app.Surroundings) {
	c.RoundTripper = s.SlackHTTP.Transport
	s.SlackHTTP.Transport = c
	dial := s.SlackDial
	s.SlackDial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if c.Away.Load() {
			return nil, errAway
		}
		return dial(ctx, network, address)
	}
}

// Plan lets the vendor fail in a way.
func Plan(w *World, f vendorsim.Fault) { require.NoError(w.T, w.N.Vendor.Plan(f)) }

// JumpyWall sets the machine's clock while the program runs and between its lives.
func JumpyWall(w *World) *atomic.Int64 {
	var off atomic.Int64
	w.Alter = func(s *app.Surroundings) {
		s.Wall = func() time.Time { return time.Now().Add(time.Duration(off.Load())) }
	}
	return &off
}

// ToldOfTrouble: whoever asked or decided while the disk was full and was answered, was not told that it worked.
func (p *Played) ToldOfTrouble() {
	for _, who := range []string{"U0ALICE", "U0BOB"} {
		for _, m := range p.N.Slack.Ephemerals(who) {
			said := slacksim.PlainText(m)
			require.True(p.T, strings.Contains(said, "#1") || strings.Contains(said, "disk") || strings.Contains(said, "omething went wrong"), "told %s: %s", who, said)
		}
	}
}

// LeadAstray has a page of a database, of which id is the number, lead to itself: a branch with one way to go.
func LeadAstray(page []byte, id int) {
	binary.NativeEndian.PutUint32(page[8:], 1|1<<16)
	binary.NativeEndian.PutUint32(page[12:], 0)
	binary.NativeEndian.PutUint64(page[16:], 16)
	binary.NativeEndian.PutUint64(page[24:], uint64(id))
}
