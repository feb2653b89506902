package slacksim

import (
	"net/http"

	"github.com/usherbot/usher/sim/door"
)

// VendorView is what the page shows of the vendor beside it.
type VendorView struct {
	Name     string          `json:"name"` // SE Ranking
	Seats    VendorSeats     `json:"seats"`
	Accounts []VendorAccount `json:"accounts"`
	Sites    []VendorSite    `json:"sites"`
	Calls    []VendorCall    `json:"calls"` // the newest first
	// More is the page where there is more of it to look at; empty: there's none.
	More string `json:"more,omitempty"`
}

// VendorSeats counts them; Bought is 0 where it is not known.
type VendorSeats struct {
	Used   int `json:"used"`
	Bought int `json:"bought"`
}

// VendorAccount is one seat.
type VendorAccount struct {
	ID      int64    `json:"id"`
	Email   string   `json:"email"`
	Name    string   `json:"name"`
	Type    string   `json:"type"`  // client or user
	Sites   []string `json:"sites"` // names of the websites shared with it
	Blocked bool     `json:"blocked"`
	// Details is anything else that can change (permissions, limits); it is
	// compared, to mark the row, and not shown.
	Details any `json:"details,omitempty"`
}

// VendorSite is one website.
type VendorSite struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// VendorCall is one request that the vendor got.
type VendorCall struct {
	Time   int64  `json:"time"` // Unix seconds
	Method string `json:"method"`
	Path   string `json:"path"`   // without a query that bears a key
	Status int    `json:"status"` // 0: the connection was cut
	Effect string `json:"effect"` // what it changed, in words; empty: nothing
}

// vendor is the view with lists where the injected one has none.
func (p *Page) vendor() VendorView {
	if p.opts.Vendor == nil {
		return VendorView{Accounts: []VendorAccount{}, Sites: []VendorSite{}, Calls: []VendorCall{}}
	}
	v := p.opts.Vendor()
	v.Accounts = append([]VendorAccount{}, v.Accounts...)
	for i := range v.Accounts {
		v.Accounts[i].Sites = append([]string{}, v.Accounts[i].Sites...)
	}
	v.Sites = append([]VendorSite{}, v.Sites...)
	v.Calls = append([]VendorCall{}, v.Calls...)
	return v
}

func (p *Page) serveVendor(w http.ResponseWriter, _ *http.Request) {
	if p.opts.Vendor == nil {
		door.Answer(w, http.StatusOK, nil)
		return
	}
	door.Answer(w, http.StatusOK, p.vendor())
}
