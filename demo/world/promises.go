package world

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// actor is who did something.
func (n names) actor(a approvals.Actor) string {
	if name, is := a.IsOS(); is {
		return name + " at the command line"
	}
	if a == approvals.Usher || a == "" {
		return "Usher"
	}
	return n.person(string(a))
}

// promises says what a promise of a kind is for, with its request as %s.
var promises = map[string]string{
	"card":       "draw %s's card",
	"admin":      "show the admins %s",
	"approver":   "show %s to who can approve it",
	"tell":       "say what came of %s",
	"ask":        "ask about %s",
	"answer":     "pass on the answer about %s",
	"expire":     "close %s if nobody decides",
	"escalate":   "let others decide %s too",
	"remind":     "remind of %s if it still waits",
	"reminder":   "send a reminder of %s",
	"nudge":      "pass on a nudge about %s",
	"needs":      "say in one message what wasn't sent today",
	"away":       "move what waits for somebody who is away",
	"back":       "give back to somebody what is theirs to decide",
	"alive":      "see whether those who can approve %s are still there",
	"lapse":      "stop trying %s again",
	"ends":       "say that %s ends soon",
	"end":        "take back what %s gave",
	"deed":       "carry out %s",
	"look":       "read at the vendor what %s would do",
	"line":       "give free seats to who waits in line",
	"task":       "show %s's task",
	"progress":   "show how far %s's task is",
	"due":        "remind of %s's task if it isn't done",
	"overdue":    "say that %s's task is late",
	"import":     "compare a member list",
	"imported":   "say what a member list showed",
	"sweep":      "look an app over, as each day",
	"needed":     "ask which outside accounts are still needed",
	"holder":     "ask somebody about their account",
	"held":       "pass on what somebody said about their account",
	"directory":  "read a directory of people",
	"keep":       "remove what was closed long ago",
	"home":       "draw somebody's Home",
	"homes":      "draw the Homes that have changed",
	"report":     "build a report and post it",
	"reportfile": "add a report as a file",
	"units":      "read how many units are left",
	"warning":    "warn that units run low",
	"alarm":      "warn the admins",
	"gone":       "take a message away",
	"stray":      "look for a message that may have come late",
	"people":     "see who has left the workspace",
	"gather":     "gather what somebody who left holds",
	"verify":     "see that what somebody held is gone",
	"leaving":    "ask what becomes of what somebody held",
	"joining":    "see who is new in a group",
	"welcome":    "offer somebody new their bundle",
	"reviewing":  "go on with a review",
	"review":     "show how far a review is",
	"reviewer":   "ask somebody what is still needed",
	"recall":     "ask somebody about what a review takes back",
	"reviewfile": "add a review's report as a file",
}

// promise says what Usher has promised under a key.
func (n names) promise(key string) string {
	parts := strings.Split(key, "/")
	words, known := promises[parts[0]]
	if !known {
		return "Usher owes “" + key + "”."
	}
	about := "it"
	if len(parts) > 1 {
		if number, err := strconv.ParseInt(parts[1], 10, 64); err == nil {
			about = fmt.Sprintf("#%d", number)
		}
	}
	if strings.Contains(words, "%s") {
		words = fmt.Sprintf(words, about)
	}
	if who := parts[len(parts)-1]; strings.HasPrefix(who, "U0") {
		words += ", for " + n.person(who)
	}
	return strings.ToUpper(words[:1]) + words[1:] + "."
}
