//go:build !race

package store_test

// underRace says that the race detector watches.
const underRace = false
