//go:build !linux

package bolt

// bootID tells since when the machine has been up from every other time; false: it can't be told.
func bootID() (string, bool) { return "", false }
