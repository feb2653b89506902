package view

import "github.com/usherbot/usher/approvals"

// mostAgainst is how many sentences of what stands against a request are shown.
const mostAgainst = 10

// against is what was read at the vendor that stands against a request that waits.
func against(r approvals.Request) []approvals.Text {
	if r.Look == nil || len(r.Look.Against) == 0 {
		return nil
	}
	all := r.Look.Against
	lines := []approvals.Text{say("*In the way* (%v read %v)", appName(r.App), r.Look.At)}
	for _, t := range all[:min(len(all), mostAgainst)] {
		lines = append(lines, say("• %v", t))
	}
	if rest := len(all) - mostAgainst; rest > 0 {
		lines = append(lines, say("and %v more", rest))
	}
	if r.Barred() {
		lines = append(lines, say("It can't be approved until then. I check again every few minutes, and *Approve* comes back by itself. You can deny it any time."))
	}
	if !r.Known() && r.Editable() && r.Change.Values.Typed() {
		lines = append(lines, say("It can't be approved until that's clear. Press *Edit* and pick the one that's meant, or *Ask*."))
	} else if !r.Known() {
		lines = append(lines, say("It can't be approved until that's clear. Deny it and say which one you mean, so they can ask again."))
	}
	return lines
}

// reading says what is not known of the vendor yet, and since when it cannot be read.
func reading(r approvals.Request) approvals.Text {
	app := appName(r.App)
	switch {
	case r.Look == nil || !r.Look.Owed:
		return nil
	case !r.Look.Blind.IsZero() && r.Known():
		return say("*Not checked yet* I haven't been able to read %v since %v. I'll keep trying.", app, r.Look.Blind)
	case !r.Look.Blind.IsZero():
		return say("*Not checked yet* I haven't been able to read %v since %v. I'll keep trying; until then you can deny this but not approve it.", app, r.Look.Blind)
	case r.Look.At.IsZero():
		return say("*Being checked* I'm looking up in %v what this would do.", app)
	}
	return nil
}

// inWords are the words that somebody typed who does not see which resources there are.
func inWords(r approvals.Request) approvals.Text {
	if r.Said == nil || !r.Said.Blind || r.Change.Values.Typed() || r.Bundled() { // what is in a bundle is the configuration's words
		return nil
	}
	var all []string
	for _, v := range r.Said.Typed {
		if !r.Reworded(v.Key) { // what an edit says stands with the edit
			all = append(all, v.Typed...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	var words []approvals.Text
	for _, w := range all[:min(len(all), fewItems)] {
		words = append(words, say("“%v”", clip(w, itemLength)))
	}
	if rest := len(all) - len(words); rest > 0 {
		words = append(words, say("%v more", rest))
	}
	return say("*As %v wrote it:* %v", r.Asker(), approvals.Join(words, ", "))
}

// sameAs names another open request that asks for the same.
func sameAs(r approvals.Request) approvals.Text {
	if r.Same == 0 {
		return nil
	}
	return say("*Same request as* #%v", r.Same)
}
