// Package house holds the project to its own rules: who may import whom, how long a file is, what every exported
// name says, that no test sleeps; that documents point at what exists, and claim what a command shows; how people
// are spoken to; and that every promise has a mistake that its test catches (docs/mutations.md).
//
// It reads the whole tree, from its root.
package house
