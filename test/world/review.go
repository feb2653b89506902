package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/sim/slacksim"
)

// reviewed is Config with an app that nobody can read, of which two people outside are listed: its owner answers about both.
var reviewed = strings.Replace(Config, "    seats: 25\n", `    seats: 25
  semrush:
    kind: manual
    template: semrush
    owners: [U0DAVE]
    seats: 9
`, 1)

// reviewsAnApp is Bob approving; then Dave has his app reviewed: he takes one away, keeps it after all, and leaves the other until the time
// is over and Carol answers for it. In the end he has the report.
func reviewsAnApp(p *Played) {
	Approve(p)
	p.until("the list", func() bool {
		im := register.Import{App: "semrush", File: "list.csv", Raw: []byte("Email,Role\nstranger@agency.example,User\nwanda@agency.example,User\n")}
		_, err := p.App.Register.Import(context.Background(), im, approvals.OSUser("root"), "command line", time.Now())
		return err == nil
	}, func() bool {
		k, err := p.App.Store.Register(context.Background(), "semrush")
		return err == nil && k.File == "list.csv"
	})
	p.until("the review", func() bool { return p.typesAs("U0DAVE", "review app=semrush due=1d", "*Review #1 of Semrush*") }, func() bool { return p.review().Number == 1 })
	p.answersIn("U0DAVE", "reviewer/1/U0DAVE", "Take away…, stranger@agency.example", map[string]any{view.FieldWhyLine: ""}, func() bool { return p.review().Lines[0].Removal != 0 })
	p.answersIn("U0DAVE", "reviewer/1/U0DAVE", "Change an answer…", map[string]any{"answer:0": "keep", "why:0": "they audit us"}, func() bool { return len(p.review().Lines[0].Withdrawn) == 1 })
	p.down(11 * time.Hour)
	p.sleep(2*time.Hour, func() bool { return p.has("recall/1/half/U0DAVE") })
	p.down(10 * time.Hour)
	p.sleep(6*time.Hour, func() bool { return p.review().State == reviews.Late })
	p.answersIn("U0ADMIN", "reviewer/1/late/U0ADMIN", "Keep…, wanda@agency.example", map[string]any{view.FieldWhyLine: "she writes for us"}, func() bool { return p.review().State == reviews.Closed })
	p.sleep(time.Hour, func() bool {
		return slices.ContainsFunc(p.N.Slack.DM("U0DAVE"), func(m slacksim.Message) bool { return len(m.Files) > 0 })
	})
}

// review is the review as it is kept; its zero value while there is none.
func (p *Played) review() reviews.Review {
	p.revive()
	r, err := p.App.Store.Review(context.Background(), 1)
	if err != nil {
		return reviews.Review{}
	}
	return r
}

// down lets much time pass while the program is down, which costs nothing.
func (p *Played) down(d time.Duration) {
	p.revive()
	p.End()
	p.Pass(d)
	p.revive()
}

// has reports whether somebody has a message under a key.
func (p *Played) has(key string) bool {
	for _, u := range p.N.Slack.Users() {
		if len(p.reviewed(u.ID, key)) > 0 {
			return true
		}
	}
	return false
}

// sleep lets much time pass in long steps, until something is so.
func (p *Played) sleep(most time.Duration, until func() bool) {
	for end := time.Now().Add(most); time.Now().Before(end) && !until(); p.Pass(10 * time.Minute) {
		p.revive()
	}
	p.revive()
}

// answersIn is somebody pressing a button of a message that a review owes them, and sending the form that it opens, until what follows
// from that is so.
func (p *Played) answersIn(who, key, button string, with map[string]any, worked func() bool) {
	p.sleep(time.Hour, func() bool { return len(p.reviewed(who, key)) > 0 })
	for range 8 {
		p.revive()
		if list := p.reviewed(who, key); len(list) > 0 {
			p.N.Slack.CloseAllViews(who).Wait()
			p.N.Slack.Click(who, list[0].Channel, list[0].TS, button).Wait()
			p.Live(5 * time.Second)
			p.revive()
			if v := p.N.Slack.Views(who); len(v) > 0 {
				p.N.Slack.Submit(who, v[len(v)-1].ID, with).Wait()
			}
		}
		if p.Live(time.Minute); worked() {
			return
		}
		p.sleep(20*time.Minute, worked)
		if worked() {
			return
		}
	}
	p.T.Fatalf("the answer did not work in 8 tries: %s", button)
}

