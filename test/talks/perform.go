package talks

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/demo/script"
	"github.com/usherbot/usher/test/world"
)

// Perform plays a talk outside of `go test`, once for each life that it goes on from, and says in words what happens; what comes back is
// what went wrong. Time costs nothing in it: it needs the bubbles of testing/synctest, which only a test may have, so this is one for as
// long as the talk lasts. It may be called once in a process: testing.Main ends with the process, and is left waiting instead.
func Perform(file string, s script.Talk, out io.Writer) error {
	over := make(chan []string)
	testing.Init()
	go testing.Main(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "talk", F: func(t *testing.T) {
		ex := &world.Recorder{}
		defer func() {
			over <- ex.Findings()
			select {} // or it would end the process, whose end is another's affair
		}()
		performed(t, ex, file, s, out)
	}}}, nil, nil)
	begun := time.Now()
	if wrong := <-over; len(wrong) > 0 {
		return fmt.Errorf("%s:%s", file, strings.TrimPrefix(plainly(wrong[0]), "line "))
	}
	_, err := fmt.Fprintf(out, "\nAll of it came out right, in %s.\n", time.Since(begun).Round(time.Millisecond))
	return err
}

// performed is the talk itself, in each of its lives.
func performed(t *testing.T, ex *world.Recorder, file string, s script.Talk, out io.Writer) {
	say := func(format string, args ...any) {
		_, _ = fmt.Fprintf(out, format+"\n", args...) // nobody fails for want of being watched
	}
	say("%s\n", s.Shows)
	for _, life := range s.Lives {
		if life != "" {
			say("It goes on from %s.", life)
		}
		begin(t, ex, cmp.Or(s.Config, demo.Config), lifeIn(filepath.Join(filepath.Dir(file), "..", "lives"), life), func(k *talk) {
			defer stumbled(k)
			k.before = s.Before
			k.plays = func(line string) { say("%s  ✓ %s", time.Now().Format("Mon 15:04:05"), line) }
			k.play(s.Lines)
		})
		if len(ex.Findings()) > 0 {
			return
		}
	}
}

// stumbled has a talk that asks for what can't be end as one that didn't come out right.
func stumbled(k *talk) {
	p := recover()
	if err, ours := p.(runtime.Error); ours {
		k.T.Errorf("%s: that can't be done here (%v)", k.line, err)
	} else if p != nil {
		panic(p)
	}
}

// toldParts are the parts of what a failed assertion says that somebody needs who hasn't written it.
var toldParts = regexp.MustCompile(`(?s)Error:\s*(.*?)\s*(?:\n\s*Test:.*?)?(?:\n\s*Messages:\s*(.*))?$`)

// plainly is what went wrong, without where in the program that was noticed.
func plainly(wrong string) string {
	if m := toldParts.FindStringSubmatch(wrong); m != nil && strings.Contains(wrong, "Error Trace:") {
		wrong = strings.TrimPrefix(m[2]+": "+m[1], ": ")
	}
	return strings.Join(strings.Fields(wrong), " ")
}
