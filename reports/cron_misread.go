package reports

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// cronWords are what crontab(5) has short words for, in five fields.
var cronWords = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * SUN",
	"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

const fiveFields = "minute, hour, day of the month, month and weekday"

// notFive says what is wrong with an expression that is not five fields.
func notFive(spec string, fields []string) error {
	switch {
	case len(fields) == 0:
		return misread("it's empty; write five fields: %s", fiveFields)
	case strings.Contains(spec, "="):
		return misread("the time zone doesn't go here; write it under timezone, and here only the five fields: %s", fiveFields)
	case cronWords[strings.ToLower(fields[0])] != "":
		return misread("words such as %s aren't taken; write %q", fields[0], cronWords[strings.ToLower(fields[0])])
	case strings.Contains(spec, "@"):
		return misread("%s isn't a time on the clock; write five fields, such as \"0 * * * *\" for every hour", fields[0])
	case len(fields) < len(cronFields):
		return misread("it has %s; write all five: %s", fieldCount(len(fields)), fiveFields)
	}
	return tooMany(spec, fields)
}

func fieldCount(n int) string {
	if n == 1 {
		return "only one field"
	}
	return fmt.Sprintf("only %d fields", n)
}

var cronYear = regexp.MustCompile(`^(19|20)\d\d`)

// tooMany finds what to leave out: a space inside a list, a year at the end, the seconds in front.
func tooMany(spec string, fields []string) error {
	const year, seconds = "the last looks like a year", "the first looks like seconds"
	closed := regexp.MustCompile(`\s*([,/-])\s*`).ReplaceAllString(strings.TrimSpace(spec), "$1")
	last := len(fields) - 1
	for _, try := range []struct{ what, write string }{
		{"there are spaces inside a list, a range or a step", closed},
		{year, strings.Join(fields[:last], " ")},
		{seconds, strings.Join(fields[1:], " ")},
		{seconds + " and " + year, strings.Join(fields[1:last], " ")},
	} {
		if strings.Contains(try.what, year) && !cronYear.MatchString(fields[last]) && (fields[last] != "*" || len(fields) == len(cronFields)+1) {
			continue
		}
		if len(strings.Fields(try.write)) != len(cronFields) {
			continue
		}
		if _, err := readCron(try.write); err == nil {
			return misread("it has %d fields, and %s; write %q", len(fields), try.what, try.write)
		}
	}
	return misread("it has %d fields; write five, without seconds or years: %s", len(fields), fiveFields)
}

// unknown says what a value of a field is that is no value, as well as can be told.
func (f cronField) unknown(text, value string) error {
	for _, tell := range []func(string, string) error{f.quartz, f.spelled} {
		if err := tell(text, value); err != nil {
			return err
		}
	}
	if text == "" {
		return misread("the %s has a comma with nothing beside it; leave it out", f.name)
	}
	return misread("%q isn't %s; write %s", text, f.one(), f.takes)
}

// one is the field's name with its article.
func (f cronField) one() string {
	if f.name == "hour" {
		return "an hour"
	}
	return "a " + f.name
}

var (
	nthWeekday  = regexp.MustCompile(`^(\w+)#`)
	lastWeekday = regexp.MustCompile(`^(\w+)L$`)
	nearestDay  = regexp.MustCompile(`^(\d+)W$`)
)

// quartz knows the letters of Quartz and others that crontab(5) does not have.
func (f cronField) quartz(text, value string) error {
	upper, month, week := strings.ToUpper(value), f.low == 1 && f.high == 31, f.circle
	switch {
	case week && strings.Contains(upper, "#"):
		day := f.dayOf(nthWeekday.FindStringSubmatch(upper))
		return misread("%q picks one %s of the month, which five fields can't say; write %s for every one of them, or a day of the month such as 1", text, f.called(day), day)
	case week && upper == "L":
		return misread("L isn't taken as a weekday; write SAT")
	case week && lastWeekday.MatchString(upper):
		day := f.dayOf(lastWeekday.FindStringSubmatch(upper))
		return misread("%q means the last %s of the month, which five fields can't say; write %s for every one of them", text, f.called(day), day)
	case month && nearestDay.MatchString(upper):
		return misread("%q means the workday nearest to a day, which five fields can't say; write %s for the day itself, or MON-FRI as the weekday", text, nearestDay.FindStringSubmatch(upper)[1])
	case month && strings.HasPrefix(upper, "L"):
		return misread("%q counts from the end of the month, which five fields can't say; write 28, which every month has, or 1 for the first of the next", text)
	case month && strings.Contains(upper, "W"):
		return misread("%q means a workday, which a day of the month can't say; write a number, or MON-FRI as the weekday", text)
	case strings.Contains(upper, "H"):
		return f.hashed(text, upper)
	}
	return nil
}

// hashed knows the H of Jenkins, which picks a value by itself.
func (f cronField) hashed(text, upper string) error {
	if upper != "H" && !strings.HasPrefix(upper, "H(") {
		return nil
	}
	return misread("%q leaves it to the program to pick %s; write which: %s", text, f.one(), f.takes)
}

// dayOf is the weekday in what was found, in the three letters that are taken; MON where there is none.
func (f cronField) dayOf(found []string) string {
	if len(found) > 1 {
		if n := f.value(found[1]); n >= 0 {
			return f.names[n%len(f.names)]
		}
	}
	return "MON"
}

var weekdays = map[string]string{"SUN": "Sunday", "MON": "Monday", "TUE": "Tuesday", "WED": "Wednesday", "THU": "Thursday", "FRI": "Friday", "SAT": "Saturday"}

func (f cronField) called(day string) string { return weekdays[day] }

// spelled knows values that are right and only written otherwise.
func (f cronField) spelled(text, value string) error {
	from, to, ranged := strings.Cut(value, "-")
	if short := f.short(from); short != "" && !ranged {
		return misread("%q isn't how %s is written here; write %s", text, f.one(), short)
	} else if first, last := f.short(from), f.short(to); ranged && first != "" && last != "" {
		return misread("%q isn't how %s is written here; write %s-%s", text, f.one(), first, last)
	}
	if n, ok := cronNumber(value); ok && f.name == "hour" && n == 24 {
		return misread("24 isn't an hour; write 0 for midnight")
	}
	if hour, minute, ok := strings.Cut(value, ":"); ok {
		h, good := cronNumber(hour)
		m, fine := cronNumber(minute)
		if good && fine && h < 24 && m < 60 {
			return misread("%q is a time of day; write its minute and its hour as the first two fields: %d %d", text, m, h)
		}
	}
	return nil
}

// short is the name of a value that is taken for a longer one: MON for Monday. A name that is taken is its own.
func (f cronField) short(text string) string {
	upper := strings.ToUpper(text)
	for _, name := range f.names {
		if strings.HasPrefix(upper, name) && strings.Trim(upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.") == "" {
			return name
		}
	}
	return ""
}

// backwards says how to write a range that runs over the end of its field.
func (f cronField) backwards(text, from, to string, low, high, step int) error {
	first, last := strconv.Itoa(f.low), strconv.Itoa(f.high)
	if _, number := cronNumber(from); !number && f.names != nil {
		first, last = f.names[0], f.names[len(f.names)-1]
	}
	write := from + "-" + last + "," + first + "-" + to
	if step > 1 {
		var each []string
		for v := low; v <= high+f.high-f.low+1; v += step {
			each = append(each, strconv.Itoa((v-f.low)%(f.high-f.low+1)+f.low))
		}
		write = strings.Join(each, ",")
	}
	return misread("%q runs backwards; write %s", text, write)
}
