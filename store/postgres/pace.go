package postgres

import (
	"context"
	"fmt"
	"time"
)

// A turn is one statement, so that a call costs one exchange however many replicas share its pace. Of two that ask at one moment the
// row makes one the first. Waits are differences on the server's clock, and mean the same on every replica's.
//
// free is when the next may go: not before the one before it has had its gap, nor while what stands behind is held. Whoever would
// wait for longer than they can takes no turn: they are given a time to come back, each their own.
const turn = `insert into usher.pace as p (key, asked, next, tail, later)
	select $1, t, case when free - t > $4::bigint * interval '1 microsecond' then t else free + $3::bigint * interval '1 microsecond' end, free, free - t > $4::bigint * interval '1 microsecond'
	from (select t, greatest(t, (select next from usher.pace where key = $2)) as free from (select clock_timestamp() as t) c) f
	on conflict (key) do update set asked = excluded.asked,
		later = greatest(p.next, excluded.tail) - excluded.asked > $4::bigint * interval '1 microsecond',
		next = case when greatest(p.next, excluded.tail) - excluded.asked > $4::bigint * interval '1 microsecond' then p.next
			else greatest(p.next, excluded.tail) + $3::bigint * interval '1 microsecond' end,
		tail = case when greatest(p.next, excluded.tail) - excluded.asked > $4::bigint * interval '1 microsecond'
			then greatest(p.next, excluded.tail, p.tail + $3::bigint * interval '1 microsecond') else p.tail end
	returning later, (extract(epoch from case when later then tail - asked else next - asked end) * 1000000)::bigint`

// Turn takes the next turn under a key, gap after the one before it, and says how far off it is. One further off than patience isn't
// taken: later says so, and wait when to come back. behind is a key whose hold counts too.
func (s *Store) Turn(ctx context.Context, key, behind string, gap, patience time.Duration) (wait time.Duration, later bool, err error) {
	var micros int64
	err = s.read(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, turn, text(key), text(behind), gap.Microseconds(), patience.Microseconds()).Scan(&later, &micros)
	})
	if err != nil {
		return 0, false, fmt.Errorf("take a turn: %w", err)
	}
	wait = time.Duration(micros) * time.Microsecond
	if !later {
		wait -= gap
	}
	return max(wait, 0), later, nil
}

// Held is for how long nobody may have a turn under a key.
func (s *Store) Held(ctx context.Context, key string) (time.Duration, error) {
	var micros int64
	err := s.read(ctx, func(ctx context.Context) error {
		_, err := found(s.pool.QueryRow(ctx, "select (extract(epoch from next - clock_timestamp()) * 1000000)::bigint from usher.pace where key = $1", text(key)).Scan(&micros), plainly)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read whose turn it is: %w", err)
	}
	return max(time.Duration(micros)*time.Microsecond, 0), nil
}

// Hold lets nobody have a turn under a key before d has passed.
func (s *Store) Hold(ctx context.Context, key string, d time.Duration) error {
	err := s.read(ctx, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, `insert into usher.pace as p (key, asked, next, tail, later)
			select $1, t, t + $2::bigint * interval '1 microsecond', t, false from (select clock_timestamp() as t) c
			on conflict (key) do update set next = greatest(p.next, excluded.next)`, text(key), d.Microseconds())
		return err
	})
	if err != nil {
		return fmt.Errorf("hold calls back: %w", err)
	}
	return nil
}

// paceKept is how long after it could matter last a key is kept.
const paceKept = 24 * time.Hour

// tidyPace forgets keys that nobody has asked for in a day. A start does it.
func (s *Store) tidyPace(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, fmt.Sprintf("delete from usher.pace where greatest(next, tail) < clock_timestamp() - interval '%d seconds'", int(paceKept.Seconds())))
	if err != nil {
		return fmt.Errorf("forget whose turn it was: %w", err)
	}
	return nil
}

func plainly(err error) error { return err }
