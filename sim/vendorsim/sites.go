package vendorsim

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// Site is a website under management. On the wire its names are swapped from what one expects: `title` is the project's
// name and `name` the address.
type Site struct {
	ID        int64  `json:"id"`
	Title     string `json:"title"` // the project's name; need not be unique
	URL       string `json:"url"`
	GroupID   int64  `json:"group_id"`
	Paused    bool   `json:"paused"` // is_active 0
	Keywords  int64  `json:"keyword_count"`
	OwnerID   int64  `json:"owner_id"` // the sub-account that owns it; 0: the main account
	GuestLink string `json:"-"`        // opens the statistics without a login, so no snapshot shows it
}

// firstSiteID keeps sites' ids apart from accounts', so that one taken for the other is noticed.
const firstSiteID = 101

// AddSite puts a website there; a missing id and guest link are filled in. It returns the id.
func (v *Vendor) AddSite(s Site) int64 {
	v.change(func() {
		if s.ID == 0 {
			s.ID = firstSiteID
			for id := range v.sites {
				s.ID = max(s.ID, id+1)
			}
		}
		s.GuestLink = cmp.Or(s.GuestLink, fmt.Sprintf("https://online.seranking.example/guest/5eed%08x", s.ID))
		v.sites[s.ID] = &s
	})
	return s.ID
}

// Rehost gives a website's number to another website, with its name and address; what is shared stays shared.
// false when there is no such number.
func (v *Vendor) Rehost(id int64, title, url string) bool {
	found := false
	v.change(func() {
		if s := v.sites[id]; s != nil {
			s.Title, s.URL, found = title, url, true
		}
	})
	return found
}

// GiveSite makes an account the owner of a website; 0 is the main account. false when there is no such website.
func (v *Vendor) GiveSite(id, owner int64) bool {
	found := false
	v.change(func() {
		if s := v.sites[id]; s != nil {
			s.OwnerID, found = owner, true
		}
	})
	return found
}

// RemoveSite deletes a website, and with it every share of it; false when there is none.
func (v *Vendor) RemoveSite(id int64) bool {
	found := false
	v.change(func() {
		_, found = v.sites[id]
		v.dropSite(id)
	})
	return found
}

// Sites returns all websites by id.
func (v *Vendor) Sites() []Site {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.sortedSites()
}

// The rest is called with the lock held.

func (v *Vendor) sortedSites() []Site {
	list := make([]Site, 0, len(v.sites))
	for _, id := range slices.Sorted(maps.Keys(v.sites)) {
		list = append(list, *v.sites[id])
	}
	return list
}

func (v *Vendor) ownedBy(account int64) []int64 {
	owned := []int64{}
	for _, s := range v.sortedSites() {
		if s.OwnerID == account {
			owned = append(owned, s.ID)
		}
	}
	return owned
}

func (v *Vendor) dropSite(id int64) {
	delete(v.sites, id)
	for _, a := range v.accounts {
		a.SharedSites = slices.DeleteFunc(a.SharedSites, func(s int64) bool { return s == id })
	}
}

// listSites answers all websites at once: no paging is documented.
func (v *Vendor) listSites(*ask, func(string)) reply {
	list := make([]any, 0, len(v.sites))
	for _, s := range v.sortedSites() {
		list = append(list, v.siteJSON(s))
	}
	return v.json(http.StatusOK, list)
}

func (v *Vendor) siteJSON(s Site) map[string]any {
	active := 1
	if s.Paused {
		active = 0
	}
	return map[string]any{
		"id": v.num(s.ID), "title": s.Title, "name": s.URL, "group_id": v.num(s.GroupID), "is_active": active,
		"exact_url": 0, "subdomain_match": 0, "depth": v.num(100), "check_freq": "check_daily", "check_day": nil,
		"guest_link": s.GuestLink, "keyword_count": v.num(s.Keywords),
	}
}
