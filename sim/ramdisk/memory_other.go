//go:build !linux

package ramdisk

// inMemory is "": other systems have no such folder without being told.
func inMemory() string { return "" }
