// Package values writes what is asked of SE Ranking as tests think of it: typed, a field a name, and as the parser would
// have made it of what somebody typed.
//
//	values.Of{Type: "client", Sites: sites}.Values()
//
// It imports no room of ours but the catalog and the vendor's client, so that the tests of every room may use it, those
// from within included.
package values

import (
	"strconv"

	api "github.com/usherbot/usher/apiclient/seranking"
	"github.com/usherbot/usher/catalog"
)

// Of are values by their names. HasAccess and HasLimit tell "none" from "not mentioned".
type Of struct {
	Type, Lang string
	Access     []string
	HasAccess  bool
	Amount     int
	Period     string
	HasLimit   bool
	Sites      []catalog.Item
	Words      []string
}

var sorts = map[string]string{"client": "client seat", "user": "user seat"}

var languages = map[string]string{"en": "English", "de": "German"}

// Values are o as a request holds it.
func (o Of) Values() (v catalog.Values) {
	one := func(key, id, name string) {
		if id != "" {
			v = append(v, catalog.Value{Key: key, Items: []catalog.Item{{ID: id, Name: name}}})
		}
	}
	one("type", o.Type, sorts[o.Type])
	one("lang", o.Lang, languages[o.Lang])
	if o.HasAccess {
		v = append(v, catalog.Value{Key: "access", Items: Access(o.Access...)})
	}
	if o.HasLimit {
		one("amount", strconv.Itoa(o.Amount), "")
		one("period", o.Period, o.Period)
	}
	if len(o.Sites)+len(o.Words) > 0 {
		v = append(v, catalog.Value{Key: "sites", Items: o.Sites, Typed: o.Words})
	}
	return v
}

// Access are permissions with what people call them.
func Access(codes ...string) (list []catalog.Item) {
	for _, code := range codes {
		item := catalog.Item{ID: code}
		if c, ok := api.LookupAccess(code); ok {
			item.Name, item.Takes = c.Label, c.Restriction
		}
		list = append(list, item)
	}
	return list
}

// Verbs are all that can be asked.
func Verbs() []catalog.Verb {
	return []catalog.Verb{catalog.Create, catalog.Share, catalog.Unshare, catalog.Update, catalog.Delete}
}
