// Package talks is the program as people meet it: conversations in testdata/*.txtar (who types what, who sees
// what, who clicks what, time passes, crash, restart), and what a file cannot say well: several hands at once,
// attackers, an operator at the log.
//
// At the end of every talk a message that nobody expected fails it, an error log that nobody announced fails it,
// and the database is checked whole. The language is demo/script's, and Perform plays a talk outside of `go test`.
// Neighbours: test/world is what every talk is played in.
package talks
