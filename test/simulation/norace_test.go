//go:build !race

package simulation

// underRace says that the race detector watches.
const underRace = false
