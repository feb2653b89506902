package approvals

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Site is a website whose numbers a seat may see. Name is what people call the project, Host its
// address (the vendor's API calls these "title" and "name": facts 1.5).
type Site struct {
	ID     int64  `json:"id"`
	Name   string `json:"name,omitempty"`
	Host   string `json:"host,omitempty"`
	Paused bool   `json:"paused,omitempty"`
}

// Label names a site so that two with the same name differ: "Acme UK – acme.example (#39)".
func (s Site) Label() string {
	switch {
	case s.Name == "" && s.Host == "":
		return fmt.Sprintf("site #%d", s.ID)
	case s.Name == "" || s.Name == s.Host:
		return fmt.Sprintf("%s (#%d)", s.Host, s.ID)
	case s.Host == "":
		return fmt.Sprintf("%s (#%d)", s.Name, s.ID)
	}
	return fmt.Sprintf("%s – %s (#%d)", s.Name, s.Host, s.ID)
}

// Short is the name of a site where its number is not needed.
func (s Site) Short() string {
	for _, n := range []string{s.Host, s.Name} {
		if n != "" {
			return n
		}
	}
	return fmt.Sprintf("site #%d", s.ID)
}

// Seat is one account that the vendor lists.
type Seat struct {
	ID        int64    `json:"id"`
	Email     string   `json:"email"`
	FirstName string   `json:"first_name,omitempty"`
	LastName  string   `json:"last_name,omitempty"`
	Type      SeatType `json:"type,omitempty"`
	Sites     int      `json:"sites"`
	Blocked   bool     `json:"blocked"`
}

// SeatList is every account of an app as read at one time.
type SeatList struct {
	App    App
	Seats  []Seat
	Bought int // 0: not known
	At     time.Time
}

// SiteList is every website of an app as read at one time.
type SiteList struct {
	Sites []Site
	At    time.Time
}

// Named are websites by number with what the list calls them; one that it lacks has its number alone.
func (l SiteList) Named(ids []int64) []Site {
	var out []Site
	for _, id := range ids {
		site := Site{ID: id}
		if i := slices.IndexFunc(l.Sites, func(s Site) bool { return s.ID == id }); i >= 0 {
			site = l.Sites[i]
		}
		out = append(out, site)
	}
	return out
}

// SeatDetail is one account looked at closely.
type SeatDetail struct {
	Seat
	Lang   string
	Access []string
	// Shared is what was shared with the account; a user seat sees every site whatever stands here.
	Shared []Site
	Owned  []Site
	Amount int
	Period string
	// HasAccess and HasLimit say that permissions and limit could be read.
	HasAccess bool
	HasLimit  bool
}

// List is one of the lists that an app has.
type List string

// The lists.
const (
	Seats List = "seats"
	Sites List = "sites"
)

// Remembered is what is remembered of an app's lists, each zero where nothing is.
type Remembered struct {
	Seats SeatList
	Sites SiteList
	// Owned are the websites of accounts, by the vendor's id, that were read a moment ago.
	Owned map[int64][]Site
	// GoodSeats and GoodSites say that a list was read a moment ago and is as good as read anew.
	GoodSeats, GoodSites bool
}

// Inventory reads what vendors hold. Reading is allowed at any time; a list may be a few minutes
// old (its At says so) unless fresh is asked for. An error for people to read is an *Error; any
// other error means that the vendor could not be read.
type Inventory interface {
	// Apps lists the configured apps in the order of the configuration.
	Apps() []App
	// Remembered answers at once, whatever the vendor does; of the lists that matter, those that are not good are
	// read anew behind.
	Remembered(app string, matter ...List) Remembered
	// Renew has a list of an app read anew behind, for whoever asks next.
	Renew(app string, list List)
	Seats(ctx context.Context, app string, fresh bool) (SeatList, error)
	Sites(ctx context.Context, app string) (SiteList, error)
	Detail(ctx context.Context, app string, id int64) (SeatDetail, error)
}
