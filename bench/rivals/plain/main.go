// Command plain is a seat bot as one writes it in an afternoon with slack-go and bbolt: the floor beside which Usher is measured.
//
// It is written as a good engineer would: what is acknowledged is on the disk, one commit a step, and a start takes up whatever was not
// finished. A request is asked, its card posted, a click approves it, the vendor is asked once, the card changes, and whoever asked is
// told. What it leaves out is what Usher is for: it looks before no repeat, keeps no log that can be verified, asks one approver, and
// knows one app.
//
//	go run ./bench/rivals/plain -data DIR -vendor http://HOST/v1
//
// SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN and VENDOR_KEY say where and as whom. -fill N makes N requests that wait, for the
// bench, and -count says how many are kept; both end then. Neighbours: bolt is the same bot in JavaScript.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func main() {
	data := flag.String("data", ".", "folder of plain.db")
	vendor := flag.String("vendor", "", "base URL of the vendor")
	fill := flag.Int("fill", 0, "keep so many requests that wait, and end")
	count := flag.Bool("count", false, "say how many requests are kept, and end")
	flag.Parse()
	if err := run(*data, *vendor, *fill, *count); err != nil {
		log.Fatal(err)
	}
}

func run(data, vendor string, fill int, count bool) error {
	kept, err := open(data)
	if err != nil {
		return err
	}
	defer func() { _ = kept.db.Close() }() // every commit is on the disk already
	switch {
	case count:
		n, err := kept.count()
		fmt.Println(n)
		return err
	case fill > 0:
		return kept.fill(fill)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	api := slack.New(os.Getenv("SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")), slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	b := &bot{store: kept, api: api, socket: socketmode.New(api), vendor: vendor, key: os.Getenv("VENDOR_KEY"), cards: make(chan struct{}, 1), deeds: make(chan struct{}, 1)}
	go b.post(ctx)
	go b.work(ctx)
	go b.listen(ctx)
	if err := b.socket.RunContext(ctx); ctx.Err() == nil {
		return fmt.Errorf("listen to Slack: %w", err)
	}
	return nil
}
