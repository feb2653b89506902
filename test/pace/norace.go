//go:build !race

package pace

// UnderRace says that the race detector watches.
const UnderRace = false
