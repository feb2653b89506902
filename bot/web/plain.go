package web

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// plainFor is how long a workspace that refused Slack's own tables and charts is sent plain blocks before they are tried again. Slack
// brings such blocks to workspaces one after the other, so a no is one for some time.
const plainFor = 12 * time.Hour

// plainness remembers whether the workspace refuses Slack's own tables and charts. It is kept in memory alone: after a restart one
// message is refused once more, and sent plainly.
type plainness struct {
	mu sync.Mutex
	of span
}

func (p *plainness) at(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of.left(now) > 0
}

func (p *plainness) from(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of = span{now, now.Add(plainFor)}
}

// drawn sends a message with Slack's own tables and charts, and where the workspace refuses these, once more with none of them. That is
// one step, never more: what is refused then is refused. plain: it was sent without them.
func (s *Client) drawn(m Message, send func([]slack.Block) error) (plain bool, err error) {
	if m.Plain == nil {
		return false, send(m.Blocks)
	}
	if !s.plain.at(s.now()) {
		err = send(m.Blocks)
		if !IsCode(err, "invalid_blocks") && !IsCode(err, "msg_blocks_too_long") {
			return false, err
		}
		s.log.Info("Slack refuses its own tables and charts here, so they are drawn plainly", "err", err)
		if IsCode(err, "invalid_blocks") {
			s.plain.from(s.now())
		}
	}
	return true, send(m.Plain)
}

// HasData reports whether blocks have one of Slack's own tables or charts.
func HasData(blocks []slack.Block) bool {
	for _, b := range blocks {
		if kind := b.BlockType(); kind == slack.MBTDataTable || kind == slack.MBTDataVisualization {
			return true
		}
	}
	return false
}

// errBlocks is what a response URL says of blocks that the workspace does not take.
var errBlocks = errors.New("invalid_blocks")

// refusedBlocks reads the answer of a response URL that refused what was posted there; slack-go sees its number alone.
func refusedBlocks(resp *http.Response) error {
	body, err := peek(resp)
	if err == nil && strings.Contains(string(body), errBlocks.Error()) {
		return errBlocks
	}
	return nil
}
