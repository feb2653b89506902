package approvals

import (
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/catalog"
)

// Seat is one account that the vendor lists. What its app cannot say (catalog.Reads) is zero here, and not known.
type Seat struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	// Sort is of what sort it is, as the app's entry calls it, and Holds how many resources it sees.
	Sort    string `json:"sort,omitempty"`
	Holds   int    `json:"holds"`
	Blocked bool   `json:"blocked"`
}

// SeatList is every account of an app as read at one time.
type SeatList struct {
	App    App
	Seats  []Seat
	Bought int // 0: not known
	At     time.Time
}

// SeatPage is one page of an app's accounts.
type SeatPage struct {
	Seats []Seat
	// Bought is how many there may be, and Total how many there are by the vendor's word, a hint; 0: not known.
	Bought, Total int
	// Next is where to go on; "": the vendor shows no more.
	Next string
	// Again says that it was gone back for: that nothing in it is new says nothing.
	Again bool
	// Over says that its first account is the last of the page before, unless the list has moved: where that hasn't come before, some behind
	// the page before have moved out of sight, and Back is where to go on instead.
	Over bool
	Back string
	// Known is how many of its first accounts stand where the list was read before: that they come again says nothing.
	Known int
}

// ItemList is every resource of one key that an app has, as read at one time.
type ItemList struct {
	Items []catalog.Item
	At    time.Time
	// Good says, of what is remembered, that it was read a moment ago and is as good as read anew.
	Good bool
	// Nameless is what one is called of which only the number is known.
	Nameless string
}

// Named are resources by id with what the list calls them; one that it lacks has its number alone.
func (l ItemList) Named(ids []string) []catalog.Item {
	var out []catalog.Item
	for _, id := range ids {
		item := catalog.Item{ID: id, Nameless: l.Nameless}
		if i := slices.IndexFunc(l.Items, func(o catalog.Item) bool { return o.ID == id }); i >= 0 {
			item = l.Items[i]
		}
		out = append(out, item)
	}
	return out
}

// SeatDetail is one account looked at closely.
type SeatDetail struct {
	Seat
	// Values are what else could be read of it, by the keys of its app's fields. What could not is not there.
	Values catalog.Values
	// Held are the resources it sees, where its sort does not see all of them; Owned are its own.
	Held, Owned []catalog.Item
}

// List is one of the lists that an app has: Seats, or the key of a resource.
type List string

// Seats is the list of an app's accounts.
const Seats List = "seats"

// Remembered is what is remembered of an app's lists, each zero where nothing is.
type Remembered struct {
	Seats SeatList
	// GoodSeats says that the seats were read a moment ago and are as good as read anew.
	GoodSeats bool
	// Items are the resources, by key.
	Items map[string]ItemList
	// Owned are the resources of accounts, by the vendor's id, that were read a moment ago.
	Owned map[string][]catalog.Item
}

// Inventory reads what vendors hold. Reading is allowed at any time; a list may be a few minutes
// old (its At says so) unless fresh is asked for. An error for people to read is an *Error; any
// other error means that the vendor could not be read.
type Inventory interface {
	// Apps lists the configured apps in the order of the configuration, each with its entry in the catalog.
	Apps() []App
	// Remembered answers at once, whatever the vendor does; of the lists that matter, those that are not good are
	// read anew behind.
	Remembered(app string, matter ...List) Remembered
	// Renew has a list of an app read anew behind, for whoever asks next.
	Renew(app string, list List)
	// Seats are all of an app's accounts at once.
	Seats(ctx context.Context, app string, fresh bool) (SeatList, error)
	// Accounts are an app's for somebody who waits. Where there are so many that reading them takes minutes, they are as they were read
	// last, and are read anew behind where that is due, or where fresh is asked for; where none were read yet, that begins, and the
	// *Error says how far it is.
	Accounts(ctx context.Context, app string, fresh bool) (Accounts, error)
	// Walk is an app's accounts read just now, for whom nobody waits: it takes as long as it takes. Of a reading that was cut off what was
	// read is kept, and whoever asks again goes on with it, in another life of the program too.
	Walk(ctx context.Context, app string) (Accounts, error)
	// Items are the resources of a key.
	Items(ctx context.Context, app, resource string) (ItemList, error)
	Detail(ctx context.Context, app string, id string) (SeatDetail, error)
}
