package manual

import (
	"slices"

	"github.com/usherbot/usher/catalog"
)

// undoOf is the action that takes away what another one gives, once its time is up: the one that the file names, else the one
// that ends an account, of what makes one, and unshare of share. "": there is none, and it is given for good.
func (d *Draft) undoOf(e *catalog.Entry, a *action, gives catalog.Action) catalog.Verb {
	if gives.Effect != catalog.Gives || a.undo == "nothing" {
		return ""
	}
	if a.undo != "" {
		i := slices.IndexFunc(e.Actions, func(t catalog.Action) bool { return string(t.Key) == a.undo && t.Effect == catalog.Takes })
		if i < 0 {
			a.undoAt.Wrong(a.undoAt.At, "%s has no action %q that takes something; %s", d.Template, a.undo, suggested(a.undo, taking(e)))
			return ""
		}
		if f := lacking(gives, e.Actions[i]); f != "" {
			a.undoAt.Wrong(a.undoAt.At, "%s can't take away what %s gives: it needs %s, which %s doesn't ask", a.undo, a.Key, f, a.Key)
		}
		return e.Actions[i].Key
	}
	for _, t := range e.Actions {
		usual := gives.New && t.Ends || gives.Key == catalog.Share && t.Key == catalog.Unshare
		if usual && t.Effect == catalog.Takes && lacking(gives, t) == "" {
			return t.Key
		}
	}
	return ""
}

// lacking is a field that must be given where something is taken away, and that nobody is asked who is given it; "": there is
// none.
func lacking(gives, takes catalog.Action) string {
	for _, f := range takes.Fields {
		of, has := gives.Field(f.Key)
		if f.Required && f.Default == "" && (!has || !of.Required && of.Default == "") {
			return f.Key
		}
	}
	return ""
}

// taking are the actions that take something away.
func taking(e *catalog.Entry) (keys []string) {
	for _, a := range e.Actions {
		if a.Effect == catalog.Takes {
			keys = append(keys, string(a.Key))
		}
	}
	return keys
}
