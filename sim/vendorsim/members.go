package vendorsim

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
)

// Semrush has no API for the people in it: they are a list on its own page, which this is. A person sees it, invites, takes away, and
// exports it; no program can ask for it.

// The roles that can be given there, and how a member stands.
const (
	MemberUser    = "User"
	MemberAdmin   = "Admin"
	MemberActive  = "Active"
	MemberInvited = "Invited"
)

// Member is somebody in Semrush's own list.
type Member struct {
	Email  string `json:"email"`
	Name   string `json:"name"`
	Role   string `json:"role"`   // User or Admin
	Status string `json:"status"` // Active, or Invited until they have accepted
}

// maxMembers bounds what a list that is put there may hold.
const maxMembers = 10000

// Members lists them by address.
func (v *Vendor) Members() []Member {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.sortedMembers()
}

// sortedMembers is called with the lock held.
func (v *Vendor) sortedMembers() []Member {
	list := make([]Member, 0, len(v.members))
	for _, email := range slices.Sorted(maps.Keys(v.members)) {
		list = append(list, v.members[email])
	}
	return list
}

// SetMember puts a member there, or changes the one with this address; an error says what's wrong with it.
func (v *Vendor) SetMember(m Member) error {
	m.Email, m.Name = strings.ToLower(strings.TrimSpace(m.Email)), strings.TrimSpace(m.Name)
	m.Role, m.Status = cmp.Or(m.Role, MemberUser), cmp.Or(m.Status, MemberActive)
	parsed, err := mail.ParseAddress(m.Email)
	switch {
	case err != nil || parsed.Address != m.Email:
		return fmt.Errorf("%q isn't an e-mail address", m.Email)
	case m.Role != MemberUser && m.Role != MemberAdmin:
		return fmt.Errorf("%q is no role: there are %s and %s", m.Role, MemberUser, MemberAdmin)
	case m.Status != MemberActive && m.Status != MemberInvited:
		return fmt.Errorf("%q is no status: there are %s and %s", m.Status, MemberActive, MemberInvited)
	}
	v.change(func() { v.members[m.Email] = m })
	return nil
}

// RemoveMember takes one out of the list; false when there is none of this address.
func (v *Vendor) RemoveMember(email string) bool {
	email, found := strings.ToLower(strings.TrimSpace(email)), false
	v.change(func() {
		_, found = v.members[email]
		delete(v.members, email)
	})
	return found
}

// MembersCSV is the list as its page exports it.
func (v *Vendor) MembersCSV() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"Email", "Name", "Role", "Status"}) // a builder takes everything
	for _, m := range v.Members() {
		_ = w.Write([]string{m.Email, m.Name, m.Role, m.Status})
	}
	w.Flush()
	return b.String()
}

// LoadMembers makes an exported list the whole list: Email, and if they are there Name, Role and Status. An error names the
// line; then the list stays as it was.
func (v *Vendor) LoadMembers(text string) error {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	switch {
	case err != nil:
		return fmt.Errorf("read the list: %w", err)
	case len(rows) == 0 || !slices.Contains(rows[0], "Email"):
		return errors.New("the first line names no column Email")
	case len(rows) > maxMembers:
		return fmt.Errorf("the list has more than %d lines", maxMembers)
	}
	next := &Vendor{members: map[string]Member{}}
	for i, row := range rows[1:] {
		cell := func(column string) string {
			at := slices.Index(rows[0], column)
			if at < 0 {
				return ""
			}
			return row[at]
		}
		if err := next.SetMember(Member{Email: cell("Email"), Name: cell("Name"), Role: cell("Role"), Status: cell("Status")}); err != nil {
			return fmt.Errorf("line %d: %w", i+2, err)
		}
	}
	v.change(func() { v.members = next.members })
	return nil
}
