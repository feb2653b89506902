package view

import "github.com/usherbot/usher/approvals"

// allSites and fewSites are how many websites are named one by one: all that a card has room for
// while somebody must decide, and a handful in what only reminds of it.
const (
	allSites = 60
	fewSites = 5
	inline   = 3 // so many stand in one line
)

// changes says exactly what a request alters, a line each, as far as its title does not; sites is how
// many websites are named.
func changes(r approvals.Request, sites int) []approvals.Text {
	c := r.Change
	switch r.Action {
	case approvals.Create:
		lines := []approvals.Text{given(c)}
		if len(c.Sites) > 0 {
			lines = append(lines, siteLines("Shares", c, sites)...)
		}
		return append(lines, c.Settings()...)
	case approvals.Share:
		return siteLines("Shares", c, sites)
	case approvals.Unshare:
		return siteLines("Stops sharing", c, sites)
	case approvals.Update:
		return r.Alters()
	case approvals.Delete:
		return removal(r, sites)
	}
	return nil
}

// pinned names the account that is meant as the vendor does, since an address can pass to another one: the deed
// is done on this one or not at all. It stands on cards only: who asked may not be somebody to see it.
func pinned(r approvals.Request) approvals.Text {
	c := r.Change
	switch {
	case c.Account == 0 || r.Action == approvals.Create:
		return nil
	case c.Type == approvals.ClientSeat || c.Type == approvals.UserSeat:
		return say("*Account* %v, a %v seat", c.Account, string(c.Type))
	}
	return say("*Account* %v", c.Account)
}

// wouldChange is everything somebody should know of a change before it is decided: what it alters, and
// what it leaves alone.
func wouldChange(r approvals.Request) []approvals.Text {
	lines := changes(r, allSites)
	switch r.Action {
	case approvals.Share:
		return append(lines, say("Everything already shared stays shared."))
	case approvals.Unshare:
		return append(lines, say("Every other website stays as it is."))
	case approvals.Delete:
		return append(lines, forGood(r)...)
	}
	return lines
}

// given says what a new seat lets its holder do. A user seat is not limited by what is shared with
// it (facts: the vendor's manifest), and whoever approves one must know.
func given(c approvals.Change) approvals.Text {
	who := say("%v", holder(c))
	if lang := clip(c.Lang, 8); lang != "" {
		who = say("%v (language: %v)", who, lang)
	}
	switch {
	case c.Type == approvals.UserSeat:
		return say("*Gives* %v a user seat. *It sees every website*, and can edit and delete them.", who)
	case c.Type == approvals.ClientSeat && len(c.Sites) == 0:
		return say("*Gives* %v a client seat, which sees only the websites shared with it: none yet.", who)
	case c.Type == approvals.ClientSeat:
		return say("*Gives* %v a client seat, which sees only the websites shared with it.", who)
	}
	return say("*Gives* %v a seat.", who)
}

// siteLines names websites after a verb: "*Shares* 2 websites: …".
func siteLines(verb string, c approvals.Change, most int) []approvals.Text {
	return listed(say("*%v* %v:", verb, count(len(c.Sites)+len(c.Words), "website", "websites")), siteNames(c, most))
}

// listed puts one name into the line of its head, and more of them below.
func listed(head approvals.Text, names []approvals.Text) []approvals.Text {
	if len(names) == 1 {
		return []approvals.Text{say("%v %v", head, names[0])}
	}
	return append([]approvals.Text{head}, names...)
}

// siteNames are a few websites in one line, more of them one a line, and how many are left out. Of which it is
// not known yet which are meant, stand last, in the words that were typed.
func siteNames(c approvals.Change, most int) []approvals.Text {
	names := labels(c.Sites, most)
	for _, w := range c.Words[:min(len(c.Words), most-len(names))] {
		names = append(names, say("“%v”", clip(w, siteLength)))
	}
	return inLines(names, len(c.Sites)+len(c.Words))
}

// labels are up to so many websites by name.
func labels(sites []approvals.Site, most int) []approvals.Text {
	var names []approvals.Text
	for _, s := range sites[:min(len(sites), most)] {
		name := say("%v", clip(s.Label(), siteLength))
		if s.Paused {
			name = say("%v, paused", name)
		}
		names = append(names, name)
	}
	return names
}

// inLines puts all there are into one line where they are few, else one into a line, and says how many have no name.
func inLines(names []approvals.Text, all int) []approvals.Text {
	if all <= inline {
		return []approvals.Text{approvals.Join(names, " · ")}
	}
	for i, n := range names {
		names[i] = say("• %v", n)
	}
	if rest := all - len(names); rest > 0 {
		names = append(names, say("and %v more", rest))
	}
	return names
}

// full reports whether a new seat is asked for where none is free.
func full(r approvals.Request) bool {
	return r.Action == approvals.Create && r.Seats.Of > 0 && r.Seats.Used >= r.Seats.Of
}

// seats says what the request does to the number of seats in use: "18 of 25 used → 19 · checked <time>";
// nothing where it does nothing to it.
func seats(r approvals.Request) approvals.Text {
	s := r.Seats
	if r.Action != approvals.Create && r.Action != approvals.Delete {
		return nil
	}
	if s.Used < 0 {
		return say("*Seats* couldn't be read")
	}
	if s.At.IsZero() {
		return nil
	}
	line := say("*Seats* %v used", s.Used)
	if s.Of > 0 {
		line = say("*Seats* %v of %v used", s.Used, s.Of)
	}
	switch {
	case full(r):
		line = say("%v → %v: *none is free*", line, s.Used+1)
	case r.Action == approvals.Create:
		line = say("%v → %v", line, s.Used+1)
	default:
		line = say("%v → %v", line, max(s.Used-1, 0))
	}
	return say("%v · checked %v", line, s.At)
}
