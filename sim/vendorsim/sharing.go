package vendorsim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// shared answers the share list of an account; a user's is always empty.
func (v *Vendor) shared(a *ask, _ func(string)) reply {
	acc, ok := v.accounts[a.id]
	if !ok {
		return v.failed(a.dialect, http.StatusNotFound, "User not found")
	}
	return v.json(http.StatusOK, v.ids(acc.SharedSites))
}

func (v *Vendor) owned(a *ask, _ func(string)) reply {
	if _, ok := v.accounts[a.id]; !ok {
		return v.failed(a.dialect, http.StatusNotFound, "User not found")
	}
	return v.json(http.StatusOK, v.ids(v.ownedBy(a.id)))
}

// setShares makes the list the complete share list: what it leaves out is no longer shared. Where it takes one integer a
// request, that one is added, or is all that is left. For a user it succeeds and does nothing. A site that does not exist
// refuses the whole list.
func (v *Vendor) setShares(a *ask, _ func(string)) reply {
	acc, ok := v.accounts[a.id]
	if !ok {
		return v.failed(a.dialect, http.StatusNotFound, "User not found")
	}
	sites, err := v.shareList(a)
	if err != nil {
		return v.failed(a.dialect, cmp.Or(v.quirks.ShareRefusal, http.StatusBadRequest), err.Error())
	}
	if len(sites) == 0 && v.quirks.RefuseNoShares {
		return v.failed(a.dialect, http.StatusBadRequest, "Sites are required")
	}
	for _, id := range sites {
		if _, ok := v.sites[id]; !ok {
			return v.failed(a.dialect, http.StatusBadRequest, fmt.Sprintf("Site %d not found", id))
		}
	}
	if acc.Type == TypeClient {
		v.replaceShares(a, acc, sites)
	}
	return v.written("{[]}")
}

func (v *Vendor) replaceShares(a *ask, acc *Account, sites []int64) {
	before, after := acc.SharedSites, union(sites, nil)
	if v.quirks.SharesAdd || v.quirks.ShareForm == integerAdds {
		after = union(before, sites)
	}
	if !slices.Equal(union(before, nil), after) {
		v.took(a.row, fmt.Sprintf("shared sites of account %d: %v, before %v", acc.ID, after, before))
	}
	acc.SharedSites = after
}

// shareList reads the sites from the form that this dialect takes: `{"site_ids":[39,42]}` in the unified one, `[39,42]` in
// the legacy one, unless the quirks say otherwise.
func (v *Vendor) shareList(a *ask) ([]int64, error) {
	form := v.quirks.ShareForm
	if form == "" {
		form = map[Dialect]string{Unified: "object", Legacy: "array"}[a.dialect]
	}
	if form == integerAdds || form == integerReplaces {
		return oneSite(a.body)
	}
	isArray := bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("["))
	if form != "both" && isArray != (form == "array") {
		return nil, refusal("The request must be an " + form)
	}
	var object struct {
		Sites []int64 `json:"site_ids"`
	}
	into := any(&object)
	if isArray {
		into = &object.Sites
	}
	if err := json.Unmarshal(a.body, into); err != nil || object.Sites == nil {
		return nil, refusal("Sites must be a list of numbers")
	}
	return object.Sites, nil
}

// oneSite reads `{"site_ids":39}`. Every other form is refused in the words that the vendor's own client was told.
func oneSite(body []byte) ([]int64, error) {
	var object struct {
		Site *int64 `json:"site_ids"`
	}
	if err := json.Unmarshal(body, &object); err != nil || object.Site == nil {
		return nil, refusal("site_ids: This value should be of type integer")
	}
	return []int64{*object.Site}, nil
}
