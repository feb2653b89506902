package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/control"
)

// worksAtMachine lets whoever sits at the command line tick a step, or take a tick back.
func (s *simulation) worksAtMachine() {
	r, ok := s.task()
	if !ok {
		return
	}
	i := s.nextOf(r)
	if i < 0 {
		return
	}
	op := s.opFor(r.Task.Steps[i])
	for j, st := range r.Task.Steps {
		if st.Tick != nil && s.rng.IntN(4) == 0 {
			i, op = j, view.OpUndo
		}
	}
	well, life := s.isWell(), s.lives
	code := s.ticksAtMachine(r, i, op)()
	if code == http.StatusOK && well && life == s.lives && !s.Life.Over() {
		s.sure = append(s.sure, stepped{r.Number, keyOfStep(r, i), atMachine, op})
	}
	s.Pass(0)
}

// ticksAtMachine is what brings to the running program what `usher tick` does, beside others or not: it gives the status, 0 for none.
func (s *simulation) ticksAtMachine(r approvals.Request, i int, op view.Op) func() int {
	s.tried[stepped{r.Number, keyOfStep(r, i), atMachine, op}] = true
	s.note("at the command line %s of step %s of #%d", op, keyOfStep(r, i), r.Number)
	s.count("tasks: at the command line")
	if s.App == nil || s.Life.Over() {
		return func() int { return 0 }
	}
	t := control.Ticking{Step: fmt.Sprint(i + 1), Skip: op == view.OpSkip, Undo: op == view.OpUndo, Note: "at the machine"}
	if op == view.OpYes || op == view.OpNo {
		t.Answer = string(op)
	}
	if st := r.Task.Steps[i]; st.Proof == "link" {
		t.Link = "https://photos.example/machine"
	}
	raw, err := json.Marshal(t)
	require.NoError(s.T, err)
	c := &control.Server{Desk: s.App.Desk, Store: s.App.Store, Now: time.Now, Log: slog.New(slog.DiscardHandler), Who: func(*http.Request) (approvals.Actor, bool) { return approvals.OSUser("root"), true }}
	ask := httptest.NewRequest(http.MethodPost, fmt.Sprintf("/v1/requests/%d/steps", r.Number), strings.NewReader(string(raw)))
	return func() int {
		out := httptest.NewRecorder()
		c.Handler().ServeHTTP(out, ask.WithContext(context.WithValue(ask.Context(), whose{}, atMachine)))
		return out.Code
	}
}
