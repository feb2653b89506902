package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"
)

// Misread is what is wrong with a cron expression and what to write instead, in a sentence for whoever wrote it.
type Misread string

// Error implements error.
func (m Misread) Error() string { return string(m) }

func misread(format string, args ...any) error { return Misread(fmt.Sprintf(format, args...)) }

// cronField is one of the five fields: what it is called, what it may hold, and the names of its values from the first on.
type cronField struct {
	name, takes string
	low, high   int
	names       []string
	// circle is set where a range may run over the end: the week has no first day that everybody agrees on.
	circle bool
}

var cronFields = [5]cronField{
	{name: "minute", takes: "0 to 59", high: 59},
	{name: "hour", takes: "0 to 23", high: 23},
	{name: "day of the month", takes: "1 to 31", low: 1, high: 31},
	{name: "month", takes: "1 to 12, or JAN to DEC", low: 1, high: 12,
		names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{name: "weekday", takes: "SUN to SAT, or 0 to 7 (0 and 7 are both Sunday)", high: 6, circle: true,
		names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
}

// starred marks a field that leaves the choice to others; the schedule then asks for both days, else for either.
const starred = 1 << 63

// readCron reads five fields. It takes what crontab(5) takes, and ranges over the week's end besides.
func readCron(spec string) (*cron.SpecSchedule, error) {
	fields := strings.Fields(spec)
	if len(fields) != len(cronFields) || strings.ContainsAny(spec, "@=") {
		return nil, notFive(spec, fields)
	}
	var bits [5]uint64
	for i, f := range cronFields {
		var err error
		if bits[i], err = f.read(fields[i]); err != nil {
			return nil, err
		}
	}
	return &cron.SpecSchedule{Second: 1, Minute: bits[0], Hour: bits[1], Dom: bits[2], Month: bits[3], Dow: bits[4]}, nil
}

// read is the values of a field as bits.
func (f cronField) read(text string) (bits uint64, err error) {
	for _, item := range strings.Split(text, ",") {
		values, err := f.item(item)
		if err != nil {
			return 0, err
		}
		bits |= values
	}
	return bits, nil
}

// item is one part of a list: *, a value or a range, each perhaps with a step.
func (f cronField) item(text string) (bits uint64, err error) {
	base, stepText, stepped := strings.Cut(text, "/")
	step := 1
	if stepped {
		if step, err = f.step(text, stepText); err != nil {
			return 0, err
		}
	}
	if base == "*" || base == "?" {
		if step == 1 {
			bits = starred
		}
		return bits | f.every(f.low, f.high, step), nil
	}
	from, to, ranged := strings.Cut(base, "-")
	low, high := f.value(from), f.value(to)
	switch {
	case low < 0, ranged && high < 0:
		return 0, f.unknown(text, base)
	case !ranged && stepped:
		high = f.high
		low = (low-f.low)%(f.high-f.low+1) + f.low // 7 is the week's first day
	case !ranged:
		high = low
	}
	if low > high && !f.circle {
		return 0, f.backwards(text, from, to, low, high, step)
	} else if low > high {
		high += f.high + 1
	}
	return f.every(low, high, step), nil
}

func (f cronField) every(low, high, step int) (bits uint64) {
	step = min(step, high+1) // a longer one leaves the first value alone, and adds up to no overflow
	for v := low; v <= high; v += step {
		n := v
		if f.circle {
			n %= f.high + 1
		}
		bits |= 1 << n
	}
	return bits
}

// value is a number or a name; -1 for what is neither.
func (f cronField) value(text string) int {
	if i := slices.Index(f.names, strings.ToUpper(text)); i >= 0 {
		return f.low + i
	}
	n, ok := cronNumber(text)
	if f.circle && n == f.high+1 && ok {
		return n
	}
	if !ok || n < f.low || n > f.high {
		return -1
	}
	return n
}

// cronNumber is a decimal number, whatever zeros stand before it.
func cronNumber(text string) (int, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func (f cronField) step(text, step string) (int, error) {
	n, ok := cronNumber(step)
	if !ok || n < 1 {
		return 0, misread("%q needs a number after the /, 1 or more; write */5 for every fifth %s", text, f.name)
	}
	return n, nil
}
