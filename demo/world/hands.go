package world

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"strings"

	"github.com/usherbot/usher/sim/door"
	"github.com/usherbot/usher/sim/vendorsim"
)

// byHand is what somebody does at a vendor; each deed uses some of it.
type byHand struct {
	Email    string `json:"email"`
	First    string `json:"first"`
	Last     string `json:"last"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	Role     string `json:"role"`
	Site     int64  `json:"site"`
	N        int64  `json:"n"`
	Sites    int64  `json:"sites"`
	Keywords int64  `json:"keywords"`
	List     string `json:"list"`
}

// Bounds of what is typed here: a number, and the bytes of all of it.
const (
	mostByHand = 1_000_000_000
	mostInput  = 1 << 20
)

// refusal is why something wasn't done by hand, in a sentence.
type refusal struct {
	status int
	say    string
}

func (r *refusal) Error() string { return r.say }

func cannot(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// nobody is about an address that has no account.
func nobody(email string) error {
	return cannot(http.StatusNotFound, "Nobody has the address “%s” here.", email)
}

// hand is one deed: at which neighbour, and what it does. It returns what was done, in a sentence, or why not.
type hand struct {
	at string
	do func(v *vendorsim.Vendor, in byHand) (string, error)
}

// hands are the deeds, by the last part of their path.
var hands = map[string]hand{
	"block":   {"seranking", func(v *vendorsim.Vendor, in byHand) (string, error) { return blocked(v, in.Email, true) }},
	"unblock": {"seranking", func(v *vendorsim.Vendor, in byHand) (string, error) { return blocked(v, in.Email, false) }},
	"add":     {"seranking", added},
	"limits":  {"seranking", limited},
	"delete":  {"seranking", deleted},
	"own":     {"seranking", owned},
	"seats":   {"seranking", bought},
	"invite":  {"semrush", invited},
	"accept":  {"semrush", accepted},
	"remove":  {"semrush", removed},
	"units":   {"semrush", metered},
	"list":    {"semrush", loaded},
}

// serveDeed takes a deed by hand.
func (w *World) serveDeed(out http.ResponseWriter, r *http.Request) {
	h, known := hands[r.PathValue("deed")]
	if !known {
		refuse(out, http.StatusNotFound, "There's nothing of that name to do here.")
		return
	}
	var in byHand
	if err := json.NewDecoder(http.MaxBytesReader(out, r.Body, mostInput)).Decode(&in); err != nil {
		refuse(out, http.StatusBadRequest, "This can't be read: %v", err)
		return
	}
	said, err := h.do(w.Vendor, in)
	if no, is := err.(*refusal); is {
		refuse(out, no.status, "%s", no.say)
		return
	}
	w.Wire.Hand(h.at, "By hand: "+said)
	door.Answer(out, http.StatusOK, map[string]string{"said": said})
}

func blocked(v *vendorsim.Vendor, email string, is bool) (string, error) {
	if !v.SetBlocked(email, is) {
		return "", nobody(email)
	}
	if is {
		return email + " is blocked by limits in SE Ranking.", nil
	}
	return email + " is no longer blocked in SE Ranking.", nil
}

// added is an account that nobody asked Usher for.
func added(v *vendorsim.Vendor, in byHand) (string, error) {
	in.Email, in.First = strings.ToLower(strings.TrimSpace(in.Email)), strings.TrimSpace(in.First)
	parsed, err := mail.ParseAddress(in.Email)
	_, taken := v.Account(in.Email)
	switch {
	case err != nil || parsed.Address != in.Email:
		return "", cannot(http.StatusBadRequest, "“%s” isn't an e-mail address.", in.Email)
	case in.First == "":
		return "", cannot(http.StatusBadRequest, "SE Ranking wants a first name.")
	case in.Type != vendorsim.TypeClient && in.Type != vendorsim.TypeUser:
		return "", cannot(http.StatusBadRequest, "An account is a client or a user.")
	case taken:
		return "", cannot(http.StatusConflict, "%s has an account already.", in.Email)
	}
	id := v.AddAccount(vendorsim.Account{Email: in.Email, FirstName: in.First, LastName: strings.TrimSpace(in.Last), Type: in.Type})
	return fmt.Sprintf("%s has a %s account in SE Ranking now, %d.", in.Email, in.Type, id), nil
}

// sane refuses a number that is out of bounds.
func sane(what string, n int64) error {
	if n < 0 || n > mostByHand {
		return cannot(http.StatusBadRequest, "%s can be 0 to %d.", what, mostByHand)
	}
	return nil
}

func limited(v *vendorsim.Vendor, in byHand) (string, error) {
	for what, n := range map[string]int64{"Websites": in.Sites, "Keywords": in.Keywords} {
		if err := sane(what, n); err != nil {
			return "", err
		}
	}
	if !v.Edit(in.Email, func(a *vendorsim.Account) { a.Limits.Site, a.Limits.Keyword = in.Sites, in.Keywords }) {
		return "", nobody(in.Email)
	}
	return fmt.Sprintf("%s can have %d websites and %d keywords in SE Ranking.", in.Email, in.Sites, in.Keywords), nil
}

// deleted goes behind Usher's back, and the websites go that the account owned.
func deleted(v *vendorsim.Vendor, in byHand) (string, error) {
	if !v.RemoveAccount(in.Email) {
		return "", nobody(in.Email)
	}
	return in.Email + "'s account in SE Ranking is deleted.", nil
}

// owned has a website belong to an account; without one, to the main account.
func owned(v *vendorsim.Vendor, in byHand) (string, error) {
	owner, whose := int64(0), "the main account"
	if in.Email != "" {
		a, there := v.Account(in.Email)
		if !there {
			return "", nobody(in.Email)
		}
		owner, whose = a.ID, a.Email
	}
	if !v.GiveSite(in.Site, owner) {
		return "", cannot(http.StatusNotFound, "There's no website %d here.", in.Site)
	}
	return fmt.Sprintf("Website %d belongs to %s in SE Ranking.", in.Site, whose), nil
}

// mostSeats is how many can be bought by hand.
const mostSeats = 10_000

func bought(v *vendorsim.Vendor, in byHand) (string, error) {
	if in.N < 1 || in.N > mostSeats {
		return "", cannot(http.StatusBadRequest, "Between 1 and %d seats can be bought.", mostSeats)
	}
	v.SetSeats(int(in.N))
	return fmt.Sprintf("SE Ranking lets %d accounts in.", in.N), nil
}

func invited(v *vendorsim.Vendor, in byHand) (string, error) {
	if _, there := memberOf(v, in.Email); there {
		return "", cannot(http.StatusConflict, "%s is in the list already.", in.Email)
	}
	if err := v.SetMember(vendorsim.Member{Email: in.Email, Name: in.Name, Role: in.Role, Status: vendorsim.MemberInvited}); err != nil {
		return "", cannot(http.StatusBadRequest, "Semrush says: %v.", err)
	}
	return strings.TrimSpace(in.Email) + " is invited to Semrush.", nil
}

func memberOf(v *vendorsim.Vendor, email string) (vendorsim.Member, bool) {
	for _, m := range v.Members() {
		if strings.EqualFold(m.Email, strings.TrimSpace(email)) {
			return m, true
		}
	}
	return vendorsim.Member{}, false
}

func accepted(v *vendorsim.Vendor, in byHand) (string, error) {
	m, there := memberOf(v, in.Email)
	if !there {
		return "", nobody(in.Email)
	}
	m.Status = vendorsim.MemberActive
	if err := v.SetMember(m); err != nil {
		return "", cannot(http.StatusBadRequest, "Semrush says: %v.", err)
	}
	return m.Email + " accepted the invitation to Semrush.", nil
}

func removed(v *vendorsim.Vendor, in byHand) (string, error) {
	if !v.RemoveMember(in.Email) {
		return "", nobody(in.Email)
	}
	return in.Email + " is no longer in Semrush. The seat stays paid.", nil
}

func metered(v *vendorsim.Vendor, in byHand) (string, error) {
	if err := sane("Units", in.N); err != nil {
		return "", err
	}
	v.SetUnits(in.N)
	return fmt.Sprintf("Semrush has %d units left.", in.N), nil
}

func loaded(v *vendorsim.Vendor, in byHand) (string, error) {
	if err := v.LoadMembers(in.List); err != nil {
		return "", cannot(http.StatusBadRequest, "Semrush's list stays as it is: %v.", err)
	}
	return fmt.Sprintf("Semrush's list is another now, of %d people.", len(v.Members())), nil
}
