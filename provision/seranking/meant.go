package seranking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/apiclient"
	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// What was approved is what stood on the card: an account by its id and type, websites by their ids with what
// they were called. An address, and the number of a website, can pass to another between the approval and the
// deed. So each look holds what is there against what was meant, before it believes a change done and before
// anything is written; where they differ the deed stops.

// listed is what the list of accounts shows of a deed's account.
type listed struct {
	at  []api.Account // that have the address
	own *api.Account  // the one that was meant, under whatever address; nil: it is not there, or not known
}

func listedOf(t provision.Task, all []api.Account) (l listed) {
	for i, a := range all {
		if approvals.SameEmail(a.Email, t.Request.Change.Email) {
			l.at = append(l.at, a)
		}
		if text(a.ID) == t.Account() {
			l.own = &all[i]
		}
	}
	return l
}

// gone is what there is of a deed's account where it is known and listed no more; nil: that is not so.
func (l listed) gone(t provision.Task) *approvals.Had {
	if t.Account() == "" || l.own != nil {
		return nil
	}
	return &approvals.Had{}
}

// account finds the account that was meant, and its details where it has any. stop says why there is none to
// act on: s.Account stays the one that was meant.
func (k Hands) account(ctx context.Context, t provision.Task) (a api.Account, d *api.Details, stop approvals.Text, err error) {
	all, err := k.Client.ListAccounts(ctx)
	if err != nil {
		return a, nil, nil, err
	}
	return k.only(ctx, t, listedOf(t, all))
}

// only is the one account with the request's address, if it is the one that was meant and as it was then.
func (k Hands) only(ctx context.Context, t provision.Task, l listed) (a api.Account, d *api.Details, stop approvals.Text, err error) {
	a.ID = number(t.Account())
	if len(l.at) > 1 {
		return a, nil, ambiguous(t, l.at), nil
	}
	if l.own != nil && !slices.ContainsFunc(l.at, func(o api.Account) bool { return o.ID == l.own.ID }) {
		if _, err := k.certain(ctx, *l.own); err != nil {
			return a, nil, nil, err
		}
	}
	if len(l.at) == 0 {
		return a, nil, nobody(t, l.own), nil
	}
	if d, err = k.certain(ctx, l.at[0]); err != nil {
		return a, nil, nil, err
	}
	if a.ID != 0 && a.ID != l.at[0].ID {
		return a, nil, replaced(t, l.at[0]), nil
	}
	return l.at[0], d, retyped(t, l.at[0]), nil
}

