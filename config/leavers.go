package config

const (
	expectLeavers = "breaker"
	expectBreaker = "a whole number of people, from 1 to 1000"
	// defaultBreaker is how many may be deactivated within an hour before an admin is asked.
	defaultBreaker = 5
	mostBreaker    = 1000
)

// LeaversConfig is the section leavers.
type LeaversConfig struct {
	// Breaker is how many people may be deactivated within an hour before what they hold waits for an admin's word.
	Breaker int
}

func (v value) leavers() LeaversConfig {
	return LeaversConfig{Breaker: v.object(expectLeavers, "breaker").get("breaker").Number(1, mostBreaker, defaultBreaker, expectBreaker)}
}
