// Package catalog describes what can be asked of an app, as data, in the app's own words.
//
//	Entry ──► Action ──► Field ──► Choice        what can be asked of an app of one kind
//	         Action ──► Step                     what a person does where no program can
//	Values ──► Value ──► Item                    what was asked: what is sent, and what is shown
//
// An Entry is written beside what carries its actions out. Everything else reads it: the parser, "did you mean",
// help, cards, doubts, digests. So no other room has to know what the app calls things, and a new kind of app
// is one more Entry.
//
// A sentence of an app is Words: text with places for what is known only when somebody asks, such as
// "{app} seat for {who}". Whoever says it fills the places; Check finds a place that nobody fills, and every
// other slip of an Entry, before the program starts.
//
// What an app can say of itself stands in Reads. What it cannot say is "not known" wherever it would be shown,
// and never 0 or false.
//
// Neighbours: none. This package imports nothing of ours, has no clock and keeps no state.
package catalog
