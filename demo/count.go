package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/terminal"
)

// Count is what came of what was promised since this demo began. What is held against the bot's own book is what others saw: the clicks
// that Slack had acknowledged, the messages that stand there, and what has changed at the vendor.
type Count struct {
	// Promised are the requests that were approved; Done those carried out, Over those of which people were told that it came to nothing, and
	// Open those that are owed still.
	Promised int `json:"promised"`
	Done     int `json:"done"`
	Over     int `json:"over"`
	Open     int `json:"open"`
	// Doubled are changes at the vendor and messages in Slack that are one too many. Lost are yeses that Slack had acknowledged and of which
	// nothing is known, and what's said to be done and isn't there. Wrong has a sentence for each.
	Doubled int      `json:"doubled"`
	Lost    int      `json:"lost"`
	Wrong   []string `json:"wrong"`
	// Audit is what following the audit log from its first entry came to.
	Audit string `json:"audit"`
	Whole bool   `json:"whole"`
	// Yeses are the clicks on Approve that were acknowledged, Effects the changes at the vendor, Messages those of the bot's that stand in Slack.
	Yeses    int `json:"yeses"`
	Effects  int `json:"effects"`
	Messages int `json:"messages"`
}

// errFull is what comes of counting while there's no room.
var errFull = errors.New("the bot's disk is full, and it says nothing of which it can't be sure that it's kept: mend everything, and it's counted again")

// unanswered is how long an acknowledged yes may go without a trace before it counts as lost: its answer may be on its way.
const unanswered = 30 * time.Second

// seen is what others than the bot saw. It's read before the bot's book: whatever was acknowledged by then has to stand there.
type seen struct {
	now      time.Time
	yeses    []slacksim.Press
	messages []slacksim.Message
	told     map[string][]string // by person, the ts of what only they see
	effects  []vendorsim.Call
	accounts []vendorsim.Account
}

// Count counts.
func (s *Stage) Count(ctx context.Context) (Count, error) {
	if s.bots[0].isFull() {
		return Count{}, errFull
	}
	saw := s.saw()
	all, err := s.requests(ctx)
	if err != nil {
		return Count{}, err
	}
	var c Count
	c.Audit, c.Whole = s.audited(ctx)
	c.Yeses, c.Effects, c.Messages, c.Wrong = len(saw.yeses), len(saw.effects), len(saw.messages), []string{}
	approved := approvedOf(all, s.began)
	for _, r := range approved {
		c.Promised++
		switch r.State {
		case approvals.Done, approvals.Ending, approvals.Ended:
			c.Done++
		case approvals.Failed:
			c.Over++
		default:
			c.Open++
		}
	}
	c.doubled(saw.twice())
	c.doubled(saw.overdone(approved))
	c.lost(saw.unkept(all))
	c.lost(saw.undone(approved))
	return c, nil
}

// approvedOf are those that were approved since a moment.
func approvedOf(all []approvals.Request, since time.Time) []approvals.Request {
	return slices.DeleteFunc(slices.Clone(all), func(r approvals.Request) bool {
		return r.Decided.Before(since) || slices.Contains([]approvals.State{approvals.Pending, approvals.Denied, approvals.Expired, approvals.Canceled}, r.State)
	})
}

func (c *Count) doubled(say []string) {
	c.Doubled += len(say)
	c.Wrong = append(c.Wrong, say...)
}

func (c *Count) lost(say []string) {
	c.Lost += len(say)
	c.Wrong = append(c.Wrong, say...)
}

// saw is what stands at the neighbours now.
func (s *Stage) saw() seen {
	out := seen{now: s.clock.Now(), told: map[string][]string{}, effects: s.Vendor.Effects(), accounts: s.Vendor.State().Accounts}
	for _, p := range s.Slack.Pressed() {
		if p.ActionID != "approve" {
			continue
		}
		if out.yeses = append(out.yeses, p); out.told[p.User] == nil {
			for _, m := range append(s.Slack.Ephemerals(p.User), s.Slack.DM(p.User)...) {
				out.told[p.User] = append(out.told[p.User], m.TS)
			}
		}
	}
	for _, channel := range s.Slack.Channels() {
		for _, m := range s.Slack.Messages(channel.ID) {
			if m.User == slacksim.BotUser {
				out.messages = append(out.messages, m)
			}
		}
	}
	return out
}

