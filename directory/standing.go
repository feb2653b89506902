package directory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/register"
)

// surely is how old a reading may be for what it says of somebody to be sure: two days on which it could not be read.
const surely = 3 * 24 * time.Hour

// added is how old a list may be that somebody adds: nobody does that daily.
const added = 31 * 24 * time.Hour

// fresh is how old what is kept of a directory may be.
func (d Directory) fresh() time.Duration {
	if d.Source == nil {
		return added
	}
	return surely
}

// Standings is how everybody stands in every directory, by address: register's Elsewhere. Of a directory that hasn't answered for days,
// or that wasn't read yet, it says that it isn't sure, and so does an error of the store's: of the one nothing new may be concluded.
func (r *Readings) Standings(ctx context.Context) (register.Standings, error) {
	out := register.Standings{Of: map[string][]register.Standing{}}
	for _, d := range r.Directories {
		k, err := r.recall(ctx, d)
		if err != nil {
			return register.Standings{}, err
		}
		if k.Read.IsZero() || r.Now().Sub(k.Read) > d.fresh() {
			out.Unsure = append(out.Unsure, d.Name)
			continue
		}
		for address, owner := range owners(k.People) {
			all := slices.Concat(owner.Addresses, owner.Former)
			out.Of[address] = append(out.Of[address], register.Standing{Directory: d.Name, Off: owner.Off, Since: owner.Since, Addresses: all})
		}
	}
	return out, nil
}

// owners is whose each address is. One that several have or had is somebody's who is there, before anybody's who is off; of those who
// are alike, whose it is now; of those, who came last.
func owners(people []Record) map[string]Record {
	out := map[string]Record{}
	has := map[string]bool{} // whose it is now
	for _, r := range people {
		for i, a := range slices.Concat(r.Addresses, r.Former) {
			now := i < len(r.Addresses)
			if was, taken := out[a]; taken && !before(r, now, was, has[a]) {
				continue
			}
			out[a], has[a] = r, now
		}
	}
	return out
}

// before reports whether an address is rather the one's than the other's.
func before(a Record, aNow bool, b Record, bNow bool) bool {
	switch {
	case a.Off != b.Off:
		return b.Off
	case aNow != bNow:
		return aNow
	}
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) > 0
}

// Seen is what was read last of a directory.
type Seen struct {
	Name string
	// People is how many it listed, and Read when; zero: never.
	People int
	Read   time.Time
}

// Seen is what was read last of each directory.
func (r *Readings) Seen(ctx context.Context) (out []Seen, err error) {
	for _, d := range r.Directories {
		k, err := r.recall(ctx, d)
		if err != nil {
			return nil, err
		}
		out = append(out, Seen{d.Name, len(k.listed()), k.Read})
	}
	return out, nil
}
