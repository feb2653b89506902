//go:build !linux && !darwin

package check

import "errors"

// freeIn can't be asked here.
func freeIn(string) (int64, error) { return 0, errors.New("this operating system doesn't say") }
