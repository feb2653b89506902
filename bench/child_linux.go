package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// grouped puts a program in a group of its own, so that whoever watches it ends with it; it ends with the bench too.
func grouped(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// signalled tells the whole group.
func signalled(cmd *exec.Cmd, s syscall.Signal) error {
	err := syscall.Kill(-cmd.Process.Pid, s)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// cpu is how long processors have worked for it, in it and for it in the system.
func (c *child) cpu() (time.Duration, error) {
	var spent unix.Timespec
	clock := int32(^c.cmd.Process.Pid<<3 | 2) // CPUCLOCK_SCHED of the whole process
	if err := unix.ClockGettime(clock, &spent); err != nil {
		return 0, fmt.Errorf("read the processor's time: %w", err)
	}
	return time.Duration(spent.Nano()), nil
}

// memory is what it has resident, in bytes: all of it now, what is its own of that, and the most there was.
func (c *child) memory() (now, own, most float64, err error) {
	all, err := c.fields("status")
	return all["VmRSS"] * 1024, all["RssAnon"] * 1024, all["VmHWM"] * 1024, err
}

// read is how many bytes it has had read from the disk.
func (c *child) read() (float64, error) {
	all, err := c.fields("io")
	return all["read_bytes"], err
}

// fields are the numbers of one of its files in /proc.
func (c *child) fields(name string) (map[string]float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", c.cmd.Process.Pid, name))
	if err != nil {
		return nil, fmt.Errorf("ask the system about %s: %w", c.name, err)
	}
	return numbers(string(raw)), nil
}

// numbers are the lines NAME: NUMBER of a text.
func numbers(text string) map[string]float64 {
	all := map[string]float64{}
	for line := range strings.Lines(text) {
		name, rest, _ := strings.Cut(line, ":")
		var n float64
		if _, err := fmt.Sscan(rest, &n); err == nil {
			all[name] = n
		}
	}
	return all
}

// forget has the system forget what it has of a file, so that whoever reads it reads the disk.
func forget(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}

// usage is what this process has used: bytes that it had written, and the time of processors.
func usage() (u used, err error) {
	raw, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return u, fmt.Errorf("ask the system what was written: %w", err)
	}
	var spent unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &spent); err != nil {
		return u, fmt.Errorf("read the processor's time: %w", err)
	}
	return used{numbers(string(raw))["wchar"], time.Duration(spent.Nano())}, nil
}
