package process

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/ramdisk"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// processWorld is Usher as it is run: a process of its own, beside a simulated Slack and a simulated
// vendor in processes of theirs, all of them speaking TCP. The test acts as people and looks at what
// is through the simulators' control APIs. Time is real here, so nothing waits for long: every wait
// polls, and ends as soon as what it waits for is so.
type processWorld struct {
	t      *testing.T
	bin    string // folder of the three programs
	config string // path of usher.yml
	data   string
	env    map[string]string
	slack  string // base URLs
	vendor string
	legacy string
	usher  *process // the life that is running, or the last one
	logs   *world.LockedBuffer
	broken *world.LockedBuffer // what the simulators have against Usher
	// again presses the last button anew where Usher said that it had no time for it; nil: none was pressed.
	again func()
}

// programs is the folder of the three programs.
func programs() string {
	return filepath.Join(os.TempDir(), "usher-programs-"+strconv.Itoa(os.Getpid()))
}

// TestMain takes the programs away again when all is over.
func TestMain(m *testing.M) {
	code := pace.Waiting(m, 6)
	_ = os.RemoveAll(programs()) // what stays lies among what is temporary
	os.Exit(code)
}

// buildPrograms builds the three programs, for whichever test needs them first: linking them is most of what a short test
// costs.
func buildPrograms(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs real processes over TCP; left out under -short")
	}
	bin := programs()
	require.NoError(t, os.MkdirAll(bin, 0o700))
	turn, err := os.OpenFile(filepath.Join(bin, "turn"), os.O_CREATE|os.O_RDWR, 0o600)
	require.NoError(t, err)
	defer func() { _ = turn.Close() }() // and the next one has it
	require.NoError(t, syscall.Flock(int(turn.Fd()), syscall.LOCK_EX))
	if _, err := os.Stat(filepath.Join(bin, "done")); err == nil {
		return bin
	}
	var all errgroup.Group
	for name, pkg := range map[string]string{"usher": "", "slacksim": "/sim/slacksim/cmd", "vendorsim": "/sim/vendorsim/cmd"} {
		all.Go(func() error {
			out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, name), "github.com/usherbot/usher"+pkg).CombinedOutput()
			if err != nil {
				return fmt.Errorf("build %s: %w: %s", name, err, out)
			}
			return nil
		})
	}
	require.NoError(t, all.Wait())
	require.NoError(t, os.WriteFile(filepath.Join(bin, "done"), nil, 0o600))
	return bin
}

// inTurn runs subtests several at a time: nearly all of each is waiting, so they are more than go test
// would run at once by itself.
func inTurn(t *testing.T, n int, name func(i int) string, f func(t *testing.T, i int)) {
	t.Helper()
	rows := make(chan int)
	var hands sync.WaitGroup
	for range 16 * runtime.GOMAXPROCS(0) {
		hands.Go(func() {
			for i := range rows {
				t.Run(name(i), func(t *testing.T) { f(t, i) })
			}
		})
	}
	for i := range n {
		rows <- i
	}
	close(rows)
	hands.Wait()
}

// processConfig is the demo's configuration over TCP, with one yes for everything. Its report is never due by itself while a test runs.
func processConfig(base, dialect string) string {
	return strings.NewReplacer("base_url: http://127.0.0.1/v1", "base_url: "+base+"\n    dialect: "+dialect,
		`"0 9 * * MON"`, `"0 9 29 2 *"`, demo.Removals, "").Replace(demo.Config)
}

// newProcessWorld starts the simulators and writes the configuration. Usher itself is not started.
func newProcessWorld(t *testing.T, bin string, dialect vendorsim.Dialect, slackFlags ...string) *processWorld {
	t.Helper()
	dir := ramdisk.Folder(t)
	w := &processWorld{t: t, bin: bin, config: filepath.Join(dir, "usher.yml"), data: filepath.Join(dir, "data"),
		logs: &world.LockedBuffer{}, broken: &world.LockedBuffer{}}
	w.slack = w.simulator("slacksim", append(slackFlags, "-addr", "127.0.0.1:0")...)[0]
	vendors := w.simulator("vendorsim", "-addr", "127.0.0.1:0", "-legacy-addr", "127.0.0.1:0")
	w.vendor, w.legacy = vendors[0], vendors[1]
	base, key := w.vendor+"/v1", vendorsim.DefaultUnifiedKey
	if dialect == vendorsim.Legacy {
		base, key = w.legacy, vendorsim.DefaultLegacyKey
	}
	w.env = map[string]string{"SLACK_BOT_TOKEN": "xoxb-slacksim", "SLACK_APP_TOKEN": "xapp-slacksim",
		"SLACK_API_URL": w.slack + "/api/", "SERANKING_API_KEY": key}
	w.configure(processConfig(base, string(dialect)))
	t.Cleanup(w.end)
	return w
}

func (w *processWorld) configure(yml string) {
	require.NoError(w.t, os.WriteFile(w.config, []byte(yml), 0o600))
}

// simulator starts one and returns the addresses it printed.
func (w *processWorld) simulator(name string, args ...string) []string {
	w.t.Helper()
	cmd := exec.Command(filepath.Join(w.bin, name), args...)
	cmd.Stderr = w.broken
	out, err := cmd.StdoutPipe()
	require.NoError(w.t, err)
	require.NoError(w.t, cmd.Start())
	w.t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended already, which a test has noticed
		_ = cmd.Wait()         // killed
	})
	var found []string
	lines := bufio.NewScanner(out)
	for len(found) < 1+strings.Count(strings.Join(args, " "), "-legacy-addr") {
		require.True(w.t, lines.Scan(), "%s says where it listens: %s", name, w.broken)
		_, address, ok := strings.Cut(lines.Text(), " listening on ")
		require.True(w.t, ok, lines.Text())
		found = append(found, address)
	}
	return found
}

