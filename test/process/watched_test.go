package process

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/terminal"
)

// watched is a bot with --listen: what it serves, across a configuration that is read again, and until it ends.
func watched(w *processWorld) {
	require.Equal(w.t, terminal.ExitFailed, w.command("check", "--alive").Code, "nobody is up")
	for addr, code := range map[string]int{":9090": terminal.ExitWrong, strings.TrimPrefix(w.slack, "http://"): terminal.ExitFailed} {
		a := w.command("run", "--listen", addr)
		require.Equal(w.t, code, a.Code, a.Errors)
		require.Contains(w.t, a.Errors, "--listen")
	}
	w.usher = w.begin(w.logs, w.logs, "run", "--listen", "127.0.0.1:0")
	var at string
	w.eventually("it says where it listens", func() bool {
		found := regexp.MustCompile(`metrics and health are served.*"at":"([^"]+)"`).FindStringSubmatch(w.logs.String())
		if found != nil {
			at = "http://" + found[1]
		}
		return found != nil
	})
	ready := func() bool { status, _ := looked(at + "/readyz"); return status == http.StatusOK }
	w.eventually("it's ready", ready)
	status, said := looked(at + "/healthz")
	require.Equal(w.t, http.StatusOK, status, said)
	for _, how := range []string{"--alive", "--ready"} {
		a := w.command("check", how)
		require.Equal(w.t, terminal.ExitDone, a.Code, a.Errors)
		require.Equal(w.t, "Usher is up and ready.\n", a.Out)
	}
	sameNumbers(w, at)
	w.hangUp()
	w.eventually("it goes on", func() bool { return strings.Contains(w.logs.String(), "the configuration that it has read again") })
	w.eventually("the next life is ready at the same address", ready)
	sameNumbers(w, at)
	w.stop()
	_, said = looked(at + "/healthz")
	require.Contains(w.t, said, "connection refused")
}

// sameNumbers holds /metrics to what `usher metrics` prints, but for the values, which go on meanwhile.
func sameNumbers(w *processWorld, at string) {
	w.t.Helper()
	names := func(text string) []string { return regexp.MustCompile(`(?m)^# .*`).FindAllString(text, -1) }
	w.eventually("both show the same numbers", func() bool {
		status, served := looked(at + "/metrics")
		printed := w.command("metrics")
		require.Equal(w.t, http.StatusOK, status)
		require.Contains(w.t, served, "\nusher_audit_entries ")
		return slices.Equal(names(served), names(printed.Out))
	})
}

// looked is the status and the text of an address, or why there is neither.
func looked(url string) (int, string) {
	answer, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(text)
}
