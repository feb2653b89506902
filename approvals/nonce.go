package approvals

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Name is what names a request beyond doubt, on whatever outlives the database it was kept in: a button, a
// form, a message. A number alone is given again by every database that begins anew, and by every other
// Usher.
type Name struct {
	Number int64
	// Nonce is "" for requests that were kept before there was one.
	Nonce string
}

// Name is what the request's cards and forms bear.
func (r Request) Name() Name { return Name{r.Number, r.Nonce} }

// nonceBits is how much chance a nonce holds: nobody meets another of the same, nor guesses one.
const nonceBits = 80

// NewNonce draws a nonce: 16 letters and digits.
func NewNonce(random io.Reader) (string, error) {
	raw := make([]byte, nonceBits/8)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a nonce: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw)), nil
}

// errNoNonce is a Desk that was joined without chance: a request of it could be taken for another.
var errNoNonce = errors.New("the desk has no nonces")

// nonce draws one for a request.
func (d *Desk) nonce() (string, error) {
	if d.Nonce == nil {
		return "", errNoNonce
	}
	return d.Nonce()
}

// Named is nil where a request is the one that is meant: what a card of another database, another life of
// this one or another Usher names is another request under the same number, and decides nothing here. A
// name may be held up before the transaction that acts on the number: within one database a number never
// changes its owner, nor a request its nonce.
func (d *Desk) Named(ctx context.Context, name Name) error {
	r, err := d.Request(ctx, name.Number)
	if CodeOf(err) == NotFound {
		_, lost := d.Book.Request(ctx, name.Number)
		if gone, removed := errors.AsType[Removed](lost); removed && gone.Nonce != name.Nonce {
			r.Nonce, err = gone.Nonce, nil
		}
	}
	if err != nil {
		return err
	}
	if r.Nonce != name.Nonce {
		return Refuse(Conflict, "This card belongs to a different #%v, from before my records were replaced or from another Usher. I don't know that one, so nothing was changed. `/access pending` lists what's waiting for you here. Still needed? Then it has to be asked again.", name.Number)
	}
	return nil
}
