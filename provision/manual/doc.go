// Package manual makes apps of which nobody has a program's way in: a person sets up what was approved, step by step. Such
// an app is one YAML file (docs/apps.md), and this room turns it into an entry of the catalog.
//
//	file ──► Draft ──► what the company says beside it: its answers at set-up, its own steps ──► catalog.Entry
//
// A file of a company may extend one that is built in (apps/*.yml), and usher.yml may alter single steps of either. All
// three are read by the same functions onto the same Draft: what is there already is altered, what isn't is added. Each part
// of a step knows where it was written last, so a mistake that only the whole shows is told where somebody can mend it.
//
//	open.go      which file, and what it extends: one that is built in and nothing else, so no file can lead to itself
//	app.go       what an app is: its name, its seats, its actions
//	action.go    an action, and standard.go what the usual ones are without a word
//	field.go     a field and its choices
//	step.go      a step, and how one is added, altered or left out
//	setup.go     what a company says at set-up, and which steps that picks
//	entry.go     the entry that comes of it all, and the mistakes that only it shows
//	hands.go     what stands where other apps have a vendor: nothing that can be read, and nobody to ask
//
// Neighbours: config hands over where a company's words stand, and is given the entry; catalog says what a step may be.
package manual
