package vendorsim

import (
	"fmt"
	"slices"
)

// Quirks are the ways in which the documents disagree about SE Ranking and Semrush, as switches. The zero value is the documents'
// own first reading. They may be changed at any time (SetQuirks) and hold from the next request on.
type Quirks struct {
	AllCountNumber   bool     `json:"all_count_number"`   // all_count as a number; documented as a string
	SettingsKey      bool     `json:"settings_key"`       // details say "settings"; the examples say "setting"
	DetailsWithoutID bool     `json:"details_without_id"` // details leave account_id out
	NumbersAsStrings bool     `json:"numbers_as_strings"` // "3" for 3, everywhere but in is_active
	Booleans         string   `json:"booleans"`           // "" true and false | "strings" | "numbers" (1 yes, 0 no; email_verified 1 and 2)
	IDs              string   `json:"ids"`                // items of shared and owned lists: "" numbers | "strings" | "id" | "site_id" (objects)
	LowerEmails      bool     `json:"lower_emails"`       // addresses are shown in lower case, however they were given
	MaxPage          int      `json:"max_page"`           // the longest page of the list; 0: 100, as the default limit
	IgnoreOffset     bool     `json:"ignore_offset"`      // every page of the list is the first
	ShiftPages       int      `json:"shift_pages"`        // later pages begin so many accounts too late (those are never shown); below 0, too early (shown twice)
	AllCountOff      int      `json:"all_count_off"`      // all_count is so much too high, or, below 0, too low
	IgnoreUserID     bool     `json:"ignore_user_id"`     // unified details answer with the list (they share a path)
	WriteBody        string   `json:"write_body"`         // of update, delete, share: "" as documented | "[]" | "{[]}" | "{}" | "empty"
	WriteStatus      int      `json:"write_status"`       // of all writes: 200, 201 or 204 (a create then says 200: it has an id to tell); 0: 200
	Envelope         string   `json:"envelope"`           // of errors: "" the dialect's | "message" | "error" | "string" | "text" | "html"
	NoContentType    bool     `json:"no_content_type"`    // answers say text/plain, whatever they hold
	ShareForm        string   `json:"share_form"`         // body taken by share: "" the dialect's | "array" | "object" | "both" | "integer-adds" | "integer-replaces"
	ShareRefusal     int      `json:"share_refusal"`      // status for the other form: 400 or 422; 0: 400
	RefuseNoShares   bool     `json:"refuse_no_shares"`   // an empty list of sites is refused with 400
	SharesAdd        bool     `json:"shares_add"`         // a share adds to the set; documented (unified) to replace it
	DropAccess       []string `json:"drop_access"`        // known access codes that this vendor drops as if unknown
	DropType         bool     `json:"drop_type"`          // the type in a create or update is not looked at
	DropLimit        bool     `json:"drop_limit"`         // nor is the balance, amount and period
	DeleteUnknownOK  bool     `json:"delete_unknown_ok"`  // deleting an account that is not there is a success, not a 404
	NoPacing         bool     `json:"no_pacing"`          // requests may come as fast as they like
	UnifiedOff       bool     `json:"unified_off"`        // the unified dialect is not there: 404
	LegacyOff        bool     `json:"legacy_off"`         // the legacy host is switched off: 403 "No token" for every key

	UnitsForm     string `json:"units_form"`     // "" 48,210 | "plain" | "newline" | "nbsp" | "narrow"; see semrush.go
	UnitsBody     string `json:"units_body"`     // answered instead of the balance, as it stands
	TrendsBody    string `json:"trends_body"`    // answered instead of the Trends limits
	SemrushStatus int    `json:"semrush_status"` // status of Semrush's error answers; 0: 200
}

// The forms of a share that take one website a request; what it does to those shared before is in the name.
const (
	integerAdds     = "integer-adds"
	integerReplaces = "integer-replaces"
)

// Quirks returns the present switches.
func (v *Vendor) Quirks() Quirks {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.quirks.clone()
}

// SetQuirks replaces all switches.
func (v *Vendor) SetQuirks(q Quirks) { v.change(func() { v.quirks = q.clone() }) }

// check finds the first switch whose value means nothing.
func (q Quirks) check() error {
	for _, s := range []struct {
		name, value string
		allowed     []string
	}{
		{"booleans", q.Booleans, []string{"", "strings", "numbers"}},
		{"ids", q.IDs, []string{"", "strings", "id", "site_id"}},
		{"write_body", q.WriteBody, []string{"", "[]", "{[]}", "{}", "empty"}},
		{"envelope", q.Envelope, []string{"", "message", "error", "string", "text", "html"}},
		{"share_form", q.ShareForm, []string{"", "array", "object", "both", integerAdds, integerReplaces}},
		{"units_form", q.UnitsForm, []string{"", "plain", "newline", "nbsp", "narrow"}},
	} {
		if !slices.Contains(s.allowed, s.value) {
			return fmt.Errorf("check quirks: %s %q is none of %q", s.name, s.value, s.allowed)
		}
	}
	return nil
}

func (q Quirks) clone() Quirks {
	q.DropAccess = slices.Clone(q.DropAccess)
	return q
}
