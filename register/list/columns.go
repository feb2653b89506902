package list

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// within is how far down a header may stand: some exports have a title above it.
const within = 15

// understand finds the header and what each column means. What it can't be sure of it asks back.
func understand(rows []row, named map[Column]string, of []Column) (at int, columns map[Column]int, err error) {
	if len(rows) == 0 {
		return 0, nil, problem("The file is empty.")
	}
	if at = headerAt(rows, named); at < 0 {
		return 0, nil, noHeader(rows[0])
	}
	if len(rows)-at-1 > MostRows {
		return 0, nil, tooMany()
	}
	head := rows[at].cells
	columns = map[Column]int{}
	for _, c := range of {
		i, err := columnOf(c, head, rows[at+1:], named)
		if err != nil {
			return 0, nil, err
		}
		if i >= 0 {
			columns[c] = i
		}
	}
	if _, ok := columns[Email]; !ok {
		return 0, nil, noEmail(head)
	}
	return at, columns, nil
}

// headerAt is the row that names the addresses' column, by hand or by itself; else the first that looks like a header.
func headerAt(rows []row, named map[Column]string) int {
	top := rows[:min(len(rows), within)]
	if by, ok := named[Email]; ok && byPlace(by) {
		return headIn(rows)
	} else if ok {
		if i := slices.IndexFunc(top, func(r row) bool { return find(by, r.cells) >= 0 }); i >= 0 {
			return i
		}
		if n, err := strconv.Atoi(by); err == nil && n >= 1 && n <= len(top[0].cells) {
			return 0
		}
	}
	return likelyHead(top)
}

// likelyHead is the row that names the addresses' column by itself; else the first that looks like a header.
func likelyHead(top []row) int {
	if i := slices.IndexFunc(top, func(r row) bool { return !hasAddress(r) && slices.Contains(meant(r.cells), Email) }); i >= 0 {
		return i
	}
	return slices.IndexFunc(top, func(r row) bool { return len(r.cells) > 1 && !hasAddress(r) })
}

// headIn is the row that is shown to whoever is asked which column means what; -1: there is none.
func headIn(rows []row) int {
	at := likelyHead(rows[:min(len(rows), within)])
	if at < 0 && len(rows) > 0 && !hasAddress(rows[0]) {
		return 0
	}
	return at
}

// hasAddress reports whether a row has an address, as no header has.
func hasAddress(r row) bool {
	return slices.ContainsFunc(r.cells, func(c string) bool { return address(c) != "" })
}

// meant are the columns that a row of headers would name.
func meant(cells []string) (out []Column) {
	for _, cell := range cells {
		for _, c := range Columns {
			if f := fold(cell); has(headers[c], f) || c == Email && (has(loose, f) || mentionsMail(f)) {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// columnOf is the place of a column; -1: there is none.
func columnOf(c Column, head []string, rows []row, named map[Column]string) (int, error) {
	if by, ok := named[c]; ok && by == None {
		return -1, nil
	} else if ok {
		if i := place(by, head); i >= 0 {
			return i, nil
		}
		return -1, problem("There's no column “%s”. I found: %s.", by, quoted(head))
	}
	taken := func(i int) bool {
		for o, by := range named {
			if o != c && place(by, head) == i {
				return true
			}
		}
		return false
	}
	for _, fits := range ways(c, rows) {
		var at []int
		for i, h := range head {
			if !taken(i) && fits(i, fold(h)) {
				at = append(at, i)
			}
		}
		switch {
		case len(at) == 1:
			return at[0], nil
		case len(at) > 1:
			return -1, unclear(c, head, at)
		}
	}
	return -1, nil
}

// ways are how a column is known, the surest first.
func ways(c Column, rows []row) []func(i int, header string) bool {
	exact := func(_ int, h string) bool { return has(headers[c], h) }
	switch c {
	case Email:
		return []func(int, string) bool{exact,
			func(_ int, h string) bool { return mentionsMail(h) },
			func(i int, h string) bool { return has(loose, h) && mostly(rows, i) }}
	case Name:
		return []func(int, string) bool{exact, func(i int, h string) bool { return has(loose, h) && h != "login" && !mostly(rows, i) }}
	}
	return []func(int, string) bool{exact}
}

// mentionsMail reports whether a header speaks of an address among other things: “E-mail (work)”, “Primary e-mail”.
func mentionsMail(h string) bool {
	said := strings.Contains(h, "email") || strings.Contains(h, "correo") || strings.Contains(h, "courriel") || strings.HasSuffix(h, "mail")
	// What is said about an address is none: whether it was verified, whether mails are wanted.
	about := []string{"verified", "confirmed", "status", "notification", "consent", "count", "sent", "domain", "optin", "optout", "bestatigt", "verifie", "verificado"}
	return said && !slices.ContainsFunc(about, func(a string) bool { return strings.Contains(h, a) })
}

// mostly reports whether most cells of a column that aren't blank are addresses.
func mostly(rows []row, i int) bool {
	all, are := 0, 0
	for _, r := range rows[:min(len(rows), 200)] {
		if i >= len(r.cells) || r.cells[i] == "" {
			continue
		}
		all++
		if address(r.cells[i]) != "" {
			are++
		}
	}
	return are*2 > all
}

// place is a column by its header, or counted from 1; -1: there is none.
func place(by string, head []string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(by, None))
	if i := find(by, head); i >= 0 && !byPlace(by) {
		return i
	}
	if err == nil && n >= 1 && n <= len(head) {
		return n - 1
	}
	return -1
}

// byPlace reports whether a column is named by its place alone, as At does.
func byPlace(by string) bool {
	_, err := strconv.Atoi(strings.TrimPrefix(by, None))
	return strings.HasPrefix(by, None) && err == nil
}

// find is a column by its header.
func find(by string, head []string) int {
	if i := slices.Index(head, by); i >= 0 {
		return i
	}
	return slices.IndexFunc(head, func(h string) bool { return fold(by) != "" && fold(h) == fold(by) })
}

func noHeader(first row) error {
	if hasAddress(first) {
		return headless()
	}
	return noEmail(first.cells)
}

func headless() error {
	return problem("The list has no line that names its columns: it begins with an address. Add one, such as Email,Name,Role.")
}

func noEmail(head []string) error {
	return &Problem{fmt.Sprintf("I can't tell which column has the e-mail addresses. I found: %s.", quoted(head)), "--column email=" + example(head, 0)}
}

func unclear(c Column, head []string, at []int) error {
	var could []string
	for _, i := range at {
		could = append(could, head[i])
	}
	i, by := at[0], example(head, at[0])
	if find(head[i], head[i+1:]) >= 0 { // a name that two columns bear tells nothing
		by = strconv.Itoa(i + 1)
	}
	return &Problem{fmt.Sprintf("More than one column could be the %s: %s.", c, quoted(could)), fmt.Sprintf("--column %s=%s", c, by)}
}

// example is a column as one would type it.
func example(head []string, i int) string {
	if name := head[i]; name != "" && !strings.ContainsAny(name, "\"\\\n$`") {
		return `"` + cut(name) + `"`
	}
	return strconv.Itoa(i + 1)
}

func quoted(head []string) string {
	var out []string
	for _, h := range head[:min(len(head), 20)] {
		out = append(out, "“"+cut(h)+"”")
	}
	if more := len(head) - len(out); more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

// cut shortens what is shown of a header.
func cut(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
