//go:build !linux && !darwin

package bolt

import "errors"

// renameNoReplace is not to be had here.
func renameNoReplace(_, _ string) error { return errors.ErrUnsupported }
