package bolt

import (
	"os"
	"strings"
)

// bootID tells since when the machine has been up from every other time; false: it can't be told.
func bootID() (string, bool) {
	raw, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(raw)), err == nil && len(raw) > 0
}
