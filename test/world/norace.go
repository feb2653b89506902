//go:build !race

package world

// UnderRace says that the race detector watches.
const UnderRace = false
