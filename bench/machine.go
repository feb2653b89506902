package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

// machine says on what it was measured. What the machine doesn't tell is left out.
func machine(ctx context.Context) string {
	said := []string{fmt.Sprintf("%d processors%s", runtime.NumCPU(), in("/proc/cpuinfo", `model name\s*:\s*(.*)`, " (%s)"))}
	said = append(said, strings.TrimSpace(in("/proc/meminfo", `MemTotal:\s*(\d+) kB`, "%s kB of memory")), runtime.GOOS+strings.TrimSpace(in("/proc/sys/kernel/osrelease", `(.*)`, " %s")), runtime.Version())
	for _, tool := range [][]string{{"bench/rivals/bolt/node_modules/node/bin/node", "--version"}, {"strace", "--version"}, {"postgres", "--version"}} {
		if out, err := exec.CommandContext(ctx, tool[0], tool[1:]...).Output(); err == nil {
			line, _, _ := strings.Cut(string(out), "\n")
			said = append(said, strings.TrimSpace(strings.TrimPrefix(tool[0], "bench/rivals/bolt/node_modules/node/bin/")+" "+line))
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if strings.HasSuffix(d.Path, "/bbolt") || strings.HasSuffix(d.Path, "/slack") {
				said = append(said, d.Path+" "+d.Version)
			}
		}
	}
	var there []string
	for _, s := range said {
		if s != "" {
			there = append(there, s)
		}
	}
	return strings.Join(there, " · ") + "."
}

// in is what a pattern finds in a file, said by a format; "": nothing.
func in(path, pattern, format string) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	m := regexp.MustCompile(pattern).FindSubmatch(raw)
	if m == nil {
		return ""
	}
	return fmt.Sprintf(format, m[1])
}
