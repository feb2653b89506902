// Command bench measures Usher beside two programs that people would write instead, and writes docs/performance.md.
//
//	go run ./bench              everything, three rounds of each
//	go run ./bench -quick       a few minutes, to see that it works
//	go run ./bench -only ack,life   these parts alone; the others stay as they were measured last
//
// All three are programs as they are run: Usher, a bot with @slack/bolt and SQLite (rivals/bolt), and a plain loop of slack-go and bbolt
// (rivals/plain). Beside them stand the simulated Slack and vendor, in this process, over real sockets. What can be counted is counted
// (system calls, bytes, pages, statements); time stands only as a ratio of programs that were run in turn, and rounds are interleaved so
// that a slow minute of the machine meets them all.
//
//	part.go       what a part is, and how all are gone through
//	town.go       Slack and the vendor, and the people
//	load.go       so many commands a second, and what came of each
//	life.go       one request from the asking to its last word
//	program.go    the three programs: how each is built, begun, filled, counted
//	child.go      one of them while it runs; child_linux.go what the system knows of it
//	spent.go      what something takes of this process, which measures its own rooms where no other program is beside it
//	past.go       a database of the past in this process; pour.go fills one, house.go is what people ask of it
//	part_….go     one part each
//	paper.go      figures.json, docs/performance.md and its pictures
//	reasons.md    why a goal isn't met, by its key
//
// What the machine lacks (Node, strace, PostgreSQL) leaves its cells out with a sentence. Neighbours: figure reckons and draws; the counts
// that may never change unnoticed are tests beside this file.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := read(os.Args[1:])
	if err == nil {
		err = b.run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// read reads the flags.
func read(args []string) (*bench, error) {
	b := &bench{out: os.Stdout}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "parts to measure, separated by commas: "+strings.Join(names(parts()), ", "))
	flags.BoolVar(&b.quick, "quick", false, "shorter and less often, to see that it works; nothing is written")
	flags.IntVar(&b.rounds, "rounds", 3, "how often each program is run; what is told is the median")
	flags.IntVar(&b.waiting, "waiting", 100_000, "how many requests wait when a start is measured")
	flags.IntVar(&b.limit, "most", 1_000_000, "how many there are when a start after SIGKILL is")
	flags.StringVar(&b.node, "node", "", "the Node to run Bolt with; left out: the one that npm ci brought, or that of the machine")
	flags.BoolVar(&b.page, "page", false, "measure nothing, and write the page anew of the figures that are there")
	flags.StringVar(&b.docs, "docs", "docs", "folder of performance.md")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if b.quick {
		b.rounds, b.waiting, b.limit = 1, min(b.waiting, 2_000), min(b.limit, 5_000)
	}
	var err error
	b.parts, err = chosen(parts(), *only)
	return b, err
}
