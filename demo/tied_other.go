//go:build !linux

package demo

import (
	"errors"
	"syscall"
)

// tied is nothing here: a bot ends when the pipe from its demo breaks off.
func tied() *syscall.SysProcAttr { return nil }

// setRoom can't be done here.
func setRoom(_ int, full bool) error {
	if full {
		return errors.New("only Linux lets one process limit what another writes")
	}
	return nil
}

func heedless() {}