// reviewed are the messages under one key that somebody has.
func (p *Played) reviewed(who, key string) []slacksim.Message {
	return slices.DeleteFunc(p.ours(p.N.Slack.DM(who)), func(m slacksim.Message) bool { return KeyOf(m) != key })
}

// ofReview reports whether a message is a review's.
func ofReview(m slacksim.Message) bool {
	return slices.Contains([]string{reviews.KindReview, reviews.KindReviewer, reviews.KindRecall}, outbox.Kind(KeyOf(m)))
}

// reviewedOnce: each was asked once, reminded once, and asked once about what was left; each message shows what is so; and each
// answer is one entry of the log.
func (p *Played) reviewedOnce() {
	var all []string
	for _, u := range p.N.Slack.Users() {
		for _, m := range p.ours(p.N.Slack.DM(u.ID)) {
			if ofReview(m) {
				all = append(all, KeyOf(m))
			}
		}
	}
	slices.Sort(all)
	if p.Scenario.config != reviewed {
		require.Empty(p.T, all)
		return
	}
	require.Equal(p.T, []string{"recall/1/half/U0DAVE", "review/1", "reviewer/1/U0DAVE", "reviewer/1/late/U0ADMIN", "reviewer/1/late/U0DAVE"}, all, "messages of the review")
	r := p.review()
	p.reportedOnce(r)
	Shows(p.T, view.ReviewSummary(r), p.reviewed("U0DAVE", "review/1")[0], "how far it is")
	Shows(p.T, view.ReviewerCard(r, "U0DAVE", false), p.reviewed("U0DAVE", "reviewer/1/U0DAVE")[0], "what the owner has")
	Shows(p.T, view.ReviewerCard(r, "U0ADMIN", true), p.reviewed("U0ADMIN", "reviewer/1/late/U0ADMIN")[0], "what the admin has")
	counts := map[string]int{}
	for line := range strings.Lines(p.log()) {
		for _, what := range []string{"asked for a review", "began a review", "answered in a review", "carried out an answer of a review", "ended the time for answering a review", "closed a review"} {
			counts[what] += One(strings.Contains(line, `"what":"`+what+`"`))
		}
	}
	require.Equal(p.T, map[string]int{"asked for a review": 1, "began a review": 1, "answered in a review": 3, "carried out an answer of a review": 2, "ended the time for answering a review": 1, "closed a review": 1}, counts)
	is, err := p.App.Desk.Request(context.Background(), 2)
	require.NoError(p.T, err)
	require.Equal(p.T, []any{approvals.Canceled, []int64{2}}, []any{is.State, r.Lines[0].Withdrawn})
}

// reportedOnce: whoever began the review and owns its app has its report once, both files of it as they're read at the machine; and
// nobody else has any.
func (p *Played) reportedOnce(r reviews.Review) {
	called := map[string]slacksim.File{}
	for _, f := range p.N.Slack.Files() {
		called[f.ID] = f
	}
	var names []string
	for _, u := range p.N.Slack.Users() {
		for _, m := range p.N.Slack.DM(u.ID) {
			for _, id := range m.Files {
				f := called[id]
				names = append(names, u.ID+" "+f.Name)
				require.Contains(p.T, string(f.Content[:3]), map[bool]string{true: "PK", false: "\ufeff"}[strings.HasSuffix(f.Name, ".xlsx")])
			}
		}
	}
	key := reviews.FileKey(1, "end", "U0DAVE")
	require.Equal(p.T, []string{"U0DAVE " + r.FileNames(key)[0], "U0DAVE " + r.FileNames(key)[1]}, names, "files of the report")
}
