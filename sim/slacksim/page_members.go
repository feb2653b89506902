package slacksim

import "slices"

// PageMembers is the part of Slack's admin pages that this page has: a persona deactivates members and brings them back, puts them into a
// user group and takes them out.
type PageMembers struct {
	By    string   // the persona, by user id
	Who   []string // whom, by user id
	Group string   // the user group, by its id
}

// pageMembers are those whom somebody manages.
type pageMembers struct {
	Who    []pageMember `json:"who"`
	Handle string       `json:"handle"` // of the user group; empty: there is none
}

type pageMember struct {
	ID string `json:"id"`
	In bool   `json:"in"` // they are in the group
}

// managed are those whom somebody manages; nil: nobody.
func (p *Page) managed(by string) *pageMembers {
	m := p.opts.Members
	if m == nil || m.By != by {
		return nil
	}
	group := p.managedGroup()
	out := &pageMembers{Handle: group.Handle}
	for _, id := range m.Who {
		out.Who = append(out.Who, pageMember{ID: id, In: slices.Contains(group.Users, id)})
	}
	return out
}

func (p *Page) managedGroup() (g Group) {
	for _, g := range p.server.Groups() {
		if g.ID == p.opts.Members.Group {
			return g
		}
	}
	return g
}

// manages are what an admin does with a member; on who is so already it does nothing.
var manages = map[string]func(p *Page, id string){
	"deactivate": func(p *Page, id string) { p.active(id, false) },
	"activate":   func(p *Page, id string) { p.active(id, true) },
	"add": func(p *Page, id string) {
		if g := p.managedGroup(); !slices.Contains(g.Users, id) {
			g.Users = append(slices.Clone(g.Users), id)
			p.server.AddGroup(g)
		}
	},
	"remove": func(p *Page, id string) {
		if g := p.managedGroup(); slices.Contains(g.Users, id) {
			g.Users = slices.DeleteFunc(slices.Clone(g.Users), func(other string) bool { return other == id })
			p.server.AddGroup(g)
		}
	},
}

func (p *Page) active(id string, active bool) {
	if u, known := p.server.User(id); known && u.Deleted == active {
		p.server.Deactivate(id, !active)
	}
}

// manage is an admin who does something with some members.
func (p *Page) manage(in pageInput) *Delivery {
	do, theirs := manages[in.Does], p.managed(in.As)
	if theirs == nil || do == nil || slices.ContainsFunc(in.Users, func(id string) bool { return !slices.Contains(p.opts.Members.Who, id) }) {
		p.server.mu.Lock()
		defer p.server.mu.Unlock()
		return p.server.stillborn("not_an_admin")
	}
	for _, id := range in.Users {
		do(p, id)
	}
	return nil
}
