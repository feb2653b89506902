package config

import "github.com/usherbot/usher/approvals"

const (
	expectRequestKeys = "waiting, per_minute and per_day"
	expectRequests    = "a whole number of requests, from 1 to 1000000"
	// mostRequests is more than a load test asks.
	mostRequests = 1_000_000
)

// requests reads how much one person can ask; what isn't said is as approvals has it.
func (v value) requests() approvals.Limits {
	o := v.object(expectRequestKeys, "waiting", "per_minute", "per_day")
	many := func(key string) int { return o.get(key).Number(1, mostRequests, 0, expectRequests) }
	return approvals.Limits{Pending: many("waiting"), PerMinute: many("per_minute"), PerDay: many("per_day")}
}
