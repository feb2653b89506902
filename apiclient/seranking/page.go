package seranking

import "context"

// Mark is where a reading of the list stands between two pages; its zero value is the beginning. It may be kept, and the
// reading gone on with in another life of the program.
type Mark struct {
	Offset int
	// Total is what the page before said there are; 0: nothing.
	Total int
	// Again says that the page is gone back for.
	Again bool
	// Over says that the page begins with the last account of the one before.
	Over bool
	// Until is how far the list was read before it was gone back: what lies before that is gone back for.
	Until int
}

// Page is one page of the list of sub-accounts.
type Page struct {
	Accounts []Account
	// Total is how many there are by this page's word; 0: it does not say. It is a hint.
	Total int
	// Next is where to go on; nil: the vendor shows no more.
	Next *Mark
	// Again says that the page was gone back for: that nothing in it is new says nothing.
	Again bool
	// Over says that its first account is the last one of the page before, unless the list has moved since: where it hasn't come before,
	// those behind the page before have moved up and out of sight, and Back is where to go on instead; nil: it can't be told.
	Over bool
	Back *Mark
	// Known is how many of its first accounts stand where the list was read before: that they come again says nothing.
	Known int
}

// mostBack is how far a reading goes back at once. Less than a page, so that it always gets on, whatever a vendor counts.
const mostBack = pageSize / 2

// AccountsPage reads one page. Whoever reads the list so, and goes Back where the first account of a page shows that it has moved, sees each
// account that stays in it, and some twice that moved meanwhile. A page with nothing new that was not gone back for is that of a
// server that ignores the offset (Whole).
func (c *Client) AccountsPage(ctx context.Context, at Mark) (Page, error) {
	d, err := c.Dialect(ctx)
	if err != nil {
		return Page{}, err
	}
	p, err := c.page(ctx, d, at)
	if err != nil {
		return p, err
	}
	return at.overlaps(p), nil
}

// overlaps has the page after this one begin with the last account of this one.
func (m Mark) overlaps(p Page) Page {
	end := m.Offset + len(p.Accounts)
	p.Again = p.Again || end <= m.Until
	if p.Over = m.Over && m.Offset > 0; p.Over {
		back := max(m.Offset-max(min(len(p.Accounts)/2, mostBack), 1), 0)
		p.Back = &Mark{Offset: back, Total: p.Total, Again: true, Over: back > 0, Until: max(end, m.Until)}
	}
	if p.Known = min(max(m.Until-m.Offset, 0), len(p.Accounts)); p.Over && len(p.Accounts) > 0 {
		p.Known = max(p.Known, 1)
	}
	if p.Next == nil {
		return p
	}
	if p.Next.Until = max(m.Until, end); !p.Next.Again {
		p.Next.Until = m.Until
	}
	if !p.Next.Again && len(p.Accounts) > 1 {
		p.Next.Offset--
		p.Next.Over = true
	}
	return p
}

// Whole reports whether so many accounts are the list of a server that repeats its pages: as many as it says there are, or,
// where it does not say, more than one page has room for.
func Whole(seen, total int) bool {
	return total > 0 && total <= seen || total <= 0 && seen > pageSize
}

// leads is what an answer is as the page at a mark. The last one is an empty one, or a short one unless the total promises more (a
// server may cap its pages lower than we ask). Where the total has become smaller since the page before, accounts
// went and those behind them moved up, over the offset and out of sight: they are gone back for.
func (m Mark) leads(p page) Page {
	out := Page{Accounts: p.accounts, Total: max(p.total, 0), Again: m.Again}
	fewer := m.Total - out.Total
	if m.Offset > 0 && out.Total > 0 && fewer > 0 {
		out.Next = &Mark{Offset: max(m.Offset-min(fewer, mostBack), 0), Total: out.Total, Again: true}
		return out
	}
	next := Mark{Offset: m.Offset + len(p.accounts), Total: out.Total}
	short := len(p.accounts) < pageSize
	if len(p.accounts) > 0 && !(short && p.total <= next.Offset) {
		out.Next = &next
	}
	return out
}
