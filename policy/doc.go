// Package policy is `usher policy`: rules one can trust before they rule anything. It reads the configuration and,
// where it must, Slack and the data folder; it changes nothing.
//
//	explain   which policy rules a request that somebody might make, why, and who would be asked   (explain.go)
//	test      whether the examples kept with the policies come out as they say                      (cases.go)
//	replay    which requests of the real past would be asked differently under other policies       (replay.go)
//
// All three decide by approvals.Choose, as the running bot does, and draw the same tree. What a condition hangs on and is
// not known here is said to be so, never guessed.
//
// Neighbours: config reads the policies and their examples; approvals judges; store/bolt has the past.
package policy
