//go:build !linux

package main

import (
	"os/exec"
	"syscall"
	"time"
)

func (c *child) cpu() (time.Duration, error)                 { return 0, errElsewhere }
func (c *child) memory() (now, own, most float64, err error) { return 0, 0, 0, errElsewhere }
func (c *child) read() (float64, error)                      { return 0, errElsewhere }
func usage() (used, error)                                   { return used{}, errElsewhere }
func forget(string) error                                    { return errElsewhere }

func grouped(*exec.Cmd)                               {}
func signalled(cmd *exec.Cmd, s syscall.Signal) error { return cmd.Process.Signal(s) }
