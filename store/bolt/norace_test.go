//go:build !race

package bolt_test

// underRace says that the race detector watches.
const underRace = false
