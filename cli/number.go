package cli

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/alecthomas/kong"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/terminal"
)

// decimalFlag reads the numbers of the command line: Go would take 010 for 8 there too.
func decimalFlag(ctx *kong.DecodeContext, target reflect.Value) error {
	var written string
	if err := ctx.Scan.PopValueInto("number", &written); err != nil {
		return err
	}
	n, err := strconv.ParseInt(written, 10, 64)
	if !config.PlainDecimal(written) || err != nil {
		return fmt.Errorf("expected a plain decimal number, not %s", terminal.Quoted(written))
	}
	target.SetInt(n)
	return nil
}
