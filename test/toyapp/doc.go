// Package toyapp is an app of a kind that the program does not have, in one folder of its own: what can be asked of it
// (entry.go), what carries it out and reads it (hands.go), and its vendor, simulated (vendor.go).
//
// Its test walks it end to end through the whole program: typed, through card, deed, in doubt, and digest. That nothing of
// approvals, commands, bot, reports or store had to be changed for it is the proof that these rooms know no vendor; what
// it took is CONTRIBUTING's "Add a kind of app". Forms and the register read the same entry, once there are such.
package toyapp
