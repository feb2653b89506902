package register

import (
	"context"
	"time"
)

// Elsewhere is how people stand in directories beside Slack. An error means that it isn't known of anybody: nothing is found by it then, and
// nothing that was found is over.
type Elsewhere interface {
	Standings(ctx context.Context) (Standings, error)
}

// Standings is how people stand in every directory beside Slack.
type Standings struct {
	// Of is how who has an address stands, by folded address, in each directory that has them.
	Of map[string][]Standing
	// Unsure are directories that haven't answered for days: they say nothing of anybody.
	Unsure []string
}

// Standing is how somebody stands in one directory.
type Standing struct {
	Directory string `json:"directory"`
	// Off says that they were switched off there, since Since; zero: it isn't known since when.
	Off   bool      `json:"off,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Addresses are all of theirs there, folded.
	Addresses []string `json:"-"`
}
