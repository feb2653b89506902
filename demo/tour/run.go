package tour

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/terminal"
)

// patience is how long anything may take that must happen. On a good day nearly all of it is left.
const patience = 60 * time.Second

// Run is `usher demo --tour`: a demo of its own, in which the story of that name, or every one, is played, and which ends with them.
func Run(ctx context.Context, setting demo.Setting, name string, paper Paper) error {
	list, err := chosen(name, time.Now())
	if err != nil {
		return err
	}
	setting.Addr = cmp.Or(setting.Addr, "127.0.0.1:0") // nobody is waited for to look
	beside, err := demo.Open(ctx, setting)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	over := make(chan error, 1)
	go func() {
		err := beside.Serve(ctx)
		end(cmp.Or(err, context.Canceled)) // a demo that ends by itself ends the tour
		over <- err
	}()
	err = Play(ctx, Stage{Stage: beside.Telling(), Patience: patience}, paper, list)
	end(nil)
	if ended := <-over; err == nil || !errors.Is(err, ended) {
		err = errors.Join(err, ended)
	}
	return err
}

// chosen are the stories of a name; "" is every one's.
func chosen(name string, now time.Time) ([]stories.Story, error) {
	all := stories.All(stories.Scene{Now: now})
	if name == "" {
		return all, nil
	}
	var names []string
	for _, s := range all {
		if s.Name == name {
			return []stories.Story{s}, nil
		}
		names = append(names, s.Name)
	}
	return nil, terminal.Wrong(fmt.Sprintf("usher: there's no story called %s; expected one of %s", terminal.Quoted(name), strings.Join(names, ", ")))
}
