package approvals

import "time"

// Health is how Usher and its connections are.
type Health struct {
	// Open is how many connections to Slack hear, of Wanted.
	Open, Wanted int
	// Overdue is what has been due for too long, by kind.
	Overdue []Overdue
	Apps    []AppHealth
	// Balances are the units of the apps of which they are watched, as of At.
	Balances []AppBalance
	At       time.Time
}

// AppBalance is what is known of one app's units.
type AppBalance struct {
	Name string
	Balance
}

// Overdue is a kind of thing that is owed and should have been carried out long ago: the oldest is Late since then, or some
// are Failing whatever is tried.
type Overdue struct {
	What    string
	Late    bool
	Since   time.Time
	Failing int
}

// AppHealth is how the vendor of an app answers.
type AppHealth struct {
	Name string
	// Read is when it was last read, and Blind since when it can't be; zero: never, and it can.
	Read, Blind time.Time
}
