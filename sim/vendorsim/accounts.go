package vendorsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// operations are the effects: each is called with the lock held, changes the state, and returns the true answer. broken
// takes the words of a rule that the request broke without being refused.
var operations = map[Op]func(v *Vendor, a *ask, broken func(string)) reply{
	List: (*Vendor).list, Details: (*Vendor).details, Create: (*Vendor).create, Update: (*Vendor).update, Delete: (*Vendor).delete,
	Shared: (*Vendor).shared, Owned: (*Vendor).owned, SetShares: (*Vendor).setShares, Sites: (*Vendor).listSites,
	Profile: (*Vendor).profile, Subscription: (*Vendor).subscription, Money: (*Vendor).money, Credits: (*Vendor).credits,
	Balance: (*Vendor).balance, Trends: (*Vendor).trends,
}

// pageSize is the documented default of limit, and here also its maximum.
const pageSize = 100

func (v *Vendor) list(a *ask, _ func(string)) reply {
	limit, err := queryNumber(a, "limit", pageSize)
	offset, err2 := queryNumber(a, "offset", 0)
	if err != nil || err2 != nil || limit < 1 {
		return v.failed(a.dialect, http.StatusBadRequest, "Limit and offset must be numbers")
	}
	if v.quirks.IgnoreOffset {
		offset = 0
	}
	limit = min(limit, cmp.Or(v.quirks.MaxPage, pageSize))
	return v.json(http.StatusOK, v.listJSON(offset, limit))
}

func (v *Vendor) listJSON(offset, limit int) map[string]any {
	all := slices.Sorted(maps.Keys(v.accounts))
	if offset > 0 {
		offset = max(offset+v.quirks.ShiftPages, 0)
	}
	from := min(offset, len(all))
	rows := []any{}
	for _, id := range all[from:min(from+limit, len(all))] {
		rows = append(rows, v.rowJSON(v.full(v.accounts[id])))
	}
	count := len(all) + v.quirks.AllCountOff
	reply := map[string]any{"list": rows, "all_count": strconv.Itoa(count)}
	if v.quirks.AllCountNumber {
		reply["all_count"] = count
	}
	return reply
}

// rowJSON is an account in the list. account_sites_count counts what is owned by or shared with the account; a user's may
// be 0 although it sees every project.
func (v *Vendor) rowJSON(acc Account) map[string]any {
	row := v.settingJSON(acc)
	row["account_id"] = v.num(acc.ID)
	row["account_sites_count"] = v.num(int64(len(union(acc.SharedSites, acc.OwnedSites))))
	row["is_blocked_by_limits"] = v.flag(acc.Blocked, 0)
	return row
}

func (v *Vendor) settingJSON(acc Account) map[string]any {
	email := acc.Email
	if v.quirks.LowerEmails {
		email = strings.ToLower(email)
	}
	return map[string]any{
		"account_email": email, "account_first_name": acc.FirstName, "account_last_name": acc.LastName,
		"account_type": acc.Type, "account_lang": acc.Lang,
	}
}

func (v *Vendor) details(a *ask, _ func(string)) reply {
	if v.quirks.IgnoreUserID && a.dialect == Unified {
		return v.json(http.StatusOK, v.listJSON(0, pageSize))
	}
	acc, ok := v.accounts[a.id]
	if !ok {
		return v.failed(a.dialect, http.StatusNotFound, "User not found")
	}
	return v.json(http.StatusOK, v.detailsJSON(v.full(acc)))
}

func (v *Vendor) detailsJSON(acc Account) map[string]any {
	name, setting := "setting", v.settingJSON(acc)
	if v.quirks.SettingsKey {
		name = "settings"
	}
	if !v.quirks.DetailsWithoutID {
		setting["account_id"] = v.num(acc.ID)
	}
	l := acc.Limits
	return map[string]any{name: setting, "access": acc.Access, "limit": map[string]any{
		"site": v.num(l.Site), "keyword": v.num(l.Keyword), "backlink": v.num(l.Backlink),
		"audit_account": v.num(l.AuditAccount), "audit_site": v.num(l.AuditSite),
		"balance": map[string]any{"amount": v.num(l.Amount), "period": l.Period},
	}}
}

// mistake answers about another account than the one asked for or made.
func (v *Vendor) mistake(a *ask, truth reply) reply {
	v.mu.Lock()
	defer v.mu.Unlock()
	if a.op == Create {
		var made struct{ ID json.Number }
		if json.Unmarshal(truth.body, &made) != nil || made.ID == "" {
			return truth // it was refused: there is no id to get wrong
		}
		id, _ := made.ID.Int64()
		return v.created(id + 1000)
	}
	if a.op == List {
		return v.json(http.StatusOK, shifted(truth.body))
	}
	for _, acc := range v.sortedAccounts() {
		if acc.ID != a.id {
			return v.json(http.StatusOK, v.detailsJSON(acc))
		}
	}
	return truth
}

// shifted is a list in which each account bears the id of the next, and the last that of the first.
func shifted(body []byte) map[string]any {
	var page map[string]any
	if json.Unmarshal(body, &page) != nil {
		return page
	}
	rows, _ := page["list"].([]any)
	var ids []any
	for _, row := range rows {
		ids = append(ids, row.(map[string]any)["account_id"])
	}
	for i, row := range rows {
		row.(map[string]any)["account_id"] = ids[(i+1)%len(ids)]
	}
	return page
}

func queryNumber(a *ask, name string, otherwise int) (int, error) {
	s := a.query.Get(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is no number", name)
	}
	return n, nil
}

// union is both lists' ids, each once, in order.
func union(a, b []int64) []int64 {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
