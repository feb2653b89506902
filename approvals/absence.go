package approvals

import (
	"slices"
	"time"
)

// While somebody who is named on a step is away, their deputy may decide in their place: one hop, for whoever stands in
// for somebody is not named themselves. The deputy is judged as everybody is, and so is whom they stand for: nobody
// decides by a deputy what they could not decide themselves. Their yes is their own, and fills that one place. It stays
// one when the absence is over, because it was given while it lasted.

// Absence is that somebody is away, and who decides in their place meanwhile.
type Absence struct {
	Person PersonID `json:"person"`
	// Deputy decides in their place; "": nobody does.
	Deputy PersonID  `json:"deputy,omitempty"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
	// Over says of one that is kept with a request that it has ended: what its deputy has follows the request still.
	Over bool `json:"over,omitempty"`
}

// same reports whether two absences are one, so that nothing moves.
func (a Absence) same(b Absence) bool {
	return a.Person == b.Person && a.Deputy == b.Deputy && a.Until.Equal(b.Until) && a.Over == b.Over
}

// Text says it in a line: "<@U0BOB> is away until 1 Dec; <@U0DANA> decides for them".
func (a Absence) Text() Text {
	if a.Deputy == "" {
		return Sayf("%v is away until %v", a.Person, a.Until)
	}
	return Sayf("%v is away until %v; %v decides for them", a.Person, a.Until, a.Deputy)
}

// absencesNow are those that a request under a rule keeps, by the table of them all: who is named and away, and the
// deputies of before, who have something of it.
func (r Request) absencesNow(rule Rule, table []Absence, now time.Time) (out []Absence) {
	named := rule.all().People()
	for _, a := range table {
		if now.Before(a.Until) && slices.Contains(named, a.Person) {
			out = append(out, a)
		}
	}
	for _, was := range r.Away {
		stands := slices.ContainsFunc(out, func(a Absence) bool { return a.Person == was.Person && a.Deputy == was.Deputy })
		if was.Over = true; !stands && was.Deputy != "" {
			out = append(out, was)
		}
	}
	return out
}

// Absent are those named on a step, counted from 0, who are away, as far as was kept. A deputy who could never decide
// it is none, nor one who, when last seen, could not decide any more.
func (r Request) Absent(step int) (out []Absence) {
	for _, a := range r.absentOn(step) {
		if r.isGone(string(a.Person)) {
			continue
		}
		if r.isGone(string(a.Deputy)) {
			a.Deputy = ""
		}
		out = append(out, a)
	}
	return out
}

// absentOn is Absent whatever was seen of them: who is back may decide.
func (r Request) absentOn(step int) (out []Absence) {
	stage := r.Stages()[step].without(r.gainers()...)
	for _, a := range r.Away {
		if a.Over || !slices.Contains(stage.People(), a.Person) {
			continue
		}
		if slices.Contains(r.gainers(), a.Deputy) {
			a.Deputy = ""
		}
		out = append(out, a)
	}
	return out
}

// asOf is the request without the absences that have ended by then, though nobody has taken it down yet.
func (r Request) asOf(now time.Time) Request {
	r.Away = slices.Clone(r.Away)
	for i, a := range r.Away {
		r.Away[i].Over = a.Over || !now.Before(a.Until)
	}
	return r
}

// deputies are those who stand, or stood, for somebody named on a step, each once.
func (r Request) deputies(step int) (out []PersonID) {
	named := r.Stages()[step].without(r.gainers()...).People()
	for _, a := range r.Away {
		own := a.Deputy == "" || slices.Contains(r.gainers(), a.Deputy)
		if !own && slices.Contains(named, a.Person) && !slices.Contains(out, a.Deputy) {
			out = append(out, a.Deputy)
		}
	}
	return out
}

// Stood reports whether somebody stands, or stood, for another about a request.
func (r Request) Stood(id PersonID) bool {
	return id != "" && slices.ContainsFunc(r.Away, func(a Absence) bool { return a.Deputy == id })
}

// Deputies are those who decide a step of a request in the place of who is away, each once.
func (s Stage) Deputies() (out []PersonID) {
	for _, a := range s.away {
		if a.Deputy != "" && slices.Contains(s.People(), a.Person) && !slices.Contains(out, a.Deputy) {
			out = append(out, a.Deputy)
		}
	}
	return out
}

// here are those a step waits for: who it names and is not away, and the deputies of who is.
func (s Stage) here() (out []string) {
	for _, a := range s.Approvers {
		if _, away := absenceOf(s.away, PersonID(a)); !away {
			out = append(out, a)
		}
	}
	for _, d := range s.Deputies() {
		if !slices.Contains(out, string(d)) {
			out = append(out, string(d))
		}
	}
	return out
}

// standsSince is from when on the present step has waited for somebody as a deputy; zero: it does not.
func (r Request) standsSince(who string) (since time.Time) {
	for _, a := range r.Absent(r.Present()) {
		at := a.Since
		if asked := r.namedAt(string(a.Person)); asked.After(at) {
			at = asked
		}
		if string(a.Deputy) == who && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	return since
}

// inPlace answers whether somebody may decide the present step in the place of another, and in whose. More than one may
// be away with them as deputy: the first whose place is free.
func (r Request) inPlace(id PersonID, f Facts) (in Absence, ruling Ruling, say Text) {
	ruling = MayNot
	step := r.Present()
	for _, a := range r.absentOn(step) {
		if a.Deputy != id || id == "" {
			continue
		}
		got, why := r.place(step, a.Person, f)
		if got == May {
			got, why = r.placeFree(step, a.Person)
		}
		if got == May {
			return a, May, nil
		}
		if ruling == MayNot {
			ruling, say = got, why
		}
	}
	return Absence{}, ruling, say
}

// place answers whether somebody's place on a step can be filled by a deputy: they are named there, and could decide it
// themselves.
func (r Request) place(step int, of PersonID, f Facts) (Ruling, Text) {
	who, known := f.People[of]
	own := gains(r, Actor(of), f)
	switch {
	case slices.Contains(r.gainers(), of) || own == MayNot:
		return MayNot, Sayf("%v, who you decide for, would gain from #%v, so nobody decides it in their place.", of, r.Number)
	case !slices.Contains(r.Stages()[step].People(), of):
		return MayNot, Sayf("%v, who you decide for, doesn't decide this step of #%v.", of, r.Number)
	case known && !who.Full():
		return MayNot, Sayf("%v, who you decide for, can't approve any more, so nobody decides #%v in their place.", of, r.Number)
	case !known || own == CouldNotTell:
		return CouldNotTell, Sayf("I couldn't check with Slack whether %v, who you decide for, could decide #%v, so it stays as it is. Please try again in a minute.", of, r.Number)
	}
	return May, nil
}

// placeFree answers whether a place is still to be filled: nobody has said yes in it, and whose it is has not decided an
// earlier step that others must follow.
func (r Request) placeFree(step int, of PersonID) (Ruling, Text) {
	if ruling, _ := distinct(r, Actor(of)); ruling != May {
		return MayNot, Sayf("%v, who you decide for, decided another step of #%v, so somebody else must decide this one: %v.", of, r.Number, r.Deciders())
	}
	for _, v := range r.Votes {
		if v.Step == step && v.Yes && v.of() == of {
			return MayNot, Sayf("%v has said yes to #%v in that place already.", v.By.Text(), r.Number)
		}
	}
	return May, nil
}

// of is whose place a vote fills: the voter's own, or that of whom they stood for.
func (v Vote) of() PersonID {
	if v.For != "" {
		return v.For
	}
	return v.By.Person()
}

// by is who voted and, of a deputy, for whom: for the audit log.
func (v Vote) by() string {
	if v.For == "" {
		return string(v.By)
	}
	return string(v.By) + " for " + string(v.For) + ", who is away until " + v.Until.UTC().Format(time.RFC3339) + ","
}

// Voter names somebody who voted and, where they did so as a deputy, for whom.
func (r Request) Voter(a Actor) Text {
	for _, v := range r.Votes {
		if v.By == a && v.For != "" {
			return Sayf("%v (for %v, who is away until %v)", a.Text(), v.For, v.Until)
		}
	}
	return a.Text()
}

// stands is a vote with whom it stands for, where its voter may not decide the step themselves.
func (r Request) stands(v Vote, f Facts) Vote {
	v.For, v.Until = "", time.Time{}
	if v.Step != r.Present() || v.By.Person() == "" {
		return v
	}
	if ruling, _ := inStep(r, v.Step, v.By.Person(), f); ruling == May {
		return v
	}
	if in, ruling, _ := r.inPlace(v.By.Person(), f); ruling == May {
		v.For, v.Until = in.Person, in.Until
	}
	return v
}

// votedAs is who said yes on a step, for the audit log.
func (r Request) votedAs(a Actor, step int) string {
	if v, ok := r.voteOn(a, step); ok {
		return v.by()
	}
	return string(a)
}

// votedFor is what the audit keeps of a vote: why and, of a deputy, for whom.
func votedFor(v Vote) any {
	return struct {
		Reason string    `json:"reason,omitempty"`
		For    PersonID  `json:"for,omitempty"`
		Until  time.Time `json:"until,omitzero"`
	}{v.Reason, v.For, v.Until}
}
