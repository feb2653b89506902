package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// meant are words people use for a verb that goes by another name. What apps add to them stands in their entries.
var meant = map[string]string{
	"account": "accounts", "list": "accounts", "users": "accounts", "seats": "accounts", "blocked": "accounts",
	"withdraw": "cancel", "abort": "cancel", "stop": "cancel",
	"mine": "status", "requests": "status", "waiting": "pending", "todo": "pending",
	"leaver": "leave", "leaving": "leave", "quits": "leave",
	"history": "trend", "trends": "trend", "chart": "trend", "graph": "trend",
	"digest": "report", "reports": "report", "info": "show", "details": "show",
	"recertify": "review", "certify": "review", "attest": "review",
	"yes": "approve", "ok": "approve", "accept": "approve", "no": "deny", "reject": "deny", "decline": "deny", "refuse": "deny",
	"?": "help", "-h": "help", "--help": "help", "hello": "help", "hi": "help",
}

// courteous are words that mean no verb, however near they are to one.
var courteous = []string{"please", "thanks"}

// nearest is the candidate that was most likely meant by a typed word, or "", by the words people use for those of apps too.
func (s speech) nearest(typed string, candidates []string) string {
	return nearestOf(typed, candidates, s.also())
}

// nearest is the candidate that was most likely meant by a typed word, or "".
func nearest(typed string, candidates []string) string { return nearestOf(typed, candidates, meant) }

// nearestOf is nearest with other words for the candidates. A word of ours that was
// misspelt comes before another word for it that was misspelt.
func nearestOf(typed string, candidates []string, meant map[string]string) string {
	typed = strings.ToLower(typed)
	if slices.Contains(courteous, typed) {
		return ""
	}
	if m := meant[typed]; slices.Contains(candidates, m) {
		return m
	}
	if near := within(typed, candidates); near != "" {
		return near
	}
	var others []string
	for other, word := range meant {
		if len(other) > 3 && slices.Contains(candidates, word) {
			others = append(others, other)
		}
	}
	slices.Sort(others) // so that of two that are as near the same one is named every time
	return meant[within(typed, others)]
}

// within is the word nearest to what was typed that a few slips of the finger lead to, or "".
func within(typed string, candidates []string) string {
	best, least := "", allowance(typed)+1
	for _, c := range candidates {
		d := distance(typed, strings.ToLower(c), least)
		if len(typed) > 2 && strings.HasPrefix(strings.ToLower(c), typed) {
			d = min(d, 1)
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// nearestAddress is the address that was most likely meant by one that nobody has, or "". Slips are counted
// before the @ alone, because colleagues have the rest in common, and three letters forgive none: bob is not
// a misspelt rob. In the domain one slip may be, where it is long enough.
func nearestAddress(typed string, known approvals.Accounts) string {
	local, domain, _ := strings.Cut(approvals.FoldEmail(typed), "@")
	best, least := "", 3
	err := known.Each(func(s approvals.Seat) bool {
		l, d, _ := strings.Cut(approvals.FoldEmail(s.Email), "@")
		if distance(domain, d, 1) > min(len(domain)/6, 1) {
			return true
		}
		slips := distance(local, l, least)
		if slips <= max(len(local), len(l))/4 && slips < least {
			best, least = s.Email, slips
		}
		return true
	})
	if err != nil {
		return "" // a guess that can't be made is none
	}
	return best
}

// allowance is how many slips of the finger are forgiven in a word.
func allowance(typed string) int { return min(max(len([]rune(typed))/3, 1), 4) }

// distance counts the letters to add, drop, change or swap with a neighbour to turn a into b
// (optimal string alignment); above limit it may stop early and answer limit+1.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	var before, last []int
	now := make([]int, len(y)+1)
	for j := range now {
		now[j] = j
	}
	for i := range x {
		before, last, now = last, now, make([]int, len(y)+1)
		now[0] = i + 1
		for j := range y {
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+differ(x[i] != y[j]))
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
	}
	return now[len(y)]
}

func differ(d bool) int {
	if d {
		return 1
	}
	return 0
}
