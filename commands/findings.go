package commands

import (
	"context"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
)

// mostFindings is how many findings an answer shows at once, each with its button.
const mostFindings = 10

// Finding is one thing that isn't as it should be.
type Finding struct {
	Say approvals.Text
	// About is the address that it is about. App and Key name it for its buttons: the one that opens the request to mend it says
	// Offer; "": there is none. Off says that it is put off already.
	About, App, Key, Offer string
	Off                    bool
}

// More are the findings of an app after the first few, or with Off those that were put off.
type More struct {
	App  string
	From int
	Off  bool
	// Left is how many there are.
	Left int
}

// shown are findings of an app with what would mend each.
func (h *House) shown(app approvals.App, all []register.Finding) (out []Finding) {
	for _, f := range all {
		one := Finding{Say: findingText(f), About: f.Email, App: app.ID, Key: f.Key()}
		if m, ok := f.Mends(app.Entry); ok {
			one.Offer = "Ask to mend it"
			if d := h.mending(m); d == nil {
				one.Offer = ""
			} else if label := h.labelOf(*d); label != "" {
				one.Offer = label + "…"
			}
		}
		out = append(out, one)
	}
	return out
}

// bare are findings that nobody can do anything about from here.
func bare(all []register.Finding) (out []Finding) {
	for _, f := range all {
		out = append(out, Finding{Say: findingText(f)})
	}
	return out
}

func findingText(f register.Finding) approvals.Text {
	return approvals.Sayf("%v · *%v*: %v", f.Email, string(f.Kind), f.Say())
}

// withFindings adds the first of what isn't as it should be, each with what would mend it.
func (h *House) withFindings(reply Reply, all register.Holdings, app string) Reply {
	if len(all.Off) > 0 && app != "" {
		reply.Off = &More{App: app, Left: len(all.Off), Off: true}
	}
	if len(all.Findings) == 0 {
		return reply
	}
	if reply.Amiss = approvals.Sayf("*Not as it should be*, when I last looked:"); all.Looked {
		reply.Amiss = approvals.Sayf("*Not as it should be*:")
	}
	first := all.Findings[:min(len(all.Findings), mostFindings)]
	for _, f := range first {
		a, _ := h.speech().named(f.App)
		reply.Findings = append(reply.Findings, h.shown(a, []register.Finding{f})...)
	}
	if left := len(all.Findings) - len(first); left > 0 && app != "" {
		reply.More = &More{App: app, From: len(first), Left: left}
	} else if left > 0 {
		reply.Lines = append(reply.Lines, approvals.Sayf("%v not shown: `/access who app=…` has them all.", plural(left, "finding more is", "findings more are")))
	}
	return reply
}

// Findings are what isn't as it should be in an app, from one of them on, for those who look after it; or what of it was put off.
func (h *House) Findings(ctx context.Context, id approvals.PersonID, m More) (Reply, error) {
	app, err := h.lookedAfter(ctx, id, m.App)
	if err != nil {
		return Reply{}, err
	}
	all, err := h.Register.OfApp(ctx, app.ID)
	if err != nil {
		return Reply{}, err
	}
	if m.Off {
		return h.putOff(app, all.Off, m.From), nil
	}
	of, from := len(all.Findings), m.From
	if of == 0 {
		return Reply{Head: approvals.Sayf("*%v* · everything is as it should be, or was when I last looked.", app.Name)}, nil
	}
	if from < 0 || from >= of {
		from = 0
	}
	to := min(from+mostFindings, of)
	reply := Reply{Head: approvals.Sayf("*%v* · findings %v to %v of %v, from when I last looked:", app.Name, from+1, to, of), Findings: h.shown(app, all.Findings[from:to])}
	if of > to {
		reply.More = &More{App: app.ID, From: to, Left: of - to}
	}
	if len(all.Off) > 0 {
		reply.Off = &More{App: app.ID, Left: len(all.Off), Off: true}
	}
	return reply, nil
}

// lookedAfter is an app for somebody who looks after it, or why they may not see what isn't as it should be there.
func (h *House) lookedAfter(ctx context.Context, id approvals.PersonID, appID string) (approvals.App, error) {
	app, ok := h.speech().named(appID)
	switch {
	case !ok || h.Register == nil:
		return app, approvals.Refuse(approvals.NotFound, "I don't look after “%v” any more.", short(appID))
	}
	switch h.looksAfter(ctx, id, app) {
	case approvals.MayNot:
		return app, approvals.Refuse(approvals.NotAllowed, "Only admins and the owners of %v can see what isn't as it should be there.", app.Name)
	case approvals.CouldNotTell:
		return app, untold()
	}
	return app, nil
}

// Mending is the form that would mend a finding, filled in, for who looks after its app. A finding that isn't open any more says so.
func (h *House) Mending(ctx context.Context, id approvals.PersonID, appID, key string) (Draft, error) {
	app, err := h.lookedAfter(ctx, id, appID)
	if err != nil {
		return Draft{}, err
	}
	f, err := h.openFinding(ctx, app, key)
	if err != nil {
		return Draft{}, err
	}
	if m, ok := f.Mends(app.Entry); ok {
		if d := h.mending(m); d != nil {
			return *d, nil
		}
	}
	return Draft{}, approvals.Refuse(approvals.Unavailable, "%v can't mend that by a request, as it's set up now.", app.Name)
}

// openFinding is a finding by its key, or why there is none to speak of any more.
func (h *House) openFinding(ctx context.Context, app approvals.App, key string) (register.Finding, error) {
	f, open, err := h.Register.Finding(ctx, app.ID, key)
	switch {
	case err != nil:
		return f, err
	case f.Email == "":
		return f, approvals.Refuse(approvals.Conflict, "That finding is an old one: no list of %v shows it any more. There's nothing to ask for.", app.Name)
	case !open:
		return f, approvals.Refuse(approvals.Conflict, "That's been mended since: of %v, “%v” isn't so any more in %v. There's nothing to ask for.", f.Email, string(f.Kind), app.Name)
	}
	return f, nil
}

// mending is the form that would mend a finding, filled in; nil: it can't be put in one.
func (h *House) mending(m register.Mend) *Draft {
	cmd, answer := parse(h.speech(), m.Typed()[len("/access "):])
	c, ok := cmd.(asking)
	if answer != nil || !ok {
		return nil
	}
	return c.drafted()
}