// end stops Usher and holds what was seen of it against the rules that every test shares.
func (w *processWorld) end() {
	if w.usher != nil {
		w.usher.kill()
	}
	if w.t.Failed() {
		w.t.Logf("Usher's log:\n%s", w.logs)
		return
	}
	require.Empty(w.t, w.broken.String(), "the simulators have something against Usher")
}

// process is one life of Usher.
type process struct {
	cmd  *exec.Cmd
	over chan struct{}
	code int // once over is closed; -1: killed
}

// begin starts a command of Usher's and does not wait for anything.
func (w *processWorld) begin(stdout, stderr io.Writer, args ...string) *process {
	w.t.Helper()
	cmd := exec.Command(filepath.Join(w.bin, "usher"), append(args, "--config", w.config, "--data", w.data)...)
	cmd.Env = []string{"HOME=" + w.t.TempDir()}
	for name, value := range w.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	require.NoError(w.t, cmd.Start())
	p := &process{cmd: cmd, over: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // its code tells
		p.code = cmd.ProcessState.ExitCode()
		close(p.over)
	}()
	return p
}

// command runs a command of Usher's to its end.
func (w *processWorld) command(args ...string) world.Answer {
	w.t.Helper()
	var out, errs bytes.Buffer
	p := w.begin(&out, &errs, args...)
	w.t.Cleanup(p.kill)
	select {
	case <-p.over:
	case <-time.After(world.Patience):
		w.t.Fatalf("usher %s did not end", strings.Join(args, " "))
	}
	return world.Answered(p.code, out.String(), errs.String())
}

// run begins a life of the bot and waits until it hears: the second connection, which is opened some
// seconds after the first, is not waited for.
func (w *processWorld) run() {
	w.t.Helper()
	w.eventually("the connections of the last life are gone", func() bool { return w.connections() == 0 })
	w.usher = w.begin(w.logs, w.logs, "run", "--log-level", "debug")
	w.eventually("it is connected", func() bool {
		select {
		case <-w.usher.over:
			w.t.Fatalf("usher run ended with %d", w.usher.code)
		default:
		}
		return w.connections() > 0
	})
}

// kill ends a process as a power cut for it alone: SIGKILL.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.over
}

// stop asks Usher to end, as an operator does, and demands that it does so in good order. Exit code 0 says
// that it came to rest by itself: it ends itself with another one before the promised 10 s are over. A machine
// may be too busy for that once; a life that never comes to rest fails each time.
func (w *processWorld) stop() {
	w.t.Helper()
	for range 4 {
		if w.rests() {
			return
		}
		w.t.Log("it was ended at its limit, on a machine that has much to do: once more")
		w.run()
	}
	require.True(w.t, w.rests(), "it comes to rest after SIGTERM")
}

// rests asks Usher to end and reports whether it came to rest by itself.
func (w *processWorld) rests() bool {
	w.t.Helper()
	require.NoError(w.t, w.usher.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-w.usher.over:
	case <-time.After(world.Patience):
		w.t.Fatal("it did not end after SIGTERM")
	}
	if w.usher.code == terminal.ExitFailed && strings.Contains(w.logs.String(), "didn't come to rest in time") {
		return false
	}
	require.Equal(w.t, terminal.ExitDone, w.usher.code, "after SIGTERM")
	return true
}

func (w *processWorld) eventually(what string, ok func() bool) {
	w.t.Helper()
	if !w.waits(ok) {
		w.t.Fatalf("waited in vain until %s", what)
	}
}

// waits polls until ok, and presses again on the way what Usher had no time for.
func (w *processWorld) waits(ok func() bool) bool {
	return world.Waited(world.Patience, func() bool {
		if ok() {
			return true
		}
		if w.again != nil {
			w.again()
		}
		return false
	})
}

// controlClient reaches the control APIs.
var controlClient = &http.Client{Timeout: world.Patience}

// ask reads JSON from a control API.
func ask[T any](w *processWorld, address string) (out T) {
	w.t.Helper()
	response, err := controlClient.Get(address)
	require.NoError(w.t, err)
	require.NoError(w.t, world.DecodeControl(response, &out), address)
	return out
}

// order sends one and reads what came of it.
func order[T any](w *processWorld, address string, body any) (out T) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(w.t, err)
	response, err := controlClient.Post(address, "application/json", bytes.NewReader(raw))
	require.NoError(w.t, err)
	require.NoError(w.t, world.DecodeControl(response, &out), "%s %s", address, raw)
	return out
}

// slackFault and vendorFault plan what goes wrong next.
func (w *processWorld) slackFault(f slacksim.Fault) {
	w.t.Helper()
	order[obj](w, w.slack+"/sim/faults", obj{"kind": "fail", "fault": f})
}

func (w *processWorld) vendorFault(f vendorsim.Fault) {
	w.t.Helper()
	order[[]vendorsim.Fault](w, w.vendor+"/sim/faults", f)
}

// heal forgets every planned fault.
func (w *processWorld) heal() {
	w.t.Helper()
	order[obj](w, w.slack+"/sim/faults", obj{"kind": "clear"})
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodDelete, w.vendor+"/sim/faults", nil)
	require.NoError(w.t, err)
	response, err := controlClient.Do(r)
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	require.Equal(w.t, http.StatusNoContent, response.StatusCode)
}