// audited follows the audit log.
func (s *Stage) audited(ctx context.Context) (say string, whole bool) {
	var chain approvals.Chain
	err := s.answers().AuditLines(ctx, func(line []byte) error {
		_, err := chain.Next(line)
		return err
	})
	if err != nil {
		return "not whole: " + err.Error(), false
	}
	return "whole, " + terminal.Plural(int(chain.Head().Seq), "entry", "entries"), true
}

// twice are the messages that stand in one place for one promise more than once.
func (w seen) twice() (say []string) {
	stand := map[string]int{}
	for _, m := range w.messages {
		var p struct{ Key, Of string }
		if m.Metadata == nil || json.Unmarshal(m.Metadata.Payload, &p) != nil || p.Key == "" || m.ThreadTS != "" && m.ThreadTS != m.TS {
			continue
		}
		if place := m.Channel + " " + p.Key + " " + p.Of; stand[place] > 0 {
			say = append(say, fmt.Sprintf("%s stands twice in %s.", p.Key, m.Channel))
		} else {
			stand[place]++
		}
	}
	return say
}

// overdone are accounts that were made or removed more often than it was approved, by address.
func (w seen) overdone(approved []approvals.Request) (say []string) {
	may, is := map[string]int{}, map[string]int{}
	for _, r := range approved {
		switch email := strings.ToLower(r.Change.Email); {
		case r.Action == "create":
			may["created "+email]++
			may["deleted "+email]++ // at its end
		case r.Action == "delete":
			may["deleted "+email]++
		}
	}
	for _, e := range w.effects {
		words := strings.Fields(strings.ToLower(e.Effect)) // "created client account 36880 for jane@acme.example"
		if e.Op == vendorsim.Create || e.Op == vendorsim.Delete {
			is[words[0]+" "+words[len(words)-1]]++
		}
	}
	for _, what := range slices.Sorted(maps.Keys(is)) {
		for range is[what] - may[what] {
			say = append(say, fmt.Sprintf("%s was approved %d times and happened %d times.", what, may[what], is[what]))
		}
	}
	return say
}

// unkept are the yeses that Slack had acknowledged and of which nothing came: no vote, no decision and no answer.
func (w seen) unkept(all []approvals.Request) (say []string) {
	book := map[int64]approvals.Request{}
	for _, r := range all {
		book[r.Number] = r
	}
	for _, p := range w.yeses {
		digits, _, _ := strings.Cut(p.Value, ".")
		n, err := strconv.ParseInt(digits, 10, 64)
		r, known := book[n]
		voted := slices.ContainsFunc(r.Votes, func(v approvals.Vote) bool { return string(v.By) == p.User })
		answered := slices.ContainsFunc(w.told[p.User], func(ts string) bool { return ts > stamp(p.At) })
		if err != nil || known && (voted || r.State != approvals.Pending) || answered || w.now.Sub(p.At) < unanswered {
			continue
		}
		say = append(say, fmt.Sprintf("%s's yes to #%d was acknowledged, and nothing came of it.", p.User, n))
	}
	return say
}

// stamp is a moment as Slack writes it in a ts.
func stamp(at time.Time) string { return fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000) }

// undone are the requests that are said to be done and have left no trace at the vendor.
func (w seen) undone(approved []approvals.Request) (say []string) {
	for _, r := range approved {
		if r.App.ID != "seranking" || r.State != approvals.Done {
			continue
		}
		email := strings.ToLower(r.Change.Email)
		there := slices.ContainsFunc(w.accounts, func(a vendorsim.Account) bool { return strings.EqualFold(a.Email, email) })
		happened := func(op vendorsim.Op) bool {
			return slices.ContainsFunc(w.effects, func(e vendorsim.Call) bool {
				return e.Op == op && strings.HasSuffix(strings.ToLower(e.Effect), " "+email)
			})
		}
		if r.Action == "create" && !there && !happened(vendorsim.Create) || r.Action == "delete" && there && !happened(vendorsim.Delete) {
			say = append(say, fmt.Sprintf("#%d is said to be done, and SE Ranking knows nothing of it.", r.Number))
		}
	}
	return say
}
