package vendorsim

import (
	"fmt"
	"strings"
	"time"
)

// demoSites are ten websites of a small company: two with the same title, one paused, and the first owned by whoever the
// first demo account with OwnedSites names.
var demoSites = []Site{
	{ID: 101, Title: "Acme", URL: "https://acme.example/", Keywords: 420},
	{ID: 102, Title: "Acme Blog", URL: "https://blog.acme.example/", Keywords: 180},
	{ID: 103, Title: "Acme Shop", URL: "https://shop.acme.example/", Keywords: 950},
	{ID: 104, Title: "Acme Shop", URL: "https://shop.acme-europe.example/", Keywords: 610},
	{ID: 105, Title: "Help centre", URL: "https://help.acme.example/", Keywords: 75},
	{ID: 106, Title: "Careers", URL: "https://careers.acme.example/", Keywords: 30},
	{ID: 107, Title: "Northwind Outdoor", URL: "https://www.northwind.example/", Keywords: 340},
	{ID: 108, Title: "Globex Labs", URL: "https://globex.example/labs/", Keywords: 120},
	{ID: 109, Title: "Initech Docs", URL: "https://docs.initech.example/", Keywords: 210},
	{ID: 110, Title: "Spring sale 2025", URL: "https://spring.acme.example/", Keywords: 15, Paused: true},
}

// demoAccounts are the company's people: two are blocked by limits, Tomas owns sites, Wei has none, Ingrid sees all.
var demoAccounts = []Account{
	{Email: "priya.nair@acme.example", FirstName: "Priya", LastName: "Nair", SharedSites: []int64{101, 102}, Access: []string{"report_manual", "report_sheduled"}},
	{Email: "tomas.lind@acme.example", FirstName: "Tomas", LastName: "Lind", SharedSites: []int64{103}, OwnedSites: []int64{106, 110}, Access: []string{"audit_website", "add_website"}},
	{Email: "ingrid.solberg@acme.example", FirstName: "Ingrid", LastName: "Solberg", Type: TypeUser, Access: []string{"audit_website", "marketing_plan", "report_template"}},
	{Email: "marco.bianchi@acme.example", FirstName: "Marco", LastName: "Bianchi", Lang: "it", SharedSites: []int64{103, 104}, Access: []string{"competitors_added"}, Blocked: true},
	{Email: "wei.chen@acme.example", FirstName: "Wei", LastName: "Chen", Access: []string{"report_manual"}},
	{Email: "reports@northwind.example", FirstName: "Northwind", LastName: "Reports", SharedSites: []int64{107}, Access: []string{"report_manual", "hide_search_volume"}},
	{Email: "amira.haddad@acme.example", FirstName: "Amira", LastName: "Haddad", Lang: "fr", SharedSites: []int64{101, 105, 106}, Access: []string{"analytics_overview", "analytics_pages"}, Blocked: true},
	{Email: "dale@globex.example", FirstName: "Dale", SharedSites: []int64{108, 109}, Access: []string{"tools_keyword_research"}},
}

// SeedDemo fills v with a small company: eight accounts, ten websites, 48,210 Semrush units. Make v with 25 seats.
func SeedDemo(v *Vendor) {
	for _, s := range demoSites {
		v.AddSite(s)
	}
	for i, a := range demoAccounts {
		a.Created = v.now().Add(-time.Duration(40*(len(demoAccounts)-i)) * 24 * time.Hour)
		v.AddAccount(a)
	}
	v.SetUnits(48210)
}

var (
	firstNames = []string{"Ada", "Ben", "Chloe", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Mona"}
	lastNames  = []string{"Abbott", "Brandt", "Costa", "Dupont", "Eriksen", "Fischer", "Garcia", "Horvath", "Ito", "Jensen", "Kowalski"}
)

// SeedDigest fills v with accounts of which blocked are blocked by limits, spread evenly so that each page of the list has
// some; every seventh account is a user, every fifth has no site. It returns the blocked addresses, in the list's order.
func SeedDigest(v *Vendor, accounts, blocked int) []string {
	const sites = 40
	for i := range sites {
		v.AddSite(Site{Title: fmt.Sprintf("Project %02d", i+1), URL: fmt.Sprintf("https://p%02d.acme.example/", i+1), Keywords: int64(10 * i)})
	}
	var addresses []string
	for i := range accounts {
		a := digestAccount(i, v.Sites()[i%sites].ID)
		a.Blocked = (i+1)*blocked/accounts > i*blocked/accounts
		if a.Blocked {
			addresses = append(addresses, a.Email)
		}
		v.AddAccount(a)
	}
	return addresses
}

func digestAccount(i int, site int64) Account {
	first, last := firstNames[i%len(firstNames)], lastNames[i%len(lastNames)]
	a := Account{FirstName: first, LastName: last, Email: fmt.Sprintf("%s.%s.%03d@acme.example", strings.ToLower(first), strings.ToLower(last), i+1)}
	switch {
	case i%7 == 6:
		a.Type = TypeUser
	case i%5 != 4:
		a.SharedSites = []int64{site}
	}
	return a
}
