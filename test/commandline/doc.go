// Package commandline is every command of usher as an operator or an auditor types it, inside the test's own process:
// what it prints, where, and how it ends; on folders that are damaged, locked, open to others or another account's.
//
// README's own installation is played here too, on a machine of its own. Neighbours: cli is what is called;
// test/process runs the same as a real process.
package commandline
