package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/register/list"
)

// stale is how old a file may be: an export that nobody made anew says nothing of who is there today.
const stale = 31 * 24 * time.Hour

// CSV reads a list of people that stands in a file, as a personnel office exports it: a column of addresses, and, where there are any, how
// far somebody is, when they left, and a number by which they are known whatever their address.
type CSV struct {
	Path string
	Now  func() time.Time
}

var _ directory.Source = CSV{}

// Read implements directory.Source. A file that is being written is one that can't be read, or that breaks off: whoever writes it puts it
// in place whole (mv), and what breaks off is doubted by its size.
func (c CSV) Read(context.Context, []directory.Record, string) (directory.Answer, error) {
	raw, age, err := c.file()
	if err != nil {
		return directory.Answer{}, c.wrong(apiclient.Temporary, err.Error())
	}
	if age > stale {
		return directory.Answer{}, c.wrong(apiclient.Rejected, fmt.Sprintf("the file was written %d days ago, and who is there today it can't say; put a new one in its place", int(age.Hours()/24)))
	}
	a, err := List(raw, nil, c.Now())
	if wrong, ok := errors.AsType[*list.Problem](err); ok {
		return directory.Answer{}, c.wrong(apiclient.Rejected, wrong.Say) // what one would type elsewhere doesn't help here
	}
	if err != nil {
		return directory.Answer{}, c.wrong(apiclient.Rejected, err.Error())
	}
	return a, nil
}

// List reads a list of people as it is by now. Its error is a *list.Problem.
func List(raw []byte, columns map[list.Column]string, now time.Time) (directory.Answer, error) {
	people, err := list.People(raw, columns)
	if err != nil {
		return directory.Answer{}, err
	}
	var out []directory.Record
	for _, m := range people.Members {
		// A spreadsheet may give numbers in any form; without one the address is who they are.
		r := directory.Record{ID: strings.ToLower(m.Number), Addresses: []string{m.Email}, Off: m.Status == list.Off}
		if r.ID == "" {
			r.ID = strings.ToLower(m.Email)
		}
		if !m.Left.IsZero() {
			// The day on which somebody leaves is still theirs.
			if gone := m.Left.Add(24 * time.Hour); !gone.After(now) {
				r.Off, r.Since = true, m.Left
			}
		}
		out = append(out, r)
	}
	return directory.Answer{People: joined(out)}, nil
}

// joined are people once each: who stands under one number with several addresses has them all, and is there where one of the rows says so.
func joined(people []directory.Record) (out []directory.Record) {
	at := map[string]int{}
	for _, r := range people {
		i, twice := at[r.ID]
		if !twice {
			at[r.ID], out = len(out), append(out, r)
			continue
		}
		out[i].Addresses = append(out[i].Addresses, r.Addresses...)
		if out[i].Off = out[i].Off && r.Off; !out[i].Off {
			out[i].Since = time.Time{}
		}
	}
	return out
}

// file reads the file, up to what a list may have.
func (c CSV) file() (raw []byte, age time.Duration, err error) {
	f, err := os.Open(c.Path)
	if err != nil {
		return nil, 0, cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, cause(err)
	}
	raw, err = io.ReadAll(io.LimitReader(f, list.MostBytes+1))
	if err != nil {
		return nil, 0, cause(err)
	}
	return raw, c.Now().Sub(info.ModTime()), nil
}

// cause is what is wrong with a file, without where it stands.
func cause(err error) error {
	if wrong, ok := errors.AsType[*os.PathError](err); ok {
		return wrong.Err
	}
	return err
}

func (c CSV) wrong(kind apiclient.Kind, words string) error {
	return &apiclient.Error{Op: "read the list of people", Kind: kind, Words: words}
}
