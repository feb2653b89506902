package approvals

import (
	"fmt"
	"slices"
)

// Was is what was read at the vendor of the account that a change is about, as far as its card speaks of it: what
// goes with an account that is removed, what an update replaces. It is kept with the request, so that every later
// word of it says the same, and the deed holds what it replaces against what is there.
type Was struct {
	// Shared and Owned are websites of an account to be removed; of a great many the first alone, and Shares and
	// Owns count all.
	Shared []Site `json:"shared,omitempty"`
	Shares int    `json:"shares,omitempty"`
	Owned  []Site `json:"owned,omitempty"`
	Owns   int    `json:"owns,omitempty"`
	// Access and the money limit are those of an account to be changed. HasAccess and HasLimit say that they could
	// be read; a limit without a period is none.
	Access    []Permission `json:"access,omitempty"`
	HasAccess bool         `json:"has_access,omitempty"`
	Amount    int          `json:"amount,omitempty"`
	Period    string       `json:"period,omitempty"`
	HasLimit  bool         `json:"has_limit,omitempty"`
}

// Permission is one permission: the vendor's code, and what people call it.
type Permission struct {
	Code  string `json:"code"`
	Label string `json:"label,omitempty"`
	// Restricts is set for one that takes something away from whoever has it.
	Restricts bool `json:"restricts,omitempty"`
}

// Name is what people call it; a code that nobody has a name for is called that.
func (p Permission) Name() string {
	if p.Label != "" {
		return p.Label
	}
	return p.Code
}

// Permissions are those that a change asks for, by name where they had one when it was asked.
func (c Change) Permissions() []Permission { return PermissionsOf(c.Access, c.Named) }

// PermissionsOf are codes with what is known of them.
func PermissionsOf(codes []string, known []Permission) []Permission {
	var out []Permission
	for _, code := range codes {
		p := Permission{Code: code}
		if i := slices.IndexFunc(known, func(k Permission) bool { return k.Code == code }); i >= 0 {
			p = known[i]
		}
		out = append(out, p)
	}
	return out
}

// Was is what was read of the account before; nil where nothing was.
func (r Request) Was() *Was {
	if r.Look == nil {
		return nil
	}
	return r.Look.Was
}

// Settings are the permissions and the money limit that a change asks for, a line each.
func (c Change) Settings() []Text {
	var lines []Text
	if c.HasAccess {
		lines = append(lines, Sayf("*Permissions* %v", Names(c.Permissions())))
	}
	if c.HasLimit {
		lines = append(lines, c.limited(Sayf("*Money limit* %v, in the account's currency", Limit(c.Amount, c.Period))))
	}
	return lines
}

// Alters says what an update does to an account's permissions and money limit, a line each, by what people call
// them: what it takes away first, then what it gives, then how it was and how it will be.
func (r Request) Alters() []Text {
	var lines []Text
	if r.Change.HasAccess {
		lines = r.accessAlters()
	}
	if r.Change.HasLimit {
		lines = append(lines, r.limitAlters())
	}
	return lines
}

func (r Request) accessAlters() []Text {
	is, was := r.Change.Permissions(), r.Was()
	switch known := was != nil && was.HasAccess; {
	case !known && len(is) == 0:
		return []Text{Sayf("*Takes away* every permission")}
	case !known:
		return []Text{Sayf("*Permissions* exactly these, all others are taken away: %v", Names(is))}
	}
	lost, got := without(was.Access, is), without(is, was.Access)
	var lines []Text
	for _, part := range []struct {
		head string
		list []Permission
	}{
		{"*Takes away* %v", thatGive(lost, true)}, {"*Restricts* %v", thatGive(got, false)},
		{"*Gives* %v", thatGive(got, true)}, {"*Lifts* %v", thatGive(lost, false)},
	} {
		if len(part.list) > 0 {
			lines = append(lines, Sayf(part.head, Names(part.list)))
		}
	}
	if len(lines) == 0 {
		return []Text{Sayf("*Permissions* %v, as they are now", Names(is))}
	}
	return append(lines, Sayf("*Permissions* %v → %v", Names(was.Access), Names(is)))
}

func (r Request) limitAlters() Text {
	c, was := r.Change, r.Was()
	is := Limit(c.Amount, c.Period)
	if was == nil || !was.HasLimit {
		return c.limited(Sayf("*Money limit* %v, in the account's currency", is))
	}
	if before := Limit(was.Amount, was.Period); before != is {
		return c.limited(Sayf("*Money limit* %v → %v, in the account's currency", before, is))
	}
	return c.limited(Sayf("*Money limit* %v in the account's currency, as it is now", is))
}

// limited is a line about a change's limit, with what nobody outside knows of one of 0.
func (c Change) limited(line Text) Text {
	if c.Amount != 0 || c.Period == "" {
		return line
	}
	return Sayf("%v. %v", line, NoAmount)
}

// NoAmount says what is known of a money limit of 0.
const NoAmount = "The vendor doesn't say whether 0 means no limit or nothing allowed."

// Limit is a money limit without its currency: "50 a month".
func Limit(amount int, period string) string {
	if period == "" {
		return "none"
	}
	return fmt.Sprintf("%d a %s", amount, clip(period))
}

// Names are permissions by name, up to mostCodes of them.
func Names(list []Permission) string {
	const mostCodes = 40
	if len(list) == 0 {
		return "none"
	}
	out := ""
	for i, p := range list {
		switch {
		case i == mostCodes:
			return fmt.Sprintf("%s and %d more", out, len(list)-mostCodes)
		case i > 0:
			out += ", "
		}
		out += clip(p.Name())
	}
	return out
}

// clip cuts what a vendor may have made longer than any name is.
func clip(s string) string {
	const longest = 60
	if r := []rune(s); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return s
}

// without are those of a that are not in b.
func without(a, b []Permission) []Permission {
	return slices.DeleteFunc(slices.Clone(a), func(p Permission) bool {
		return slices.ContainsFunc(b, func(o Permission) bool { return o.Code == p.Code })
	})
}

// thatGive are those that give something to whoever has them, or those that do not.
func thatGive(list []Permission, give bool) []Permission {
	return slices.DeleteFunc(slices.Clone(list), func(p Permission) bool { return p.Restricts == give })
}
