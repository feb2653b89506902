package seranking

import (
	"sync"

	"github.com/usherbot/usher/apiclient"
)

// Pool makes clients that share, for each key, what the vendor counts or keeps by key: the pace,
// and the locks of accounts. It goes by the key alone and not by the base URL too, which can be spelt
// in several ways, and leads in both dialects to the same accounts. The zero value is ready; it may
// be used by many goroutines at once.
type Pool struct {
	mu    sync.Mutex
	byKey map[apiclient.Secret]*common
}

// common is what the clients of one key share.
type common struct {
	pace     apiclient.Pace
	accounts *locks
}

// New returns a Client like the function New, joined to the pool's other clients of its key. The pace
// is that of the first of them; Config.Pace of a later one is not looked at.
func (p *Pool) New(cfg Config) (*Client, error) {
	c, err := New(cfg)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	first, ok := p.byKey[cfg.Key]
	if !ok {
		if p.byKey == nil {
			p.byKey = map[apiclient.Secret]*common{}
		}
		p.byKey[cfg.Key] = &common{pace: c.pace, accounts: c.accounts}
		return c, nil
	}
	c.pace, c.accounts = first.pace, first.accounts
	return c, nil
}
