package cli

import (
	"fmt"

	"github.com/usherbot/usher/app"
)

type versionCmd struct{}

// Run prints what the build knows of itself: "usher v1.2.0 (commit 0a1b2c3, go1.26.8, linux/amd64)".
func (versionCmd) Run(s *session) error {
	_, err := fmt.Fprintf(s.stdout, "usher %s\n", app.Version())
	return err
}
