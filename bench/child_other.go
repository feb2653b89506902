//go:build !linux

package main

import (
	"errors"
	"os/exec"
	"syscall"
	"time"
)

// errElsewhere says that only Linux is asked.
var errElsewhere = errors.New("what a program uses is asked of Linux alone")

func (c *child) cpu() (time.Duration, error)                 { return 0, errElsewhere }
func (c *child) memory() (now, own, most float64, err error) { return 0, 0, 0, errElsewhere }
func (c *child) read() (float64, error)                      { return 0, errElsewhere }
func forget(string) error                                    { return errElsewhere }

func grouped(*exec.Cmd)                               {}
func signalled(cmd *exec.Cmd, s syscall.Signal) error { return cmd.Process.Signal(s) }
