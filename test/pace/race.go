//go:build race

package pace

// UnderRace says that the race detector watches, under which everything takes several times as long.
const UnderRace = true
