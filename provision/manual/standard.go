package manual

import (
	"cmp"
	"slices"
	"strings"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config/strict"
	"github.com/usherbot/usher/terminal"
)

// standard makes an action what the usual ones are where its file doesn't say otherwise, so that a simple app needs few
// lines. Of another word than the usual ones it has to be said what it does.
func (d *Draft) standard(a *action) {
	seat := d.seat.One
	switch a.Key {
	case catalog.Create:
		a.usually(catalog.Gives, true, true, false, "A new "+seat, []string{"add", "new", "invite", "give"})
		a.Says = a.Says.Or(catalog.Says{Title: "{app} " + catalog.Words(seat) + " for {who}", About: "{app} " + catalog.Words(seat) + " for {who}", Does: "*Gives* {holder} {sort}",
			Doing: "it's being set up", Done: "The {app} " + catalog.Words(seat) + " for {who} is ready ({n}).", DoneFirst: "{first}'s {app} " + catalog.Words(seat) + " is ready ({n})."})
		a.Guide.Does = cmp.Or(a.Guide.Does, "asks for a new "+seat)
	case catalog.Delete:
		a.usually(catalog.Takes, false, false, true, "Remove "+d.seat.A(), []string{"remove", "offboard"})
		a.Says = a.Says.Or(catalog.Says{Title: "Remove the {app} " + catalog.Words(seat) + " of {who}", About: "remove {who} from {app}", Does: "*Removes* {whose}.",
			Doing: "it's being removed", Done: "The {app} " + catalog.Words(seat) + " of {who} is removed ({n}).", Sure: "Remove this " + catalog.Words(seat) + " for good?"})
		a.Guide.Does = cmp.Or(a.Guide.Does, "asks to remove "+d.seat.A())
	case catalog.Update:
		a.usually(catalog.Changes, false, false, false, "Change "+d.seat.A(), []string{"change"})
		a.Says = a.Says.Or(catalog.Says{Title: "Change {fields} of {who} · {app}", About: "change {fields} of {who}", Doing: "it's being changed",
			Done: "{who} has the new {fields} in {app} now ({n}).", Nothing: catalog.Words("What should change? Add " + keysOf(a.Fields) + ".")})
		a.Guide.Does = cmp.Or(a.Guide.Does, "asks for a change to "+d.seat.A())
	case catalog.Share, catalog.Unshare:
		d.sharing(a)
	default:
		if a.Effect == "" && !a.saidEffect {
			at := a.at
			at.Wrong(at.At, "%s has no effect; expected %s", at.Name, expectEffect)
			a.Effect = catalog.Changes
		}
		a.Says = a.Says.Or(catalog.Says{Doing: "it's being done"})
	}
	a.Guide.Does = cmp.Or(a.Guide.Does, "asks for `"+string(a.Key)+"`") + " in " + d.Name
}

// sharing are the two that are about a thing of the app, which their first field that must be given names.
func (d *Draft) sharing(a *action) {
	thing := catalog.Words("something")
	if i := slices.IndexFunc(a.Fields, func(f catalog.Field) bool { return f.Required }); i >= 0 {
		thing = catalog.Words("{" + a.Fields[i].Key + "}")
	}
	if a.Key == catalog.Share {
		a.usually(catalog.Gives, false, false, false, "Share something", []string{"grant"})
		a.Says = a.Says.Or(catalog.Says{Title: "Share " + thing + " with {who} · {app}", About: "share " + thing + " with {who}", Doing: "it's being shared", Done: "{who} has " + thing + " in {app} now ({n})."})
		a.Guide.Does = cmp.Or(a.Guide.Does, "asks to share something with somebody")
		return
	}
	a.usually(catalog.Takes, false, false, false, "Stop sharing something", []string{"revoke"})
	a.Says = a.Says.Or(catalog.Says{Title: "Stop sharing " + thing + " with {who} · {app}", About: "stop sharing " + thing + " with {who}", Doing: "it's being unshared", Done: thing + " is no longer shared with {who} in {app} ({n})."})
	a.Guide.Does = cmp.Or(a.Guide.Does, "asks to stop sharing something with somebody")
}

func (a *action) usually(effect catalog.Effect, makes, named, ends bool, label string, also []string) {
	if !a.saidEffect {
		a.Effect = effect
	}
	if !a.saidNew {
		a.New = makes
	}
	if !a.saidNamed {
		a.Named = named
	}
	if !a.saidEnds {
		a.Ends = ends
	}
	a.Label = cmp.Or(a.Label, label)
	if a.Also == nil {
		a.Also = also
	}
}

// keysOf are fields as somebody types them: "`role=` or `limits=`".
func keysOf(fields []catalog.Field) string {
	var keys []string
	for _, f := range fields {
		keys = append(keys, "`"+f.Key+"=`")
	}
	if len(keys) == 0 {
		return "what it is"
	}
	return strict.Among(keys)
}

// pooled puts a field for each limit of a company's pool in the place of the field that stands for them all.
func (a *action) pooled(limits []string) {
	i := slices.IndexFunc(a.Fields, func(f catalog.Field) bool { return f.Key == a.pool })
	switch {
	case a.pool == "":
		return
	case i < 0:
		a.poolAt.Wrong(a.poolAt.At, "pool is %s, and %s has no field of that key; %s", terminal.Quoted(a.pool), a.Key, suggested(a.pool, a.fieldKeys()))
		return
	case a.Effect == catalog.Takes:
		a.poolAt.Wrong(a.poolAt.At, "%s takes something away, so nothing of a pool is asked for with it; what an account had comes back by itself once the account goes", a.Key)
		return
	case len(limits) == 0:
		return
	}
	var fields []catalog.Field
	for _, l := range limits {
		word := strings.ReplaceAll(l, "_", " ")
		fields = append(fields, catalog.Field{Key: l, Label: capital(l), Noun: catalog.Noun{One: word, Many: word}, Kind: catalog.Number, When: a.Fields[i].When, Share: true, Samples: []string{"500"},
			Help: "It's how much of the company's pool, a whole number, as in `" + l + "=500`.", Hint: "How much of the company's pool, a whole number."})
	}
	a.Fields = slices.Replace(a.Fields, i, i+1, fields...)
}
