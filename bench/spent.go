package main

import (
	"errors"
	"runtime"
	"time"
)

// pageSize is what bbolt writes at least, in bytes.
const pageSize = 4096

// errElsewhere says that only Linux is asked.
var errElsewhere = errors.New("what a program uses is asked of Linux alone")

// spent is what something took of this process: allocations and their bytes, pages of a file, and time of the processors.
type spent struct {
	allocs, bytes, pages float64
	cpu                  time.Duration
}

// spend does something and counts. Nothing else may go on in this process meanwhile.
func spend(do func() error) (s spent, err error) {
	before, err := usage()
	if err != nil {
		return s, err
	}
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	if err := do(); err != nil {
		return s, err
	}
	runtime.ReadMemStats(&is)
	after, err := usage()
	s.allocs, s.bytes = float64(is.Mallocs-was.Mallocs), float64(is.TotalAlloc-was.TotalAlloc)
	s.pages, s.cpu = (after.written-before.written)/pageSize, after.cpu-before.cpu
	return s, err
}

// each is what it took for one of n.
func (s spent) each(n int) spent {
	return spent{s.allocs / float64(n), s.bytes / float64(n), s.pages / float64(n), s.cpu / time.Duration(n)}
}

// used is what this process has used so far.
type used struct {
	written float64
	cpu     time.Duration
}
