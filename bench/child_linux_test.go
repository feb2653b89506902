package main

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNumbers(t *testing.T) {
	require.Equal(t, map[string]float64{"VmRSS": 20480, "Threads": 7}, numbers("Name:\tusher\nVmRSS:\t   20480 kB\nThreads:\t7\n"))
}

func TestWhatAProgramUses(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	c := &child{program: &program{name: "sleep"}, over: make(chan struct{}), cmd: exec.CommandContext(ctx, "sleep", "60")}
	grouped(c.cmd)
	require.NoError(t, c.cmd.Start())
	go func() { _ = c.cmd.Wait(); close(c.over) }()
	defer c.kill()
	require.Eventually(t, func() bool { // it may not have run yet
		spent, err := c.cpu()
		return err == nil && spent > 0
	}, 5*time.Minute, time.Millisecond)
	now, own, most, err := c.memory()
	require.NoError(t, err)
	require.Positive(t, now)
	require.GreaterOrEqual(t, most, own)
	_, err = c.read()
	require.NoError(t, err)
}
