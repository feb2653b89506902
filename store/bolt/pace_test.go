package bolt_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/usherbot/usher/sim/ramdisk"
)

// leaveNothingOut is what .ci/run gives: every image of every power cut, every system call, on a disk that is waited for.
var leaveNothingOut = flag.Bool("every", false, "open every image and let every call fail, on a real disk, however long it takes")

// TestMain lets the tests write into memory, where there is room in it: no test could tell whether a real disk had
// synced, and they would wait for it thousands of times. What is measured is measured on a real one.
func TestMain(m *testing.M) {
	flag.Parse()
	measured := flag.Lookup("test.bench").Value.String() != ""
	if measured || *leaveNothingOut || ramdisk.Root() == "" {
		os.Exit(m.Run())
	}
	os.Exit(inMemory(m))
}

func inMemory(m *testing.M) int {
	dir, err := os.MkdirTemp(ramdisk.Root(), "usher-store-")
	if err == nil {
		defer os.RemoveAll(dir)
		err = os.Setenv("TMPDIR", dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// pace is how much of the long tables a run plays.
type pace struct {
	// cuts are the images of power cuts tried at each point of a life.
	cuts care
	// syncs and calls are of how many syncs and of how many system calls one fails: odd numbers, for the two syncs of
	// a commit alternate.
	syncs, calls int
}

// howMuch is every one of them with -every, and else a sample that is the same each time. Under the race detector an
// image takes thirty times as long, and there is no second thread to race with.
func howMuch() pace {
	switch {
	case *leaveNothingOut:
		return pace{care{all: 1024, sample: 64}, 1, 1}
	case underRace:
		return pace{care{all: 4, sample: 4}, 11, 21}
	case testing.Short():
		return pace{care{all: 16, sample: 16}, 7, 7}
	}
	return pace{care{all: 64, sample: 32}, 5, 3}
}
