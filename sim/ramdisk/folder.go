// Package ramdisk is a disk in memory, for tests.
//
// Its one idea: a test that ends programs and never the machine learns nothing from a disk that keeps what was synced.
// It only waits for it, thousands of times, and all the longer on a machine that is busy. On a disk in memory a sync
// costs nothing, and everything else is as it is on any other: files, locks, sockets, rights.
//
// Its neighbours: the tests that open a store. What holds when the power is cut is shown in store/bolt, by a disk that forgets.
package ramdisk

import (
	"os"
	"testing"
)

// Root is a folder in memory with enough room; "" where this machine has none.
func Root() string { return inMemory() }

// Folder makes a folder that goes with the test: in memory where this machine has room for it there, and otherwise
// where temporary files go.
func Folder(t testing.TB) string {
	t.Helper()
	memory := Root()
	if memory == "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "usher-test-")
	if err != nil {
		t.Fatalf("make a folder in memory: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove a folder in memory: %v", err)
		}
	})
	return dir
}
