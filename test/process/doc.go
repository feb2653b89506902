// Package process is the program as it is run: the binary with real files, sockets and signals, beside the
// simulators as processes of their own, in real time.
//
// TestKill sends SIGKILL at every stage of a request's life and starts it again; TestProcesses goes through what an
// operator does and sees. A test here waits for what happens, never for a time; how long a machine takes fails none.
// Neighbours: test/commandline tests the same commands inside the test's own process.
package process
