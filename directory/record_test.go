package directory

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func day(n int) time.Time { return time.Date(2026, time.November, n, 3, 0, 0, 0, time.UTC) }

func on(id string, addresses ...string) Record { return Record{ID: id, Addresses: addresses} }
func off(id string, since time.Time, addresses ...string) Record {
	return Record{ID: id, Addresses: addresses, Off: true, Since: since}
}

// find is somebody by their id.
func (k Kept) find(t *testing.T, id string) Record {
	t.Helper()
	for _, r := range k.People {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("nobody has the id %s", id)
	return Record{}
}

func TestSinceWhenSomebodyIsOff(t *testing.T) {
	first := Kept{}.With(Answer{People: []Record{on("a", "a@x.example"), off("b", time.Time{}, "b@x.example"), off("c", day(3), "c@x.example")}}, day(10))
	require.True(t, first.find(t, "b").Since.IsZero(), "who was off when it was first read: it isn't known since when")
	require.Equal(t, day(3), first.find(t, "c").Since, "as the directory says")

	next := first.With(Answer{People: []Record{off("a", time.Time{}, "a@x.example"), on("b", "b@x.example"), off("c", time.Time{}, "c@x.example")}}, day(11))
	require.Equal(t, day(11), next.find(t, "a").Since, "seen first that day")
	require.False(t, next.find(t, "b").Off, "who came back is on")
	require.True(t, next.find(t, "b").Since.IsZero())
	require.Equal(t, day(3), next.find(t, "c").Since, "what was said is remembered")
	again := next.With(Answer{People: []Record{off("a", time.Time{}, "a@x.example"), on("b"), on("c")}}, day(12))
	require.Equal(t, day(11), again.find(t, "a").Since, "and stays so")
}

func TestWhoIsntListedAnyMoreIsOff(t *testing.T) {
	k := Kept{}.With(Answer{People: []Record{on("a", "a@x.example"), on("b", "b@x.example")}}, day(1))
	k = k.With(Answer{People: []Record{on("a", "a@x.example")}}, day(2))
	b := k.find(t, "b")
	require.True(t, b.Off && b.Gone)
	require.Equal(t, day(2), b.Since)
	require.Len(t, k.listed(), 1)
	k = k.With(Answer{People: []Record{on("a", "a@x.example")}}, day(3))
	require.Equal(t, day(2), k.find(t, "b").Since)
	k = k.With(Answer{People: []Record{on("a"), on("b", "b@x.example")}}, day(4))
	require.False(t, k.find(t, "b").Off || k.find(t, "b").Gone, "listed again")
	k = k.With(Answer{People: []Record{on("a")}}, day(5)).With(Answer{People: []Record{on("a")}}, day(5).Add(remembers+time.Hour))
	require.Len(t, k.People, 1, "and forgotten after a year")
}

func TestADirectorysDuplicatesAreOnePerson(t *testing.T) {
	k := Kept{}.With(Answer{People: []Record{on("a", "A@x.example", "a@X.example", ""), off("a", day(1), "a@x.example")}}, day(2))
	require.Len(t, k.People, 1)
	require.True(t, k.People[0].Off, "the later counts")
	require.Equal(t, []string{"a@x.example"}, k.People[0].Addresses)
}

func TestAnAddressStaysWhoseItWas(t *testing.T) {
	k := Kept{}.With(Answer{People: []Record{on("a", "ann.smith@x.example")}}, day(1))
	k = k.With(Answer{People: []Record{on("a", "ann.jones@x.example")}}, day(2))
	require.Equal(t, "a", owners(k.People)["ann.smith@x.example"].ID, "who was renamed has the old address too")
	require.Equal(t, "a", owners(k.People)["ann.jones@x.example"].ID)
	k = k.With(Answer{People: []Record{off("a", day(3), "ann.jones@x.example"), on("z", "ann.smith@x.example")}}, day(3))
	require.Equal(t, "z", owners(k.People)["ann.smith@x.example"].ID, "until a new colleague has it")
	require.True(t, owners(k.People)["ann.jones@x.example"].Off)
	for i := range 30 {
		k = k.With(Answer{People: []Record{on("a", fmt.Sprintf("a%d@x.example", i))}}, day(4))
	}
	require.Len(t, k.find(t, "a").Former, mostFormer)
}

// TestWhoIsThereHasTheAddress: of several who have one, who is there is meant; then whose it is now; then who came last.
func TestWhoIsThereHasTheAddress(t *testing.T) {
	const a = "info@x.example"
	old, young := Record{ID: "old", Addresses: []string{a}, Created: day(1)}, Record{ID: "young", Addresses: []string{a}, Created: day(2)}
	was := Record{ID: "was", Former: []string{a}, Created: day(3)}
	gone := func(r Record) Record { r.Off = true; return r }
	for name, row := range map[string]struct {
		people []Record
		want   string
	}{
		"the younger":           {[]Record{young, old}, "young"},
		"not who is off":        {[]Record{old, gone(young)}, "old"},
		"both off: the younger": {[]Record{gone(young), gone(old)}, "young"},
		"now before once":       {[]Record{old, was}, "old"},
		"there before now":      {[]Record{was, gone(old)}, "was"},
	} {
		require.Equal(t, row.want, owners(row.people)[a].ID, name)
	}
}

func company(n int) (out []Record) {
	for i := range n {
		out = append(out, on(fmt.Sprintf("id%03d", i), fmt.Sprintf("p%d@x.example", i)))
	}
	return out
}

// switchedOff is a company of which so many were switched off.
func switchedOff(n, so int) []Record {
	people := company(n)
	for i := range so {
		people[i].Off = true
	}
	return people
}

func TestWhatIsNotBelieved(t *testing.T) {
	for name, row := range map[string]struct {
		was, now []Record
		doubted  string
	}{
		"nobody":                   {company(40), nil, "it lists nobody"},
		"half and more":            {company(40), company(36), ""},
		"fewer than half":          {company(40), company(19), "it lists 19 people, and 40 the last time"},
		"the same one many times":  {company(40), append(company(1), append(company(1), company(19)...)...), "it lists 19 people, and 40 the last time"},
		"a few in a small company": {company(10), switchedOff(10, 5), ""},
		"too many in a small one":  {company(10), switchedOff(10, 6), "6 of the 10 people who were active the last time are off now"},
		"many in a large company":  {company(500), switchedOff(500, 50), ""},
		"too many in a large one":  {company(500), switchedOff(500, 51), "51 of the 500 people who were active the last time are off now"},
		"missing counts as off":    {company(30), company(20), "10 of the 30 people who were active the last time are off now"},
		"who was off before":       {switchedOff(40, 20), switchedOff(40, 20), ""},
	} {
		k := Kept{}.With(Answer{People: row.was}, day(1))
		require.Equal(t, row.doubted, k.doubt(Answer{People: row.now}, fewOff, false).Plain(), name)
		if len(row.now) > 0 {
			require.Nil(t, k.doubt(Answer{People: row.now}, fewOff, true), name)
		}
	}
	k := Kept{}.With(Answer{People: company(10)}, day(1))
	require.Nil(t, k.doubt(Answer{People: switchedOff(10, 6)}, 6, false), "where more may be switched off")
	require.NotNil(t, k.doubt(Answer{People: switchedOff(10, 7)}, 6, false))
	require.NotNil(t, Kept{}.doubt(Answer{}, fewOff, true), "nobody is never believed")
	require.Nil(t, Kept{}.doubt(Answer{People: switchedOff(40, 30)}, fewOff, false), "the first time there is nothing to compare")
}
