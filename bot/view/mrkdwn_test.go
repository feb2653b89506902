package view

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

func TestMrkdwn(t *testing.T) {
	at := time.Date(2026, 11, 30, 9, 12, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		text approvals.Text
		want string
	}{
		"mentions keep their meaning": {
			say("%v, %v in %v", approvals.PersonID("U0BOB"), approvals.GroupID("S0LEADS"), approvals.ChannelID("C0APPROVE")),
			"<@U0BOB>, <!subteam^S0LEADS> in <#C0APPROVE>"},
		"an id of no such shape is words": {
			say("%v %v", approvals.PersonID("U0|x> <!channel"), approvals.GroupID("LEADS")), "U0|x&gt; &lt;!channel LEADS"},
		"times are drawn where they are read": {
			say("at %v", at), "at <!date^1796029920^{date_short_pretty} at {time}|30 Nov 2026 09:12 UTC>"},
		"no time":                           {say("%v", time.Time{}), "an unknown time"},
		"a broadcast stays words":           {say("%v", "<!channel> & <@U0BOB>"), "&lt;!channel&gt; &amp; &lt;@U0BOB&gt;"},
		"a link stays words":                {say("%v", "<https://evil.example|SE Ranking>"), "&lt;https://evil.example|SE Ranking&gt;"},
		"entities are not ours to read":     {say("%v", "&lt;!channel&gt;"), "&amp;lt;!channel&amp;gt;"},
		"an address stays as typed":         {say("%v", "jane_doe@acme.example"), "jane_doe@acme.example"},
		"two of them as well":               {say("%v, %v", "jane_doe@acme.example", "_x@acme.example"), "jane_doe@acme.example, _x@acme.example"},
		"a pair of marks means nothing":     {say("%v", "*bold* _it_ ~no~"), "∗bold∗ ˍitˍ ∼no∼"},
		"a lone mark stays":                 {say("%v", "a 5* hotel"), "a 5* hotel"},
		"a sum stays":                       {say("%v", "2 * 3 * 4"), "2 * 3 * 4"},
		"a star beside bold of ours":        {say("*Name* %v", "x*"), "*Name* x∗"},
		"a backtick":                        {say("%v", "`rm`"), "ˋrmˋ"},
		"a backtick in code":                {say("%v", approvals.Typed("a`b *c*")), "`aˋb *c*`"},
		"a quotation at the start":          {say("%v", "> said"), "\u2060&gt; said"},
		"the name of an emoji":              {say("%v", ":white_check_mark: at 09:12:30"), ":\u2060white_check_mark: at 09:12:30"},
		"lines and controls become a space": {say("%v", "a\r\n\t\x00b\u2028c"), "a b c"},
		"direction marks go":                {say("%v", "a\u202eb\u2066c\u200fd\u00ade"), "abcde"},
		"bad UTF-8":                         {say("%v", "a\xffb"), "a\ufffdb"},
		"spaces outside of bold":            {say("a* b *c"), "a *b* c"},
		"bold code":                         {say("press *It happened* or `x`"), "press *It happened* or `x`"},
		"an emoji family":                   {say("%v", "👩‍👩‍👧"), "👩‍👩‍👧"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, mrkdwn(maxObject, c.text)) })
	}
}

func TestFallbackHasNoMarks(t *testing.T) {
	require.Equal(t, "#12 is done by <@U0BOB>\n/access help",
		fallback(maxFallback, say("*#12* is done by %v", approvals.PersonID("U0BOB")), say("`/access help`")))
}

// A limit holds for what is sent: after escaping, with the marks that end what was begun, and
// nothing is torn.
func TestLimitsHoldAfterEscaping(t *testing.T) {
	long := say("*%v*", strings.Repeat("&", 5000))
	got := mrkdwn(100, long)
	require.LessOrEqual(t, size(got), 100)
	require.Equal(t, "*"+strings.Repeat("&amp;", 19)+"*…", got)

	require.Equal(t, "<@U0BOB>…", mrkdwn(12, say("%v %v", approvals.PersonID("U0BOB"), approvals.PersonID("U0ALICE"))))
	require.Equal(t, "👩‍👩‍👧…", plain(12, strings.Repeat("👩‍👩‍👧", 9)))
	require.Equal(t, "…", plain(1, "abc"))
	require.Equal(t, "`abc`…", mrkdwn(6, say("%v", approvals.Typed("abcdef"))))
}

func TestClipKeepsTheEndOfTheSentence(t *testing.T) {
	require.Equal(t, "abc…", clip("abcdef", 3))
	require.Equal(t, "abc", clip(" abc ", 3))
	require.Equal(t, "a…", clip("a bc", 2))
	require.LessOrEqual(t, size(clip("e"+strings.Repeat("\u0301", 10000), 60)), 61)
}

func FuzzMrkdwn(f *testing.F) {
	for _, s := range hostile {
		f.Add(s[:min(len(s), 200)], 40)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 20 + limit&0xfff
		for _, got := range []string{
			mrkdwn(limit, say("*For* %v `x` %v", s, approvals.Typed(s))),
			fallback(limit, say("*For* %v", s)), "“" + plain(limit-1, s),
			mrkdwn(limit, say("%v %v", approvals.PersonID(s), approvals.GroupID(s))),
		} {
			safe(t, got)
			require.LessOrEqual(t, size(got), limit)
		}
	})
}
