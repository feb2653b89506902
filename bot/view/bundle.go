package view

import (
	"github.com/usherbot/usher/approvals"
)

// bundleSay says of the items of a bundle how they are carried out; nil: they are none.
func bundleSay(list []approvals.Request) approvals.Text {
	r := list[0]
	switch {
	case !r.Bundled():
		return nil
	case len(list) == 1:
		return say("It's the bundle “%v”.", clip(r.Together.Name, nameLength))
	}
	return say("It's the bundle “%v”: %v, approved as one and set up one after another, in this order.", clip(r.Together.Name, nameLength), count(len(list), "thing", "things"))
}

// fellWith says of an item of a bundle with which other it was decided against; nil: with none.
func fellWith(r approvals.Request) approvals.Text {
	if r.Fell == 0 || r.State == approvals.Failed {
		return nil
	}
	return say("It went with #%v, which was %v %v: the bundle is one thing. Nothing was done.", r.Fell, string(r.State), r.Decided)
}

// besideIt says how the other items of a bundle stand, with what each does.
func besideIt(r approvals.Request, all []approvals.Request) (out []approvals.Text) {
	if !r.Bundled() || len(all) < 2 {
		return nil
	}
	out = append(out, say("It's part of “%v”. The rest of it:", clip(r.Together.Name, nameLength)))
	for _, o := range all {
		if o.Number == r.Number {
			continue
		}
		out = append(out, say("• *#%v* · %v — %v", o.Number, subject(o), standsSo(o)))
	}
	return out
}

// standsSo is how an item of a bundle stands, in a few words.
func standsSo(r approvals.Request) approvals.Text {
	switch {
	case r.Fell != 0 && r.State == approvals.Failed:
		return say("not tried: it needs #%v, which failed. Nothing was asked of %v", r.Fell, appName(r.App))
	case r.Fell != 0:
		return say("%v with it", state(r))
	case r.OnHold():
		return say("approved, and comes after what's before it")
	}
	return say("%v", state(r))
}

// partOf says of an item of a bundle, shown by itself, what it is part of; nil: of none.
func partOf(r approvals.Request) approvals.Text {
	if !r.Bundled() {
		return nil
	}
	first, of := r.Together.First, int64(r.Together.Of)
	if of == 1 {
		return say("*Bundle* “%v”", clip(r.Together.Name, nameLength))
	}
	return say("*Bundle* “%v”, #%v–#%v: approved as one, set up one after another", clip(r.Together.Name, nameLength), first, first+of-1)
}
