// Package semrush reads what Semrush tells any program of an account for nothing: how many API units are left. Package
// units asks it, on its schedule, and knows no vendor; what an answer means, and what to do about it, is said here.
//
// It asks apiclient/semrush, whose one question costs no units, and no other. Neither the key nor an address
// that bears it is in anything that it says. Keys of API version 4 are recognised by their shape and by the answers
// they get, and that version 3 ends, as announced, is said ahead of time (Notices, Note).
package semrush

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/usherbot/usher/apiclient"
	api "github.com/usherbot/usher/apiclient/semrush"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports/units"
)

// KeyName is the variable from which the key comes.
const KeyName = "SEMRUSH_API_KEY"

// Meter reads one account.
type Meter struct {
	Client *api.Client
	// Key is looked at for its kind alone.
	Key apiclient.Secret
	Now func() time.Time
}

var _ units.Meter = Meter{}

// Read implements units.Meter.
func (m Meter) Read(ctx context.Context) units.Reading {
	left, err := m.Client.Units(ctx)
	in := units.Reading{At: m.Now(), Left: left}
	if err != nil {
		in.Left, in.Why, in.Soon = 0, m.why(err), passing(err)
	}
	return in
}

// passing reports whether what stood in the way may be over in a minute.
func passing(err error) bool {
	switch apiclient.KindOf(err) {
	case apiclient.RateLimited:
		return true
	case apiclient.Temporary:
		return !errors.Is(err, api.ErrPage)
	}
	return false
}

// why is why there is no number, in words for people.
func (m Meter) why(err error) approvals.Text {
	said, _ := errors.AsType[*apiclient.Error](err)
	if said == nil {
		return approvals.Sayf("it gave no usable answer")
	}
	if m.newer() && said.Answered() && said.Kind != apiclient.Temporary || errors.Is(err, api.ErrNewer) {
		return approvals.Sayf("the key in `%v` is one of API version 4, and the balance can only be read with the version 3 key (in Semrush: Subscription info, then API units)", KeyName)
	}
	switch {
	case errors.Is(err, api.ErrPage):
		return approvals.Sayf("it answered with a web page instead of a number. Perhaps it wants somebody to sign in, or the address has changed; version 3 of its API is announced to end at the end of 2027")
	case said.Kind == apiclient.NotAllowed:
		return approvals.Sayf("it doesn't take the key in `%v`%v. Put in the account's version 3 key (in Semrush: Subscription info, then API units)", KeyName, inWords(said))
	case said.Kind == apiclient.RateLimited:
		return approvals.Sayf("it says it was asked too often")
	case moved(said.Status):
		return approvals.Sayf("the address of the balance has gone (it answers %v). Version 3 of its API is announced to end at the end of 2027; if it has, a newer Usher is needed", said.Status)
	case said.Words != "":
		return approvals.Sayf("it answered “%v” instead of a number", said.Words)
	case said.Status == 0:
		return approvals.Sayf("it couldn't be reached")
	case said.Status != http.StatusOK:
		return approvals.Sayf("it had trouble of its own (it answers %v)", said.Status)
	}
	return approvals.Sayf("its answer broke off, or was no number")
}

func inWords(e *apiclient.Error) string {
	if e.Words == "" {
		return ""
	}
	return fmt.Sprintf(" (“%s”)", e.Words)
}

// moved reports whether a status says that there is nothing at the address any more.
func moved(status int) bool {
	return status >= 300 && status < 400 || status == http.StatusNotFound || status == http.StatusGone
}

// newer reports whether the key looks like one of API version 4.
func (m Meter) newer() bool { return api.KeyWarning(m.Key) != "" }

// noticedBefore is how long before the announced end it is said once more.
const noticedBefore = 90 * 24 * time.Hour

// Notices implements units.Meter: that version 3 ends is said when it is first known of an account, and once more when
// there are three months left, by when its exact day is to be announced.
func (m Meter) Notices() []units.Notice {
	return []units.Notice{
		{Name: "v3-end", From: api.Deprecated, Say: approvals.Sayf("Semrush has announced that version 3 of its API ends at the end of 2027. The unit balance can only be read with it so far, so a newer Usher may be needed by then. Nothing changes until then.")},
		{Name: "v3-end-soon", From: api.EndOfVersion3.Add(-noticedBefore), Say: approvals.Sayf("Version 3 of Semrush's API ends at the end of 2027, and I read the unit balance by it. Please see whether a newer Usher is out; otherwise I can't see the balance from then on.")},
	}
}

// Note implements units.Meter.
func (m Meter) Note(now time.Time) approvals.Text {
	if now.Before(api.EndOfVersion3.Add(-noticedBefore)) {
		return nil
	}
	return approvals.Sayf("version 3 of its API, by which this is read, ends at the end of 2027")
}
