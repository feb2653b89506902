package list

import (
	"bytes"
	"fmt"
	"time"
)

// The limits. A file within them is read in memory that they bound; one beyond them is refused before it is parsed, or at
// the row that is too many.
const (
	MostBytes    = 10 << 20
	MostRows     = 20_000
	mostColumns  = 200
	mostCell     = 2_000     // characters of a cell that are kept: no address, name or role is longer
	mostLine     = 256 << 10 // bytes of a line of text
	mostBreaks   = 50        // lines that a cell goes on over
	mostUnzipped = 32 << 20  // bytes of a spreadsheet's parts that are read, in all
	mostStrings  = 1 << 20   // texts that its cells refer to
	mostParts    = 2_000
)

// Problem is why a list can't be read, and what to do: a sentence for whoever gave it.
type Problem struct {
	Say string
	// Typed is what would mend it at a command line; "": nothing would. Whoever has seen the columns can say elsewhere too which
	// mean what.
	Typed string
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Typed != "" {
		return p.Say + " Say which it is, by its name or its place: " + p.Typed
	}
	return p.Say
}

func problem(format string, args ...any) error { return &Problem{Say: fmt.Sprintf(format, args...)} }

// Head is the header of a list, as far as it can be made out by itself.
type Head struct {
	Cells []string
	// Meant are the columns that are understood, by their places.
	Meant map[Column]int
}

// Look reads which columns a file has. Its error is a *Problem.
func Look(raw []byte) (Head, error) {
	rows, err := rowsOf(raw)
	if err != nil {
		return Head{}, err
	}
	at := headIn(rows)
	if at < 0 {
		return Head{}, headless()
	}
	h := Head{Cells: rows[at].cells, Meant: map[Column]int{}}
	for _, c := range Columns {
		if i, err := columnOf(c, h.Cells, rows[at+1:], nil); err == nil && i >= 0 {
			h.Meant[c] = i
		}
	}
	return h, nil
}

// At is how a column is named by hand by its place alone, counted from 0, and None how it is said that there is no such column.
func At(i int) string { return fmt.Sprintf("=%d", i+1) }

// None says of a column that is named by hand that the list has none.
const None = "="

// Status is what a list says of how far somebody is.
type Status string

// The statuses.
const (
	// Unsaid is that of a list without such a column, or with a word that nobody here knows.
	Unsaid  Status = ""
	Active  Status = "active"
	Invited Status = "invited"
	Off     Status = "off" // deactivated, suspended or removed, and listed all the same
)

// Member is one address of a list.
type Member struct {
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
	// Role is as the vendor words it; where an address is listed under several, all of them, one after the other.
	Role   string `json:"role,omitempty"`
	Status Status `json:"status,omitempty"`
	// Unpaid says that the list itself says that no seat is paid for.
	Unpaid bool `json:"unpaid,omitempty"`
	// LastActive is as the vendor writes it; Invited is when they were, where that can be read.
	LastActive string    `json:"last_active,omitempty"`
	Invited    time.Time `json:"invited,omitzero"`
	// Left is when somebody left, and Number by what they are known whatever their address; of a list of people alone.
	Left   time.Time `json:"-"`
	Number string    `json:"-"`
	// Rows are where it stands, as a spreadsheet counts them.
	Rows []int `json:"rows"`
}

// List is what was read.
type List struct {
	Members []Member
	// Columns are the headers that were understood, by what they mean; Ignored are the others.
	Columns map[Column]string
	Ignored []string
	// Skipped are rows without an address that can be one.
	Skipped []Skipped
}

// Skipped is a row that tells of nobody.
type Skipped struct {
	Row  int    `json:"row"`
	Text string `json:"text"`
}

// row is one line of a list, and where it stands.
type row struct {
	number int
	cells  []string
}

// Read reads a file. named says by hand what some of its columns mean, where their headers don't. Its error is a *Problem.
func Read(raw []byte, named map[Column]string) (List, error) {
	return read(raw, named, Columns)
}

// People reads a list of people, as a personnel office exports it: a member list that may say when somebody left. Its error is a
// *Problem.
func People(raw []byte, named map[Column]string) (List, error) {
	return read(raw, named, append(Columns[:len(Columns):len(Columns)], ofPeople...))
}

func read(raw []byte, named map[Column]string, of []Column) (List, error) {
	rows, err := rowsOf(raw)
	if err != nil {
		return List{}, err
	}
	at, columns, err := understand(rows, named, of)
	if err != nil {
		return List{}, err
	}
	l := members(rows[at], rows[at+1:], columns)
	if len(l.Members) == 0 {
		return List{}, problem("The list has nobody in it: below “%s” stands no e-mail address.", cut(l.Columns[Email]))
	}
	return l, nil
}

// rowsOf are the rows of a file that aren't blank, by what its content shows it to be.
func rowsOf(raw []byte) ([]row, error) {
	switch {
	case len(raw) > MostBytes:
		return nil, TooLarge(int64(len(raw)))
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, problem("The file is empty.")
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return fromWorkbook(raw)
	case bytes.HasPrefix(raw, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return nil, problem("That's an old Excel file (.xls), or one with a password. Save it as .xlsx or CSV without a password, and import that.")
	case bytes.HasPrefix(raw, []byte("%PDF")):
		return nil, problem("That's a PDF. Export the list as CSV or XLSX instead.")
	}
	text, err := decoded(raw)
	if err != nil {
		return nil, err
	}
	if looksLikePage(text) {
		return nil, problem("That's a web page, not a list: maybe the vendor's sign-in page was saved. Export the list as CSV or XLSX.")
	}
	return fromText(text)
}

// TooLarge is the refusal of a file by its size alone.
func TooLarge(size int64) error {
	return problem("The file has %d MB; I read up to %d MB. Leave out the columns that aren't about who the members are.", (size+1<<20-1)>>20, MostBytes>>20)
}

func tooMany() error {
	return problem("The list has more than %d rows. That's more than a member list can have here; please look whether it's the right export.", MostRows)
}
