package approvals

import (
	"context"
	"time"
)

// A step that was decided is so only while those who decided it may: votes are judged anew at each vote. Where that
// makes another step the present one, it is kept first and shows on the card, and then the vote is judged by that.

// moved reports whether, by what is known of those who voted, another step of a request that waits is decided now than
// was kept. Where that hangs on what could not be found out, it is not.
func moved(r Request, f Facts) bool {
	if !r.Several() || r.State != Pending || len(r.Votes) == 0 {
		return false
	}
	v := Judge(r, f)
	return v.Status == Waiting && v.Step != r.Present()
}

// rejudge keeps which step is decided now. Whoever voted since is not known yet, and so it is left to the next round.
func (d *Desk) rejudge(ctx context.Context, n int64, f Facts, voters int, now time.Time) error {
	return d.update(ctx, func(tx Tx) error {
		r, err := d.load(tx, n)
		if err != nil || len(r.Votes) != voters || !moved(r, f) {
			return err
		}
		_, err = d.act(tx, r, Rejudged{Facts: f}, Usher, "usher", now)
		return err
	})
}

// otherStep refuses a yes that was pressed where another step was shown than is decided now: one click decides one
// step, and who pressed it has not seen who had said yes meanwhile.
func (r Request) otherStep(v Vote) error {
	if v.Step == r.Present() {
		return nil
	}
	return Refuse(Conflict, "#%v is at step %v of %v now, and what you clicked was for step %v, so I haven't counted your yes. Please look at the card again, then press *Approve*.",
		r.Number, r.Present()+1, len(r.Rule.Stages()), v.Step+1)
}