// certain does not take an id on the list's word alone: what is removed from, or given to, another account
// cannot be taken back. An id that has no details can harm nobody; nil then.
func (k Hands) certain(ctx context.Context, a api.Account) (*api.Details, error) {
	d, err := k.detailsOf(ctx, a)
	switch {
	case provision.KindOf(err) == apiclient.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &d, nil
}

// detailsOf reads an account's details, which name its address: those of another account are an answer that
// does not fit, of the list or of the details, and no sight at all.
func (k Hands) detailsOf(ctx context.Context, a api.Account) (api.Details, error) {
	d, err := k.Client.Account(ctx, a.ID)
	if err == nil && a.Email != "" && d.Email != "" && !approvals.SameEmail(d.Email, a.Email) {
		return d, &apiclient.Error{Op: "read account", Kind: apiclient.Temporary,
			Err: fmt.Errorf("the list has id %d for another address than its details", a.ID)}
	}
	return d, err
}

// nobody says that the address has no account; the one that was meant may have another address now, which is
// nobody's business but the admins'.
func nobody(t provision.Task, own *api.Account) approvals.Text {
	email := t.Request.Change.Email
	if own != nil {
		return differs(t, farthest(t), approvals.Sayf("the request was about account %v of %v, and that account has another address now", own.ID, email))
	}
	return approvals.Sayf("There's no account for %v any more. %v `/access accounts` shows who has one.", email, farthest(t))
}

// replaced says that the address has passed to another account.
func replaced(t provision.Task, is api.Account) approvals.Text {
	return differs(t, farthest(t), approvals.Sayf("the request was about account %v of %v, and that address now has account %v", t.Account(), t.Request.Change.Email, is.ID))
}

// retyped says that the account is of another type than it was; nil where it is not, or the type was not known.
func retyped(t provision.Task, is api.Account) approvals.Text {
	was := t.Request.Change.Sort
	if was == "" || strings.EqualFold(was, is.Type) {
		return nil
	}
	return differs(t, farthest(t), approvals.Sayf("account %v of %v was %v, and is now %v", is.ID, is.Email, seatWords(was), seatWords(is.Type)))
}

func seatWords(kind string) string {
	switch kind {
	case api.TypeClient:
		return "a client seat, which sees only what is shared with it"
	case api.TypeUser:
		return "a user seat, which sees every website"
	case "":
		return "of a type it doesn't show"
	}
	return fmt.Sprintf("a %s seat", kind)
}

// differ compares the websites of a request with what has their numbers now, by name and by address, as far as
// each was known. sofar says how far the deed has come. nil: they are what they were.
func (k Hands) differ(ctx context.Context, t provision.Task, sofar approvals.Text) (approvals.Text, error) {
	list, err := k.Client.Sites(ctx)
	if err != nil {
		return nil, err
	}
	if len(t.Request.Change.Values.Items(keySites)) == 0 {
		return approvals.Sayf("When this was approved, it wasn't clear which websites it meant. %v Please ask again and name them the way SE Ranking does.", sofar), nil
	}
	var gone []catalog.Item
	var other []approvals.Text
	for _, was := range t.Request.Change.Values.Items(keySites) {
		i := slices.IndexFunc(list, func(s api.Site) bool { return s.ID == number(was.ID) })
		switch {
		case i < 0:
			gone = append(gone, was)
		case !sameSite(was, siteOf(list[i])) && len(other) < mostNamed:
			other = append(other, approvals.Sayf("website %v was %v and is now %v", was.ID, named(was), named(siteOf(list[i]))))
		}
	}
	if len(gone) > 0 {
		other = append(other, approvals.Sayf("SE Ranking doesn't have %v any more", provision.ItemNames(gone)))
	}
	if len(other) == 0 {
		return nil, nil
	}
	return differs(t, sofar, approvals.Join(other, "; ")), nil
}

// mostNamed is how many websites that are others now are named one by one.
const mostNamed = 5

func sameSite(was, is catalog.Item) bool {
	return (was.Host == "" || foldHost(was.Host) == foldHost(is.Host)) &&
		(was.Name == "" || strings.EqualFold(strings.TrimSpace(was.Name), strings.TrimSpace(is.Name)))
}

// foldHost is a website's host, also where its whole address was kept.
func foldHost(h string) string {
	h = strings.ToLower(strings.TrimSpace(h))
	if _, rest, found := strings.Cut(h, "://"); found {
		h = rest
	}
	h, _, _ = strings.Cut(h, "/")
	return approvals.PlainHost(strings.TrimPrefix(h, "www."))
}

// named is what a website is called, without its number.
func named(s catalog.Item) string {
	if s.Name == "" || s.Host == "" || s.Name == s.Host {
		return s.Short()
	}
	return s.Name + " – " + s.Host
}

// differs says what was approved and what is there now, how far it has come, and what to do.
func differs(t provision.Task, sofar, what approvals.Text) approvals.Text {
	if t.Over() {
		return approvals.Sayf("What this gave isn't there as it was: %v. %v If it should go, please take it away there; then an admin can try again.", what, sofar)
	}
	return approvals.Sayf("This isn't what was approved any more: %v. %v Still needed? Ask again, and the approver sees what's there now.", what, sofar)
}

// farthest is how far a deed may have come that stops.
func farthest(t provision.Task) approvals.Text {
	if t.Tried {
		return approvals.Sayf("I had already asked for it once, so please check there whether any of it was done. I haven't asked again.")
	}
	return approvals.Sayf("Nothing was done.")
}
