// Package seranking carries out what was approved for SE Ranking, through its API, and reads what it holds.
//
// Each deed is looked for before it is asked and read back after it (package provision says in which order, and what
// a crash leaves); here stands what that means for this vendor: which account is meant, what counts as done, what
// it drops without a word, and what its API cannot do, with where a person can click instead.
//
// Neighbours: provision calls it; apiclient/seranking speaks to the vendor.
package seranking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/apiclient"
	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// Hands carry out deeds through SE Ranking's API.
type Hands struct {
	Client *api.Client
	// App is the app's id, and Memory where what was found out about its vendor is kept.
	App    string
	Memory Memory
}

var _ provision.Kind = Hands{}

// seen is what was read of an account, as it is kept with a deed's promise and in the audit. It is
// stored: fields may be added, never renamed.
type seen struct {
	ID     int64    `json:"id,omitempty"`
	Type   string   `json:"type,omitempty"`
	Shared []int64  `json:"shared,omitempty"`
	Access []string `json:"access,omitempty"`
	Amount int64    `json:"amount,omitempty"`
	Period string   `json:"period,omitempty"`
	Seats  int      `json:"seats,omitempty"`
}

func (s seen) String() string {
	raw, err := json.Marshal(s)
	if err != nil {
		return "{}" // unreachable: numbers and strings always encode
	}
	return string(raw)
}

// Look implements Kind.
func (k Hands) Look(ctx context.Context, t provision.Task) (provision.Sight, error) {
	switch t.Request.Action {
	case catalog.Create:
		return k.lookCreate(ctx, t, 0)
	case catalog.Share, catalog.Unshare:
		return k.lookSharing(ctx, t)
	case catalog.Update:
		return k.lookUpdate(ctx, t)
	case catalog.Delete:
		return k.lookDelete(ctx, t)
	}
	return provision.Sight{Stop: approvals.Sayf("SE Ranking can't do “%v”, so nothing was done.", t.Request.Action)}, nil
}

// Write implements Kind. Reading back is part of it; where that fails, the write may have been made.
func (k Hands) Write(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	switch t.Request.Action {
	case catalog.Create:
		return k.create(ctx, t, s)
	case catalog.Share, catalog.Unshare:
		return k.reshare(ctx, t, s)
	case catalog.Update:
		return k.update(ctx, t, s)
	case catalog.Delete:
		return k.remove(ctx, t, s)
	}
	return provision.Sight{}, fmt.Errorf("write %s: no such deed", t.Request.Action)
}

// ambiguous refuses to choose between several accounts of one address.
func ambiguous(t provision.Task, found []api.Account) approvals.Text {
	return approvals.Sayf("SE Ranking has %v accounts for %v (ids %v), and I won't guess which one is meant. %v An admin can sort it out there and then try again.",
		len(found), t.Request.Change.Email, accountIDs(found), farthest(t))
}

func accountIDs(list []api.Account) string {
	var ids []string
	for _, a := range list {
		ids = append(ids, fmt.Sprint(a.ID))
	}
	return strings.Join(ids, ", ")
}

func siteIDs(sites []catalog.Item) []int64 {
	var ids []int64
	for _, s := range sites {
		ids = append(ids, number(s.ID))
	}
	return ids
}

