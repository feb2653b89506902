package approvals

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/usherbot/usher/outbox"
)

// What Slack says of somebody has those looked up who are named in what waits. Whoever does that may be another replica, which heard nothing
// and remembers them as they were: told by the one that heard it, where the database tells words on, and else not. So after a word it is
// looked twice: at once, and once more when nobody can remember anything from before it.
//
//	word ──► looked up at once ──► looked up again, NewsSettles later ──► daily

// newsTurn is the turn of a look that a word asks for, before all that isn't news: by it whoever looks knows.
const newsTurn = 0

// NewsSettles is how long after a word it's looked again: longer than anybody remembers a person, and than a user group that is asked about
// goes unread (web.RememberedFor).
const NewsSettles = 7 * time.Minute

// word is what a look after a word is noted with, so that one that is put off is one still.
type word struct {
	News bool `json:"news"`
}

// nextLook is when it's looked again, after a look at a moment that came to its end or, noted with the job, will be tried once more.
func nextLook(job *outbox.Job, at time.Time) (time.Time, error) {
	var n word
	if len(job.Note) > 0 {
		if err := json.Unmarshal(job.Note, &n); err != nil {
			return at, fmt.Errorf("decode what a look was for: %w", err)
		}
	}
	if !n.News && !job.Due.Equal(time.Unix(0, newsTurn)) {
		return at.Add(watchEvery), nil
	}
	if err := job.Infer(word{News: true}); err != nil {
		return at, err
	}
	return at.Add(NewsSettles), nil
}

// lookTurn is the turn of a look: of one that a word about somebody asks for, and of all others.
func lookTurn(who string, n int64) int64 {
	if who != "" {
		return newsTurn
	}
	return n
}
