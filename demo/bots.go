package demo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/usherbot/usher/control"
)

// together is how many bots there are where they share a database.
const together = 3

// bots are all that a demo keeps alive: one, or several that share a database.
type bots []*keeper

// hire has a keeper for each bot. Only the first finds a Slack that knows nothing of what is kept: it's ready before the others are born.
func (s *Stage) hire(setting Setting, birth Birth) (list bots) {
	if setting.Database == "" {
		return bots{newKeeper(setting.Bot, birth, setting.Log)}
	}
	for n := range together {
		own := birth
		own.Data, own.Anew, own.Database = filepath.Join(birth.Data, fmt.Sprintf("bot-%d", n+1)), n == 0, setting.Database
		list = append(list, newKeeper(setting.Bot, own, setting.Log.With("bot", n+1)))
	}
	return list
}

// first begins the first life of each, one after the other.
func (b bots) first(ctx context.Context) error {
	for _, k := range b {
		if err := k.first(ctx); err != nil {
			return err
		}
	}
	return nil
}

// keep keeps all of them until ctx ends, and says how their last lives ended.
func (b bots) keep(ctx context.Context) error {
	return b.each(func(k *keeper) error { return k.keep(ctx) })
}

// each does something to each of them at the same time.
func (b bots) each(do func(*keeper) error) error {
	errs := make([]error, len(b))
	var all sync.WaitGroup
	for i, k := range b {
		all.Go(func() { errs[i] = do(k) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// end ends in order whatever lives, where a demo can't begin.
func (b bots) end() {
	_ = b.each(func(k *keeper) error {
		if life := k.living(); life != nil {
			_ = ended(life) // why the demo can't begin is told
		}
		return nil
	})
}

// kill ends all there are at once, and reports whether there was one.
func (b bots) kill() (any bool) {
	for _, k := range b {
		any = k.kill(false) || any
	}
	return any
}

// hold ends all in order and lets none begin until the other half is called, with what is to be changed of their births.
func (b bots) hold() (release func(change func(*Birth))) {
	releases := make([]func(func(*Birth)), len(b))
	var all sync.WaitGroup
	for i, k := range b {
		all.Go(func() { releases[i] = k.hold() })
	}
	all.Wait()
	return func(change func(*Birth)) {
		for _, release := range releases {
			release(change)
		}
	}
}

// up is how many are to be there: all that nobody has taken down.
func (b bots) up() (n int) {
	for _, k := range b {
		if !k.isDown() {
			n++
		}
	}
	return n
}

// answers is the folder of a bot that can be asked; of the first where none can. What all of them keep, each knows.
func (s *Stage) answers() control.Folder {
	for _, k := range s.bots {
		if f := k.folder(); f.Running() {
			return f
		}
	}
	return s.bots[0].folder()
}

// Bot is one of the bots, as a page shows it.
type Bot struct {
	// Number is from 1 on. Alive: its process is there and ready. Lived counts its lives, Killed those that were ended from here; Down: it was
	// taken down, and stays away until it's mended.
	Number int  `json:"number"`
	Alive  bool `json:"alive"`
	Lived  int  `json:"lived"`
	Killed int  `json:"killed"`
	Down   bool `json:"down"`
}

// BreakBot does something to one of them: "kill", after which it's started again; "down", after which it isn't until "mend".
func (s *Stage) BreakBot(number int, deed string) error {
	if number < 1 || number > len(s.bots) {
		return fmt.Errorf("there's no bot %d", number)
	}
	k := s.bots[number-1]
	switch deed {
	case "kill", "down":
		if !k.kill(deed == "down") {
			return errNoBot
		}
	case "mend":
		k.up()
	default:
		return fmt.Errorf("there's no way %q to break a bot", deed)
	}
	return nil
}