// number is an id as the vendor counts it; 0 for what is none.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// text is an id as it is kept; "" for 0, which is none.
func text(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// lookCreate: the address in the list. An account that was there before the vendor was asked is not ours. made
// is the id in the vendor's answer, which is not relied on: the list's counts where the two agree, or where the
// account's details name the address.
func (k Hands) lookCreate(ctx context.Context, t provision.Task, made int64) (provision.Sight, error) {
	all, err := k.Client.ListAccounts(ctx)
	if err != nil {
		return provision.Sight{}, err
	}
	l := listedOf(t, all)
	switch {
	case len(l.at) == 0:
		return k.mayCreate(ctx, t, len(all))
	case len(l.at) > 1:
		return provision.Sight{Stop: ambiguous(t, l.at)}, nil
	}
	a := l.at[0]
	if a.ID != made {
		if _, err := k.certain(ctx, a); err != nil {
			return provision.Sight{}, err
		}
	}
	if t.Made != "" && t.Made != text(a.ID) {
		return passedOn(t, l.at), nil
	}
	s := provision.Sight{Account: text(a.ID), State: seen{ID: a.ID, Type: a.Type, Seats: len(all)}.String()}
	if !t.Tried {
		s.Stop = approvals.Sayf("%v already has an account (id %v), so I didn't create another. Use `/access share` or `/access update` to change it.", a.Email, a.ID)
		return s, nil
	}
	if len(t.Request.Change.Values.Items(keySites)) > 0 {
		return k.lookSeat(ctx, t, a, s)
	}
	s.Done = true
	s.Text, err = k.created(ctx, t, a)
	return s, err
}

func (k Hands) create(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	if s.Account != "" {
		return k.furnish(ctx, t, s)
	}
	c := t.Request.Change
	a := api.NewAccount{Email: c.Email, FirstName: c.FirstName, LastName: c.LastName, Type: c.Values.ID(keyType), Lang: c.Values.ID(keyLang)}
	if c.Values.Has(keyAccess) {
		a.Access = append([]string{}, c.Values.IDs(keyAccess)...)
	}
	if amount, has := limit(c.Values); has {
		a.Amount, a.Period = &amount, c.Values.ID(keyPeriod)
	}
	made, err := k.Client.Create(ctx, a)
	if err != nil {
		return provision.Sight{}, err
	}
	after, err := k.lookCreate(ctx, t, made)
	if s.Step != "" && after.Account != "" && !after.Done && len(after.Stop) == 0 {
		return provision.Sight{Account: after.Account, State: after.State, Step: s.Step, More: true}, nil // its websites, seen or not, are the next step's
	}
	return after, afterWrite("create account", err)
}

// afterWrite turns an error of reading back into "the write may have been made".
func afterWrite(op string, err error) error {
	if err == nil {
		return nil
	}
	lost := &apiclient.Error{Op: op, Kind: apiclient.OutcomeUnknown, Err: fmt.Errorf("written, not read back: %w", err)}
	var e *apiclient.Error
	if errors.As(err, &e) {
		lost.Status, lost.Words = e.Status, e.Words
	}
	return lost
}

// lookDelete: the account that was meant is gone. Another one under its address is neither taken for it nor
// touched. Before the first try the owned sites are read: nobody publishes what becomes of them (facts 6,
// no. 8), so an account that owns any is not deleted.
func (k Hands) lookDelete(ctx context.Context, t provision.Task) (provision.Sight, error) {
	all, err := k.Client.ListAccounts(ctx)
	if err != nil {
		return provision.Sight{}, err
	}
	l := listedOf(t, all)
	if l.own == nil && (len(l.at) == 0 || t.Tried && t.Account() != "") {
		return provision.Sight{Done: true, Account: t.Account(), State: seen{Seats: len(all)}.String(), Text: goneText(t, l.at)}, nil
	}
	a, _, stop, err := k.only(ctx, t, l)
	if err != nil || len(stop) > 0 {
		return provision.Sight{Account: text(a.ID), Stop: stop, Had: l.gone(t)}, err
	}
	return k.mayDelete(ctx, t, a, len(all))
}

// goneText says that the account that was meant is not there, and what has its address now.
func goneText(t provision.Task, at []api.Account) approvals.Text {
	switch {
	case !t.Tried:
		return approvals.Sayf("It was already gone, so there was nothing left to delete.")
	case len(at) > 0:
		return approvals.Sayf("Checked in SE Ranking: account %v is gone. Another account has its address now (id %v). Nobody asked about that one, so I left it alone.", t.Account(), accountIDs(at))
	}
	return approvals.Sayf("Checked in SE Ranking: the account is gone.")
}

func (k Hands) mayDelete(ctx context.Context, t provision.Task, a api.Account, seats int) (provision.Sight, error) {
	owned, err := k.Client.OwnedSites(ctx, a.ID)
	if err != nil {
		return provision.Sight{}, err
	}
	s := provision.Sight{Account: text(a.ID), State: seen{ID: a.ID, Type: a.Type, Seats: seats}.String()}
	if len(owned) == 0 {
		return s, nil
	}
	names, err := k.siteNames(ctx, owned)
	if err != nil {
		return provision.Sight{}, err
	}
	s.Stop = approvals.Sayf("%v owns %v (%v), and SE Ranking doesn't say what happens to them when the account goes. Hand them over there first, then an admin can try again. Nothing was deleted.",
		t.Request.Change.Email, count(len(owned), "website"), names)
	return s, nil
}

// siteNames labels ids by the vendor's list of websites.
func (k Hands) siteNames(ctx context.Context, ids []int64) (string, error) {
	list, err := k.Client.Sites(ctx)
	if err != nil {
		return "", err
	}
	var labels []string
	for i, id := range ids {
		if i == 10 {
			labels = append(labels, fmt.Sprintf("and %d more", len(ids)-10))
			break
		}
		site := unnamed(id)
		if j := slices.IndexFunc(list, func(s api.Site) bool { return s.ID == id }); j >= 0 {
			site = siteOf(list[j])
		}
		labels = append(labels, site.Label())
	}
	return strings.Join(labels, ", "), nil
}

func (k Hands) remove(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	if err := k.Client.Delete(ctx, number(s.Account)); err != nil {
		return provision.Sight{}, err
	}
	t.Before = s.State
	after, err := k.lookDelete(ctx, t)
	if err == nil && !after.Done {
		after.Stop = nil // it was accepted; that it is still listed is a matter of looking again
	}
	return after, afterWrite("delete account", err)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
