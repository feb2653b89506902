package list

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// members are the rows by address: one that stands in several of them is one member.
func members(head row, rows []row, columns map[Column]int) List {
	out := List{Columns: map[Column]string{}}
	used := map[int]bool{}
	for c, i := range columns {
		out.Columns[c], used[i] = head.cells[i], true
	}
	for i, h := range head.cells {
		if !used[i] {
			out.Ignored = append(out.Ignored, h)
		}
	}
	known := map[string]int{}
	for _, r := range rows {
		m := memberOf(r, columns)
		if m.Email == "" {
			out.Skipped = append(out.Skipped, Skipped{r.number, cut(strings.Join(r.cells, " "))})
			continue
		}
		key := strings.ToLower(m.Email)
		if i, twice := known[key]; twice {
			out.Members[i].join(m)
			continue
		}
		known[key] = len(out.Members)
		out.Members = append(out.Members, m)
	}
	return out
}

func memberOf(r row, columns map[Column]int) Member {
	cell := func(c Column) string {
		if i, ok := columns[c]; ok && i < len(r.cells) {
			return r.cells[i]
		}
		return ""
	}
	m := Member{Email: address(cell(Email)), Role: cell(Role), Status: statusOf(cell(State)), LastActive: cell(LastActive), Rows: []int{r.number}}
	m.Name = nameOf(cell(Name), cell(First), cell(Last))
	m.Unpaid = has(unpaid, fold(cell(Paid)))
	m.Left, m.Number = date(cell(LeftOn)), cell(Number)
	if when := cell(InvitedOn); when != "" {
		m.Invited = date(when)
		if s := statusOf(when); m.Status == Unsaid && s != Unsaid {
			m.Status = s
		}
	}
	return m
}

// nameOf is a whole name, from the columns there are: “Nom” beside “Prénom” is a last name, “Name” beside “Surname” a first one.
func nameOf(name, first, last string) string {
	switch {
	case strings.Contains(name, " "), first == "" && last == "":
		return name
	case first == "":
		return strings.TrimSpace(name + " " + last)
	case last == "":
		return strings.TrimSpace(first + " " + name)
	}
	return first + " " + last
}

// join takes up a further row of the same address: where one of them says active, it is.
func (m *Member) join(o Member) {
	m.Rows = append(m.Rows, o.Rows...)
	if m.Name == "" {
		m.Name = o.Name
	}
	switch {
	case m.Role == "":
		m.Role = o.Role
	case o.Role != "" && !strings.Contains(" · "+m.Role+" · ", " · "+o.Role+" · "):
		m.Role += " · " + o.Role
	}
	if rank(o.Status) > rank(m.Status) {
		m.Status = o.Status
	}
	m.Unpaid = m.Unpaid && o.Unpaid
	if m.Invited.IsZero() {
		m.Invited = o.Invited
	}
	if m.LastActive == "" {
		m.LastActive = o.LastActive
	}
	if m.Left.Before(o.Left) || o.Left.IsZero() { // who came back is there by the row that says no end
		m.Left = o.Left
	}
}

// LastUsed is when somebody was last active, where that can be read.
func (m Member) LastUsed() time.Time { return date(m.LastActive) }

func rank(s Status) int { return map[Status]int{Unsaid: 0, Off: 1, Invited: 2, Active: 3}[s] }

// address is the address in a cell: alone, after mailto:, or in angle brackets behind a name; "": there is none.
func address(cell string) string {
	if _, rest, ok := strings.Cut(cell, "<"); ok {
		cell, _, _ = strings.Cut(rest, ">")
	}
	cell = strings.TrimSpace(cell)
	if len(cell) > 7 && strings.EqualFold(cell[:7], "mailto:") {
		cell = cell[7:]
	}
	local, domain, ok := strings.Cut(cell, "@")
	switch {
	case !ok, local == "", !strings.Contains(domain, "."), len(cell) > 254, strings.HasPrefix(domain, "."), strings.HasSuffix(domain, "."):
		return ""
	case strings.ContainsRune("=+-@", rune(local[0])), strings.Contains(domain, "@"):
		return ""
	case strings.ContainsFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>()[],;:\"|`+"`", r)
	}):
		return ""
	}
	return cell
}

// layouts are how exports write dates that cannot be read in two ways.
var layouts = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly, "2006/01/02", "02.01.2006", "02.01.2006 15:04",
	"Jan 2, 2006", "January 2, 2006", "2 Jan 2006", "2 January 2006", "02-Jan-2006", "Mon, 02 Jan 2006"}

// date reads a day, also as the number that a spreadsheet keeps of it; zero where it isn't clear which is meant, as of 03/04/2026.
func date(text string) time.Time {
	if days, err := strconv.ParseFloat(text, 64); err == nil && days > 30_000 && days < 80_000 {
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(days * 24 * float64(time.Hour))).Truncate(time.Second)
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
