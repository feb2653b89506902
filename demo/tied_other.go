//go:build !linux

package demo

import "syscall"

// tied is nothing here: a bot ends when the pipe from its demo breaks off.
func tied() *syscall.SysProcAttr { return nil }
