package commands

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
)

// app finds the app a command is about: the one that was named (by its short name or its full one),
// else the only one, else "seranking", else the first. cmd is repeated in the answer to a name
// nobody knows.
func (h *House) app(typed string, cmd Command) (approvals.App, error) {
	apps := h.Inventory.Apps()
	if len(apps) == 0 {
		return approvals.App{}, approvals.Refuse(approvals.Unavailable, "No app is set up yet. An admin adds one under `apps` in usher.yml.")
	}
	var ids []string
	for _, a := range apps {
		if typed != "" && (strings.EqualFold(a.ID, typed) || strings.EqualFold(a.Name, typed)) {
			return a, nil
		}
		ids = append(ids, a.ID)
	}
	if typed == "" {
		return apps[max(slices.Index(ids, "seranking"), 0)], nil
	}
	head := approvals.Sayf("I don't know the app “%v”. I have: `%v`.", short(typed), strings.Join(ids, ", "))
	reply := Reply{Head: head}
	if guess := nearest(typed, ids); guess != "" {
		reply.Head = approvals.Sayf("I don't know the app “%v”. Did you mean `%v`?", short(typed), guess)
		reply.Lines = []approvals.Text{approvals.Sayf("I have: `%v`.", strings.Join(ids, ", "))}
		reply.Examples = []string{strings.Replace(cmd.Typed(), "app="+quotedValue(typed), "app="+guess, 1)}
	}
	return approvals.App{}, &stop{reply}
}

// settle puts permissions and limits into a change, once they fit its type of seat. again writes the command
// with other settings.
func (h *House) settle(s settings, again func(settings) string, c *approvals.Change) error {
	return h.settleFor(s, again, c, c.Type)
}

// settleFor is settle for a seat whose type does not stand in the change.
func (h *House) settleFor(s settings, again func(settings) string, c *approvals.Change, kind approvals.SeatType) error {
	access, err := h.access(s, again)
	if err != nil {
		return err
	}
	c.Access, c.HasAccess, c.Named = access, s.hasAccess, h.named(access)
	c.Amount, c.Period, c.HasLimit = s.amount, s.period, s.hasLimit
	return h.fitting(access, kind)
}

// access checks permission codes against the known ones and writes them as these are written. The
// vendor drops an unknown code without a word (facts 1.4), so a slip has to be caught here.
func (h *House) access(s settings, again func(settings) string) ([]string, error) {
	var out []string
	for _, typed := range s.access {
		code, ok := h.code(typed)
		if !ok {
			return nil, &stop{h.unknownCode(typed, s, again)}
		}
		if !slices.Contains(out, code.Code) {
			out = append(out, code.Code)
		}
	}
	return out, nil
}

// code finds a permission as people type it: in any case, with hyphens, in the vendor's own
// spelling ("report_sheduled", sic).
func (h *House) code(typed string) (AccessCode, bool) {
	plain := func(s string) string {
		s = strings.ReplaceAll(strings.ToLower(s), "-", "_")
		return strings.ReplaceAll(s, "sheduled", "scheduled")
	}
	i := slices.IndexFunc(h.Access, func(a AccessCode) bool { return plain(a.Code) == plain(typed) })
	if i < 0 {
		return AccessCode{}, false
	}
	return h.Access[i], true
}

// unknownCode answers a permission nobody knows with the nearest that exists, and with the command in
// which every permission is known.
func (h *House) unknownCode(typed string, s settings, again func(settings) string) Reply {
	var codes, kept []string
	for _, a := range h.Access {
		codes = append(codes, a.Code)
	}
	for _, t := range s.access {
		if _, known := h.code(t); !known {
			t = nearest(t, codes)
		}
		if t != "" && !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	if s.access = kept; len(kept) == 0 {
		s.access = codes[:min(len(codes), 1)]
	}
	reply := Reply{
		Head:     approvals.Sayf("I don't know the permission `%v`, so nothing was sent.", short(typed)),
		Lines:    []approvals.Text{approvals.Sayf("Known permissions: %v.", strings.Join(codes, ", "))},
		Examples: []string{again(s)},
	}
	if guess := nearest(typed, codes); guess != "" {
		reply.Head = approvals.Sayf("I don't know the permission `%v`. Did you mean `%v`? Nothing was sent.", short(typed), guess)
	}
	return reply
}

// fitting refuses what only a client seat understands on a seat of the type user.
func (h *House) fitting(access []string, kind approvals.SeatType) error {
	for _, c := range access {
		if code, _ := h.code(c); code.Restricts && kind == approvals.UserSeat {
			return approvals.Refuse(approvals.Invalid, "`%v` (%v) takes something away and only works on client seats. Please leave it out; nothing was sent.", code.Code, code.Label)
		}
	}
	return nil
}

// named are permissions as people read them.
func (h *House) named(codes []string) []approvals.Permission {
	var known []approvals.Permission
	for _, typed := range codes {
		if c, ok := h.code(typed); ok {
			known = append(known, approvals.Permission{Code: c.Code, Label: c.Label, Restricts: c.Restricts})
		}
	}
	return known
}

// label is a permission as people read it.
func (h *House) label(code string) string {
	if known := h.named([]string{code}); len(known) > 0 {
		return known[0].Name()
	}
	return code
}
