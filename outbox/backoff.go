package outbox

import (
	"errors"
	"time"
)

// Backoff is how long a promise sleeps after its n-th failed try (n from 0): it doubles from first
// up to most. It has no jitter: one process owns the table, and each key fails on its own clock.
func Backoff(n int, first, most time.Duration) time.Duration {
	for range min(n, 30) {
		if first >= most {
			break
		}
		first *= 2
	}
	return min(first, most)
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func isGone(err error) bool { return errors.Is(err, ErrGone) }
