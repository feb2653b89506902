package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/register/list"
)

// within24 is how long somebody has to say of a list that wasn't believed that it's right, by adding it again.
const within24 = 24 * time.Hour

// Added is the directory whose list somebody adds; false: there is none.
func (r *Readings) Added() (Directory, bool) {
	i := slices.IndexFunc(r.Directories, func(d Directory) bool { return d.Parse != nil })
	if i < 0 {
		return Directory{}, false
	}
	return r.Directories[i], true
}

var _ register.Roll = (*Readings)(nil)

// Take implements register.Roll. A list that isn't believed changes nothing; the same one, added once more within a day, is. What was added at
// one time comes to the same however often it is taken.
func (r *Readings) Take(ctx context.Context, raw []byte, columns map[list.Column]string, look bool, at time.Time) (approvals.Text, error) {
	d, ok := r.Added()
	if !ok {
		return nil, approvals.Refuse(approvals.NotFound, "I don't take a list of people here any more.")
	}
	a, err := d.Parse(raw, columns)
	if err != nil {
		return nil, err
	}
	k, err := r.recall(ctx, d)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(raw)
	sum := hex.EncodeToString(hash[:])
	people, off := len(tidy(a.People)), 0
	for _, p := range tidy(a.People) {
		if p.Off {
			off++
		}
	}
	insisted := k.Doubted == sum && k.At.Before(at) && at.Sub(k.At) < within24
	why := k.doubt(a, orDefault(r.Few, fewOff), insisted)
	next := k
	switch {
	case look && why != nil:
		return approvals.Sayf("%v, %v of them off. I wouldn't believe it: %v. Only looked at, nothing was kept.", counted(people), off, why), nil
	case look:
		return approvals.Sayf("%v, %v of them off. Only looked at, nothing was kept.", counted(people), off), nil
	case why != nil:
		next.Doubted, next.At = sum, at.UTC()
		return approvals.Sayf("It looks wrong: %v. I don't believe that by itself, so nothing has changed and nobody is taken for gone. Is it right? Then add the same file once more within a day.", why), r.keep(ctx, d, next)
	}
	next = k.With(a, at)
	return approvals.Sayf("%v, %v of them off. I'll hold every app to it when I look it over, and go by it for a month at most: please add the next one before that.", counted(people), off), r.keep(ctx, d, next)
}
