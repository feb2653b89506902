package seranking

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	api "github.com/usherbot/usher/apiclient/seranking"
)

// Memory keeps what was found out about a vendor, beyond a process and beyond the deed that found it out.
type Memory interface {
	// Learned is what is kept under a name, or nil.
	Learned(ctx context.Context, name string) ([]byte, error)
	// Learn keeps it; it is durable when nil is returned.
	Learn(ctx context.Context, name string, raw []byte) error
}

// learned is what is kept of how an app's vendor takes shares. It is stored: fields may be added, never renamed.
type learned struct {
	Shares api.Known `json:"shares"`
	// At is the address that it was found out at: another may be another dialect.
	At    string    `json:"at"`
	Since time.Time `json:"since"`
}

// replacesBelieved is how long "it keeps one website only" is believed. It costs nobody a website to find it out again,
// and believed for ever nobody would notice that the vendor has mended it.
const replacesBelieved = 24 * time.Hour

func (k Hands) memoryName() string { return "shares/" + k.App }

// known is how this app's vendor takes shares, as far as that was found out. That cannot be read is an error, and
// not "nothing is known": what is remembered may be that a request would take websites away.
func (k Hands) known(ctx context.Context, now time.Time) (api.Known, error) {
	raw, err := k.Memory.Learned(ctx, k.memoryName())
	if err != nil {
		return "", fmt.Errorf("read what is known of shares: %w", err)
	}
	var l learned
	if len(raw) == 0 || json.Unmarshal(raw, &l) != nil || l.At != k.Client.Address() {
		return api.Lists, nil // found out anew, at no risk
	}
	if l.Shares == api.Replaces && now.Sub(l.Since) >= replacesBelieved {
		return api.OneByOne, nil
	}
	return l.Shares, nil
}

// learn keeps what a write has shown, where that is news. The deed is not called done before: an error here makes it
// look again.
func (k Hands) learn(ctx context.Context, before, now api.Known, at time.Time) error {
	if before == now {
		return nil
	}
	raw, err := json.Marshal(learned{Shares: now, At: k.Client.Address(), Since: at})
	if err == nil {
		err = k.Memory.Learn(context.WithoutCancel(ctx), k.memoryName(), raw)
	}
	return afterWrite("keep what is known of shares", err)
}
