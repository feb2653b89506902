package catalog

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Words is a sentence, or part of one, with places for what is known later: "{app} seat for {who}". Around it *stars*
// make bold and `backticks` make something to type.
type Words string

var place = regexp.MustCompile(`\{[a-z_+*]+\}`)

// Format is w with %v for each place, and what goes there, in order.
func (w Words) Format() (format string, places []string) {
	format = place.ReplaceAllStringFunc(string(w), func(m string) string {
		places = append(places, strings.Trim(m, "{}"))
		return "%v"
	})
	return format, places
}

// The places that every sentence of an action may have. Beside them stand the keys of its fields: of resources KEY is
// one by name or how many, KEY+ two by name and how many more, KEY* five.
const (
	PlaceApp    = "app"    // what the app is called
	PlaceWho    = "who"    // whose account it is: their address, or a mention
	PlaceEmail  = "email"  // the address
	PlaceHolder = "holder" // whom something is for by name, with what is shown aside
	PlaceFirst  = "first"  // their first name
	PlaceNumber = "n"      // the request's number, with its #
	PlaceFields = "fields" // what of an account changes: "permissions and money limit"
	PlaceSort   = "sort"   // what sort of account is given
	PlaceWhose  = "whose"  // whose account it is, by name and sort
	PlaceCount  = "count"  // how many resources
	PlaceList   = "list"   // which they are
)

var places = []string{PlaceApp, PlaceWho, PlaceEmail, PlaceHolder, PlaceFirst, PlaceNumber, PlaceFields, PlaceSort, PlaceWhose, PlaceCount, PlaceList}

// Says are an action's sentences. Those left out are said in general words.
type Says struct {
	// Title is what a card is about, enough for a notification; About is the same in the middle of a sentence.
	Title, About Words
	// Does is the first line of what it changes, where its fields do not say it all; Keeps what it leaves alone.
	Does, Keeps Words
	// Asks is what the app is asked, behind "I asked it to".
	Asks Words
	// Doing says what is under way.
	Doing Words
	// Done is the good news in one line, DoneFirst the same where a first name is known, and Next what it means for them.
	Done, DoneFirst, Next Words
	// Idle says of resources that they are as asked already.
	Idle Words
	// Bars says that an account owns something and is spared, and what to do; BarsNow the same to whoever asks now.
	Bars, BarsNow Words
	// Sure asks once more before what cannot be undone is approved: a title, and what the button says; Doomed says what
	// goes, and DoomedHeld what it sees.
	Sure, Yes, Doomed, DoomedNamed, DoomedHeld Words
	// Nothing asks what is to change where nothing was said.
	Nothing Words
	// There says that the account is there already, and ThereAll that it is of a sort that sees everything; ThereNow and
	// ThereAllNow the same to whoever asks now.
	There, ThereAll, ThereNow, ThereAllNow Words
	// All says that an account of that sort sees everything anyway, and AllNow the same to whoever asks now.
	All, AllNow Words
}

// Or is s with the sentences of others where it has none.
func (s Says) Or(others Says) Says {
	own, other := reflect.ValueOf(&s).Elem(), reflect.ValueOf(others)
	for i := range own.NumField() {
		if own.Field(i).String() == "" {
			own.Field(i).Set(other.Field(i))
		}
	}
	return s
}

// Guide is what help says of an action or a list.
type Guide struct {
	// Usage is how to write it behind the verb, and Does what it is for, as the end of a sentence that begins with it.
	Usage, Does string
	Examples    []string
	Notes       []Words
	// Short is how the overview names it; "": it does not.
	Short Words
}

// all are an action's sentences by name.
func (s Says) all() map[string]Words {
	out := map[string]Words{}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		out[v.Type().Field(i).Name] = v.Field(i).Interface().(Words)
	}
	return out
}

// misplaced is a place that nobody fills, or "".
func misplaced(w Words, keys []string) string {
	_, list := w.Format()
	for _, p := range list {
		if !slices.Contains(places, p) && !slices.Contains(keys, strings.TrimRight(p, "+*")) {
			return fmt.Sprintf("{%s}", p)
		}
	}
	return ""
}
