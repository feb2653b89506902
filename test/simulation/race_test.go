//go:build race

package simulation

// underRace says that the race detector watches, under which everything takes several times as long.
const underRace = true
