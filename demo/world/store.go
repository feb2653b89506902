package world

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/sim/door"
)

// kept is what Usher keeps, as the page shows it.
type kept struct {
	// Rev is another whenever something else has changed.
	Rev int `json:"rev"`
	// Silent says why Usher couldn't be asked just now, and what is shown is from before; "": it could.
	Silent   string     `json:"silent,omitempty"`
	Requests []request  `json:"requests"`
	Promises []promised `json:"promises"`
	Owed     int        `json:"owed"`
	Audit    chain      `json:"audit"`
}

type request struct {
	control.Glanced
	By string `json:"by"`
}

type promised struct {
	control.Promised
	Say string `json:"say"`
}

// chain is the audit log: how long it is, whether each entry follows from the one before, and the latest entries, newest first.
type chain struct {
	Entries int64 `json:"entries"`
	// Broken names the first entry that isn't as it was written; "": every entry was verified.
	Broken string  `json:"broken,omitempty"`
	Latest []entry `json:"latest"`
}

type entry struct {
	Seq     int64           `json:"seq"`
	At      time.Time       `json:"at"`
	What    string          `json:"what"`
	By      string          `json:"by"`
	Request int64           `json:"request,omitempty"`
	Before  approvals.State `json:"before,omitempty"`
	After   approvals.State `json:"after,omitempty"`
	Prev    string          `json:"prev"`
	Hash    string          `json:"hash"`
}

// latest is how many entries are shown, and of promises and requests as many.
const latest = 200

// keeper reads it, for everybody who watches at once.
type keeper struct {
	folder func() control.Folder
	names  names
	now    func() time.Time
	mu     sync.Mutex
	at     time.Time
	seen   []byte
	chain  approvals.Chain
	kept   kept
}

// within is how long Usher may take to answer. One that is busy, or was killed this instant, is asked again a moment later.
const within = 2 * time.Second

// read is what is kept, no older than that.
func (k *keeper) read(ctx context.Context, old time.Duration) kept {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); now.Sub(k.at) < old/2 {
		return k.kept
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	next, err := k.look(ctx)
	k.at = k.now()
	if err != nil {
		next = k.kept
		if next.Rev == 0 {
			next = kept{Requests: []request{}, Promises: []promised{}, Audit: chain{Latest: []entry{}}}
		}
		next.Silent = "Usher isn't answering just now. This is how it was."
	}
	next.Rev = 0
	seen, err := json.Marshal(next)
	if err != nil || bytes.Equal(seen, k.seen) {
		return k.kept
	}
	next.Rev, k.seen = k.kept.Rev+1, seen
	k.kept = next
	return next
}

// look asks the Usher that runs.
func (k *keeper) look(ctx context.Context) (kept, error) {
	folder := k.folder()
	g, err := folder.Glance(ctx)
	if err != nil {
		return kept{}, err
	}
	out := kept{Requests: []request{}, Promises: []promised{}, Owed: g.Owed, Audit: k.kept.Audit}
	for _, r := range g.Requests[:min(latest, len(g.Requests))] {
		out.Requests = append(out.Requests, request{r, k.names.actor(approvals.Actor(r.Requester))})
	}
	for _, p := range g.Promises[:min(latest, len(g.Promises))] {
		out.Promises = append(out.Promises, promised{p, k.names.promise(p.Key)})
	}
	if err := k.follow(ctx, folder, g.Head, &out.Audit); err != nil {
		return kept{}, err
	}
	return out, nil
}

// follow reads on in the audit log, and verifies each entry after the one before. A log that is shorter than it was is another, and is read
// from its beginning.
func (k *keeper) follow(ctx context.Context, folder control.Folder, head approvals.Head, log *chain) error {
	if head.Seq < k.chain.Head().Seq {
		k.chain, *log = approvals.Chain{}, chain{}
	}
	if log.Latest == nil {
		log.Latest = []entry{}
	}
	if log.Broken != "" {
		return nil
	}
	fresh := []entry{}
	err := folder.AuditLinesFrom(ctx, k.chain.Head().Seq+1, func(line []byte) error {
		if log.Broken != "" {
			return nil // what comes after it proves nothing
		}
		e, err := k.chain.Next(line)
		if err != nil {
			log.Broken = err.Error()
			return nil
		}
		fresh = append(fresh, entry{e.Seq, e.At, e.What, k.names.actor(e.Actor), e.Request, e.Before, e.After, e.Prev, e.Hash})
		return nil
	})
	if err != nil {
		return err
	}
	shown := log.Latest
	for _, e := range fresh {
		shown = append([]entry{e}, shown[:min(len(shown), latest-1)]...)
	}
	log.Latest, log.Entries = shown, k.chain.Head().Seq
	return nil
}

func (w *World) serveStore(out http.ResponseWriter, r *http.Request) {
	door.Answer(out, http.StatusOK, w.keeper.read(r.Context(), looks/2))
}
