package seranking

import (
	"encoding/json"
	"slices"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// byHand says why the API cannot make a change of shares without a risk to others, what is so now, and where in
// SE Ranking a person can make it.
func byHand(t provision.Task, account string, r api.ShareResult) approvals.Text {
	why := cannotShare(r)
	if t.Request.Action == catalog.Unshare {
		why = cannotUnshare(r.Cannot)
	}
	return slices.Concat(why, sofar(t, account, r), clicks(t.Request, r))
}

func cannotShare(r api.ShareResult) approvals.Text {
	if r.Cannot == api.MightReplace {
		return approvals.Sayf("SE Ranking's API takes one website at a time here, and I can't tell yet whether the account would keep the %v it has. So I didn't risk them. (I'll find out the first time two websites are shared with an account that has none.)",
			count(len(r.Before), "website"))
	}
	return approvals.Sayf("SE Ranking's API takes one website at a time here, and the account keeps only the last one, so more than one can't be shared this way.")
}

func cannotUnshare(why api.Cannot) approvals.Text {
	switch why {
	case api.NeverNone:
		return approvals.Sayf("SE Ranking's API takes one website at a time here, and can't leave an account without any.")
	case api.TakesNone:
		return approvals.Sayf("SE Ranking's API takes one website at a time here and only adds: it can't take one away.")
	}
	return approvals.Sayf("SE Ranking's API takes one website at a time here, and I can't take one away with it and be sure the others stay. So I didn't risk them.")
}

// sofar says what this deed has changed, over all its steps.
func sofar(t provision.Task, account string, r api.ShareResult) approvals.Text {
	if t.Request.Form().New {
		return slices.Concat(approvals.Sayf(" "), stands(t, account, r.After))
	}
	var before seen
	if json.Unmarshal([]byte(t.Before), &before) != nil {
		before.Shared = r.Before // nothing was noted: this step's own view
	}
	var given []catalog.Item
	for _, s := range t.Request.Change.Values.Items(keySites) {
		if slices.Contains(r.After, number(s.ID)) && !slices.Contains(before.Shared, number(s.ID)) {
			given = append(given, s)
		}
	}
	switch {
	case len(r.Lost) > 0:
		return approvals.Sayf(" That took away %v, which it had before.", numbers(r.Lost))
	case len(given) > 0:
		return approvals.Sayf(" %v is shared now.", provision.ItemNames(given))
	case slices.Equal(r.After, before.Shared):
		return approvals.Sayf(" Nothing was changed.")
	}
	return nil
}

// clicks is the way through SE Ranking's own pages, as its help describes it.
func clicks(asked approvals.Request, r api.ShareResult) approvals.Text {
	share := asked.Action != catalog.Unshare
	left := slices.DeleteFunc(slices.Clone(asked.Change.Values.Items(keySites)), func(s catalog.Item) bool { return slices.Contains(r.After, number(s.ID)) == share })
	if !share {
		return approvals.Sayf(" Please unshare %v by hand: in SE Ranking open *Users*, press *Permissions* next to %v, remove what shouldn't be there and apply the changes.", provision.ItemNames(left), asked.Change.Email)
	}
	for _, id := range r.Lost {
		left = append(left, unnamed(id))
	}
	return approvals.Sayf(" Please share %v by hand: in SE Ranking open *Users*, press *Permissions* next to %v, add what's missing and apply the changes.", provision.ItemNames(left), asked.Change.Email)
}
