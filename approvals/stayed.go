package approvals

import "time"

// Stayed is what stays in an app too long, as it was when it was looked over.
type Stayed struct {
	// Looked is as of when the accounts were that were compared last with who there is; zero: nobody has compared them yet, so
	// that nothing found says nothing.
	Looked time.Time
	// Orphans are the accounts that belong to nobody, and Others how many there are of each other kind, the most urgent first.
	Orphans []Orphan
	Others  []KindCount
	// Idle are the accounts that nobody uses, as far as its list shows that, by address.
	Idle []IdleAccount
}

// IdleAccount is an account that somebody was invited to at Since and Never joined, or that was used then for the last time.
type IdleAccount struct {
	Email string
	Never bool
	Since time.Time
}

// Orphan is an account that belongs to nobody: as what it is listed, "" where that isn't said, and since when that is known.
type Orphan struct {
	Email string
	As    string
	Since time.Time
}

// KindCount is how many findings of a kind there are, and the addresses that the first of them are about.
type KindCount struct {
	Of   string
	Many int
	Who  []string
	// Idle says that they are among the Idle too.
	Idle bool
}

// Any reports whether there is anything to say of it.
func (s Stayed) Any() bool { return len(s.Orphans)+len(s.Others) > 0 }
