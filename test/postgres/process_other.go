//go:build !linux

package postgres

import "syscall"

// endsWithUs does nothing here: a cluster whose parent was killed is left running.
func endsWithUs(*syscall.SysProcAttr) {}
