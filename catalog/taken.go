package catalog

// Taken are the words that have a meaning of their own wherever a field's key can stand: in a command, beside an item of a
// bundle, in a condition or an example of a policy.
var Taken = []string{"app", "because", "reason", "why", "for", "until", "deputy", "action", "by", "in", "expect", "lasts", "seats_left",
	"requester_in", "cost_under", "cost_over", "seats_left_over", "seats_left_under", "shorter_than", "longer_than"}

// Verbs are the commands that are the same for every app: no action can be called so.
var Verbs = []string{"access", "accounts", "approve", "away", "back", "bundle", "cancel", "deny", "end", "extend", "help", "import", "leave",
	"limits", "nudge", "pending", "report", "request", "return", "review", "show", "status", "tasks", "trend", "who"}
