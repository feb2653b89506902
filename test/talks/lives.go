package talks

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/world"
)

// The lives under testdata/lives were lived by the last program of each schema that is no more, in this same company:
// fourteen requests of one action, each for the account that is named after what becomes of it, until that program was
// killed right after the last yes. They are never changed. A life is its database, and how its neighbours stood then.

// stood is how the neighbours of a life stood at its end.
type stood struct {
	Until    time.Time           `json:"until"`
	Said     []slacksim.Message  `json:"said"`
	Accounts []vendorsim.Account `json:"accounts"`
}

// inLife begins a talk in the demo's company, and where a life is named, at its end.
func inLife(t *testing.T, config, name string, f func(k *talk)) {
	play := func(t *testing.T) { begin(t, t, config, lifeIn("testdata/lives", name), f) }
	if name == "" {
		play(t)
		return
	}
	t.Run(name, play)
}

// examiner is what a talk reports to: a test, or a recorder of what went wrong.
type examiner interface {
	require.TestingT
	Helper()
	Fatalf(format string, args ...any)
}

// begin begins a talk in a company, and where the file of a life is named, at its end.
func begin(t *testing.T, ex examiner, config, life string, f func(k *talk)) {
	world.InScene(t, ex, config, func(w *world.World) {
		k := &talk{World: w, seen: map[string]bool{}, old: map[int64]slacksim.Message{}, oldHomes: map[string]slacksim.View{}}
		k.Trace()
		if life != "" {
			k.goOn(life)
		}
		f(k)
	})
}

// lifeIn is the file of a life; "" is none.
func lifeIn(folder, name string) string {
	if name == "" {
		return ""
	}
	return filepath.Join(folder, name+".zip")
}

// lives begins a life of the program, ends one, or has it go on under another configuration.
func (k *talk) lives(how, line string) {
	k.T.Helper()
	switch how {
	case "start":
		k.Start()
	case "stop":
		k.End()
	case "crash":
		k.Crash()
	default:
		text := quoted(after(line, how))
		k.Reconfigure(text[0], text[1])
	}
}

// goOn has the program that starts next go on from where one of a former schema was killed. What that had said was
// expected then.
func (k *talk) goOn(file string) {
	k.T.Helper()
	var then stood
	require.NoError(k.T, json.Unmarshal(part(k.T, file, "neighbours.json"), &then))
	require.NoError(k.T, os.WriteFile(filepath.Join(k.Dir, bolt.File), part(k.T, file, "usher.db"), 0o600))
	k.Pass(time.Until(then.Until))
	k.N.Slack.Put(then.Said)
	for _, m := range then.Said {
		k.seen[m.Channel+m.TS] = true
	}
	vendorsim.SeedDemo(k.N.Vendor)
	for _, site := range k.N.Vendor.Sites() {
		require.True(k.T, k.N.Vendor.GiveSite(site.ID, 0)) // or they went with their owners
	}
	for _, a := range k.N.Vendor.Accounts() {
		require.True(k.T, k.N.Vendor.RemoveAccount(a.Email))
	}
	for _, a := range then.Accounts {
		k.N.Vendor.AddAccount(a)
	}
}

// part is one file of a life.
func part(t require.TestingT, life, name string) []byte {
	archive, err := zip.OpenReader(life)
	require.NoError(t, err)
	defer archive.Close()
	f, err := archive.Open(name)
	require.NoError(t, err)
	raw, err := io.ReadAll(f)
	require.NoError(t, err)
	return raw
}
