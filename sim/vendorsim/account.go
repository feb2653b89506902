package vendorsim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Types of sub-accounts: a client sees what is shared with it, a user sees every project and keeps no share list.
const (
	TypeClient = "client"
	TypeUser   = "user"
)

// firstAccountID is the id in the documents' create example.
const firstAccountID = 36872

// Account is a sub-account. Its password is kept apart (see Password), so that no snapshot holds it.
type Account struct {
	ID          int64     `json:"id"`
	Email       string    `json:"email"`
	FirstName   string    `json:"first_name"`
	LastName    string    `json:"last_name"`
	Type        string    `json:"type"` // client or user
	Lang        string    `json:"lang"`
	Access      []string  `json:"access"` // in the order of AccessCodes
	Limits      Limits    `json:"limits"`
	SharedSites []int64   `json:"shared_sites"`
	OwnedSites  []int64   `json:"owned_sites"` // filled in when read: the sites whose OwnerID is this account
	Blocked     bool      `json:"is_blocked_by_limits"`
	Created     time.Time `json:"created"`
}

// Limits is what an account may use of its parent's plan. Only Balance can be written through the API.
type Limits struct {
	Site         int64  `json:"site"`
	Keyword      int64  `json:"keyword"`
	Backlink     int64  `json:"backlink"`
	AuditAccount int64  `json:"audit_account"`
	AuditSite    int64  `json:"audit_site"`
	Amount       int64  `json:"amount"`
	Period       string `json:"period"` // day, week or month
}

// AccessCodes are the access codes this vendor knows, spelt as on the wire (report_sheduled included). Any other is
// dropped without a word.
var AccessCodes = []string{
	"audit_website", "competitors_visibility_ranking", "audit_settings", "backlink_monitor", "analytics_conversions",
	"analytics_google_search_console", "competitors_added", "analytics_overview", "analytics_pages", "marketing_plan",
	"seo_potential", "analytics_snippets", "social_media", "tools_backlinks_checker", "tools_index_status_checker",
	"tools_parameter_checker", "tools_keyword_grouper", "tools_engine_autocomplete", "tools_search_volume_checker",
	"tools_competitive_research", "tools_keyword_research", "tools_one_page_seo_checker", "competitors_serp",
	"analytics_traffic_sources", "analytics_audience", "audit_page_changes_monitor", "hide_search_volume", "show_groups",
	"report_manual", "report_sheduled", "report_template", "add_website",
}

// AddAccount puts an account there without asking whether it may be: seats are not counted, and an address may occur
// twice. Missing id, type, language, limits and creation time are filled in;
// OwnedSites become its own if they exist. It returns the id.
func (v *Vendor) AddAccount(a Account) int64 {
	v.change(func() {
		if a.ID == 0 {
			a.ID = v.newID()
		}
		v.nextID = max(v.nextID, a.ID+1)
		a.Type, a.Lang = cmp.Or(a.Type, TypeClient), cmp.Or(a.Lang, "en")
		if a.Limits == (Limits{}) {
			a.Limits = standardLimits
		}
		if a.Created.IsZero() {
			a.Created = v.now()
		}
		for _, id := range a.OwnedSites {
			if s := v.sites[id]; s != nil {
				s.OwnerID = a.ID
			}
		}
		stored := a.clone()
		v.accounts[a.ID] = &stored
	})
	return a.ID
}

// standardLimits are what a new account starts with.
var standardLimits = Limits{Site: 10, Keyword: 500, Backlink: 1000, AuditAccount: 5000, AuditSite: 1000, Period: "month"}

// Edit changes the account with this address as somebody in the vendor's own interface would; false when there is none.
func (v *Vendor) Edit(email string, change func(*Account)) bool {
	found := false
	v.change(func() {
		if a := v.byEmail(email); a != nil {
			id := a.ID
			change(a)
			a.ID, found = id, true
		}
	})
	return found
}

// ReplaceAccount puts another account in the place of the one with this address, as when somebody deletes it by
// hand and invites the person anew: the same address, names and type under a new id, and nothing shared. It
// returns the new id; 0 when there is no such account.
func (v *Vendor) ReplaceAccount(email string) (id int64) {
	v.change(func() {
		a := v.byEmail(email)
		if a == nil {
			return
		}
		id = v.newID()
		fresh := Account{ID: id, Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Type: a.Type, Lang: a.Lang,
			Limits: standardLimits, Created: v.now()}.clone()
		v.forget(a.ID)
		v.accounts[id] = &fresh
	})
	return id
}

// SetBlocked marks the account as blocked by limits, or not; false when there is no such account.
func (v *Vendor) SetBlocked(email string, blocked bool) bool {
	return v.Edit(email, func(a *Account) { a.Blocked = blocked })
}

// RemoveAccount deletes an account behind everybody's back; false when there is none.
func (v *Vendor) RemoveAccount(email string) bool {
	found := false
	v.change(func() {
		if a := v.byEmail(email); a != nil {
			v.forget(a.ID)
			found = true
		}
	})
	return found
}

// TakeElsewhere makes an address one that another SE Ranking customer uses: it is in no list, and cannot be created.
func (v *Vendor) TakeElsewhere(email string) {
	v.change(func() { v.elsewhere[strings.ToLower(email)] = true })
}

// Accounts returns all accounts by id.
func (v *Vendor) Accounts() []Account {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.sortedAccounts()
}

// Account returns the account with this address, compared without regard to case; the lowest id when there are several.
func (v *Vendor) Account(email string) (Account, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	a := v.byEmail(email)
	if a == nil {
		return Account{}, false
	}
	return v.full(a), true
}

// Password is what the account was last given as password, for tests that look for it where it must not be.
func (v *Vendor) Password(email string) (string, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	a := v.byEmail(email)
	if a == nil {
		return "", false
	}
	p, ok := v.passwords[a.ID]
	return p, ok
}

// Secrets are all passwords the present accounts were given through the API, and all guest links, in no order.
func (v *Vendor) Secrets() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	list := []string{}
	for _, p := range v.passwords {
		list = append(list, p)
	}
	for _, s := range v.sites {
		list = append(list, s.GuestLink)
	}
	return list
}

// The rest is called with the lock held.

func (v *Vendor) newID() int64 {
	id := v.nextID
	v.nextID++
	return id
}

func (v *Vendor) byEmail(email string) *Account {
	for _, id := range slices.Sorted(maps.Keys(v.accounts)) {
		if strings.EqualFold(v.accounts[id].Email, strings.TrimSpace(email)) {
			return v.accounts[id]
		}
	}
	return nil
}

func (v *Vendor) sortedAccounts() []Account {
	list := make([]Account, 0, len(v.accounts))
	for _, id := range slices.Sorted(maps.Keys(v.accounts)) {
		list = append(list, v.full(v.accounts[id]))
	}
	return list
}

// full is a copy with the owned sites filled in.
func (v *Vendor) full(a *Account) Account {
	c := a.clone()
	c.OwnedSites = v.ownedBy(a.ID)
	return c
}

// forget removes an account. What happens to the sites it owned is documented nowhere; here they go with it, the reading
// under which a careless delete shows.
func (v *Vendor) forget(id int64) {
	for _, site := range v.ownedBy(id) {
		v.dropSite(site)
	}
	delete(v.accounts, id)
	delete(v.passwords, id)
}

func (a Account) clone() Account {
	a.Access = append([]string{}, a.Access...)
	a.SharedSites = append([]int64{}, a.SharedSites...)
	a.OwnedSites = append([]int64{}, a.OwnedSites...)
	return a
}
