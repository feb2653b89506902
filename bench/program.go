package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/usherbot/usher/sim/vendorsim"
)

// The programs, in the order of the table.
const (
	usher = "usher"
	rival = "bolt"
	plain = "plain"
)

var (
	programNames  = []string{usher, rival, plain}
	programTitles = map[string]string{usher: "Usher", rival: "Bolt + SQLite", plain: "plain loop"}
)

// program is one of the three.
type program struct {
	name string
	// missing says why it isn't run; "": it is.
	missing string
	// command is the program with what all its uses begin with; begin adds what a run is told beside.
	command []string
	run     func(t *town, dir string) (args, env []string, err error)
	// fill keeps so many requests that wait in an empty folder; count is how many there are.
	fill  func(ctx context.Context, dir string, n int) error
	count func(ctx context.Context, dir string) (int, error)
	// rests reports whether a life has come to where it leaves for the next start what it can; nil: it does so as it goes.
	rests func(dir string) bool
}

// build builds all three.
func (b *bench) build(ctx context.Context) ([]*program, error) {
	own, floor := filepath.Join(b.temp, usher), filepath.Join(b.temp, plain)
	for out, pkg := range map[string]string{own: "github.com/usherbot/usher", floor: "github.com/usherbot/usher/bench/rivals/plain"} {
		if said, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, pkg).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w: %s", pkg, err, said)
		}
	}
	node, why := b.nodeHere(ctx)
	return []*program{
		{name: usher, command: []string{own}, run: usherRun, fill: usherFill, count: usherCount, rests: usherRests},
		rivalProgram(rival, why, node, filepath.Join("bench", "rivals", "bolt", "app.mjs")),
		rivalProgram(plain, "", floor),
	}, nil
}

// nodeHere is a Node that has SQLite, or why there is none. It has npm bring what Bolt needs, once.
func (b *bench) nodeHere(ctx context.Context) (path, missing string) {
	dir := filepath.Join("bench", "rivals", "bolt")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@slack", "bolt")); err != nil {
		npm := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
		npm.Dir = dir
		if said, err := npm.CombinedOutput(); err != nil {
			return "", fmt.Sprintf("npm could not bring what it needs (%v %.80s)", err, strings.TrimSpace(string(said)))
		}
	}
	for _, path := range []string{b.node, filepath.Join(dir, "node_modules", "node", "bin", "node"), "node"} {
		if path == "" {
			continue
		}
		if exec.CommandContext(ctx, path, "-e", "require('node:sqlite')").Run() == nil {
			return path, ""
		}
	}
	return "", "there is no Node 22.13 or later here"
}

// rivalProgram is one of the two that take the same flags.
func rivalProgram(name, missing string, command ...string) *program {
	said := func(ctx context.Context, args ...string) ([]byte, error) {
		all := append(append([]string{}, command[1:]...), args...)
		out, err := exec.CommandContext(ctx, command[0], all...).Output()
		if err != nil {
			return nil, fmt.Errorf("%s %v: %w", name, args, err)
		}
		return out, nil
	}
	return &program{name: name, missing: missing, command: command,
		run: func(t *town, dir string) (args, env []string, err error) {
			return []string{"--data", dir, "--vendor", t.vendorURL}, append(t.env(), "VENDOR_KEY="+vendorsim.DefaultUnifiedKey), nil
		},
		fill: func(ctx context.Context, dir string, n int) error {
			_, err := said(ctx, "--data", dir, "--fill", strconv.Itoa(n))
			return err
		},
		count: func(ctx context.Context, dir string) (int, error) {
			out, err := said(ctx, "--data", dir, "--count")
			if err != nil {
				return 0, err
			}
			return strconv.Atoi(strings.TrimSpace(string(out)))
		}}
}
