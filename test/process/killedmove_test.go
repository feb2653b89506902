package process

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/store"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
	"github.com/usherbot/usher/store/conform"
	"github.com/usherbot/usher/store/postgres"
	servers "github.com/usherbot/usher/test/postgres"
	"github.com/usherbot/usher/test/world"
)

// movePlaces is how far it is from one message to the database at which a move is killed to the next.
const movePlaces = 17

// TestAMoveThatsKilled, in either direction, by a SIGKILL of the program at what it says to the database, before that is heard or before
// it's answered: at no moment could an Usher start on both ends, and the same command again brings everything over.
func TestAMoveThatsKilled(t *testing.T) {
	t.Parallel() // it mostly waits
	bin := buildPrograms(t)
	server := servers.Own(t, "max_connections=200", "fsync=off")
	file, database := filepath.Join(t.TempDir(), "full"), servers.Create(t, server.URL("postgres"), "")
	for _, at := range []string{file, database} {
		s, err := opens(at)
		require.NoError(t, err)
		conform.Full(t, s)
		require.NoError(t, s.Close())
	}
	for name, way := range map[string]func(t *testing.T) (from, to string){
		"to a database": func(t *testing.T) (from, to string) {
			from = t.TempDir()
			raw, err := os.ReadFile(filepath.Join(file, bolt.File))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(from, bolt.File), raw, 0o600))
			return from, servers.Create(t, server.URL("postgres"), "")
		},
		"to a folder": func(t *testing.T) (from, to string) {
			return servers.Create(t, server.URL("postgres"), database), filepath.Join(t.TempDir(), "data")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := relayTo(t, server.Address())
			from, to := way(t)
			whole := begins(t, bin, r, from, to)
			require.Zero(t, whole.ends(t), whole.said)
			all := r.messages()
			require.Greater(t, all, 20)
			inTurn(t, 2*all/movePlaces, func(i int) string { return fmt.Sprint(i) }, func(t *testing.T, i int) {
				from, to := way(t)
				killedMove(t, bin, server.Address(), from, to, all-1-i/2*movePlaces, i%2 == 1)
			})
		})
	}
}

// killedMove kills a move at a message, and finishes it.
func killedMove(t *testing.T, bin, server, from, to string, at int, heard bool) {
	was := holds(t, from)
	r := relayTo(t, server)
	r.stopAt(at, heard)
	p := begins(t, bin, r, from, to)
	select {
	case <-r.reached:
		p.kill()
	case <-p.over: // it asked less often who else is connected, so there is no such message
		require.Zero(t, p.code, p.said)
	}
	r.goesOn()
	require.False(t, decides(t, from) && decides(t, to), "both would decide")

	again := begins(t, bin, r, from, to)
	require.Zero(t, again.ends(t), again.said)
	require.False(t, decides(t, from))
	require.True(t, decides(t, to))
	has := holds(t, to)
	require.NoError(t, has.Same(&was))
}

// moving is one run of the command.
type moving struct {
	*process
	said *world.LockedBuffer
}

// begins starts a move whose database is spoken to through a relay.
func begins(t *testing.T, bin string, r *relay, from, to string) moving {
	t.Helper()
	env := []string{"HOME=" + t.TempDir()}
	args := []string{"migrate"}
	for flag, place := range map[string]string{"--from": from, "--to": to} {
		if config.IsDatabaseURL(place) {
			env, place = append(env, "SPARE="+r.through(place)), "env:SPARE"
		}
		args = append(args, flag, place)
	}
	cmd := exec.Command(filepath.Join(bin, "usher"), args...)
	said := &world.LockedBuffer{}
	cmd.Env, cmd.Stdout, cmd.Stderr = env, said, said
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd, over: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // its code tells
		p.code = cmd.ProcessState.ExitCode()
		close(p.over)
	}()
	t.Cleanup(p.kill)
	return moving{p, said}
}

// ends waits for its end, and returns its exit code.
func (m moving) ends(t *testing.T) int {
	t.Helper()
	select {
	case <-m.over:
	case <-time.After(world.Patience):
		t.Fatalf("the move doesn't end: %s", m.said)
	}
	return m.code
}

// opens a place, which it makes, as an Usher does.
func opens(place string) (store.Store, error) {
	life, random := store.Life{ID: "a-life"}, rand.NewChaCha8([32]byte{})
	if config.IsDatabaseURL(place) {
		return postgres.Open(context.Background(), apiclient.Secret(place), postgres.Options{Life: life, Random: random})
	}
	return bolt.Open(place, bolt.Options{Life: life, Random: random})
}

// reads a place as it is; nil: nothing is there.
func reads(t *testing.T, place string) (s store.Store) {
	t.Helper()
	if config.IsDatabaseURL(place) {
		db, err := postgres.OpenReadOnly(context.Background(), apiclient.Secret(place))
		if errors.Is(err, postgres.ErrEmpty) {
			return nil
		}
		require.NoError(t, err)
		return db
	}
	if _, err := os.Stat(filepath.Join(place, bolt.File)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := bolt.OpenReadOnly(place)
	require.NoError(t, err)
	return db
}

// decides reports whether an Usher that is started there would go on with what there is.
func decides(t *testing.T, place string) bool {
	t.Helper()
	s := reads(t, place)
	if s == nil {
		return false
	}
	closed, err := s.Closed(context.Background())
	require.NoError(t, err)
	require.NoError(t, s.Close())
	return closed == nil
}

// holds is all there is in a place, but for where it came from.
func holds(t *testing.T, place string) (has cargo.Tally) {
	t.Helper()
	s := reads(t, place)
	tally := has.Through(nil)
	require.NoError(t, s.(interface {
		Unload(context.Context, cargo.Put) error
	}).Unload(context.Background(), func(i cargo.Item) error {
		if i.Kind == cargo.Meta && i.Name == cargo.Arrivals {
			return nil
		}
		return tally(i)
	}))
	require.NoError(t, s.Close())
	return has
}
