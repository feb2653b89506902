package approvals

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// TestTakenAway: an account is gone that a request took away, however its address was written, unless one gave it anew.
func TestTakenAway(t *testing.T) {
	did := func(n int64, a Action, email string) Request {
		return Request{Number: n, App: ranked(), Action: a, Change: Change{Email: email, Values: values.Of{Type: "client"}.Values()}, State: Done, Outcome: &Outcome{At: time.Unix(n*60, 0)}}
	}
	other := did(9, catalog.Delete, "ann@acme.example")
	other.App.ID = "other"
	taken := TakenAway([]Request{other, did(4, catalog.Delete, "Ann@acme.example"), did(1, catalog.Create, "ann@acme.example"), did(2, catalog.Delete, "bob@acme.example"),
		did(3, catalog.Create, "bob@acme.example"), did(5, catalog.Delete, "lee@acme.example"), did(6, catalog.Delete, "lee@acme.example"), did(7, catalog.Unshare, "wei@acme.example")})
	var got []string
	for _, k := range taken {
		got = append(got, k.App.ID+" "+k.Email+" "+k.At.Sub(time.Unix(0, 0)).String())
		require.Equal(t, time.Duration(k.Number)*time.Minute, k.At.Sub(time.Unix(0, 0)))
	}
	require.Equal(t, []string{"seranking Ann@acme.example 4m0s", "seranking lee@acme.example 6m0s", "other ann@acme.example 9m0s"}, got)
}

// TestHoldings: what somebody has is what was given and not taken back since, in the order in which it was done.
func TestHoldings(t *testing.T) {
	site := func(ids ...string) (list []catalog.Item) {
		for _, id := range ids {
			list = append(list, catalog.Item{ID: id, Name: "s" + id})
		}
		return list
	}
	n := int64(0)
	did := func(a Action, email string, sites ...string) Request {
		n++
		of := values.Of{Sites: site(sites...)}
		if a == catalog.Create {
			of.Type = "client"
		}
		return Request{Number: n, App: ranked(), Action: a, Change: Change{Email: email, Values: of.Values()}, State: Done,
			Outcome: &Outcome{At: time.Unix(n*60, 0)}}
	}
	other := did(catalog.Create, "ann@acme.example", "9")
	other.App.ID = "other"
	gone := did(catalog.Create, "ann@acme.example")
	gone.App.Entry = nil
	late := did(catalog.Unshare, "ann@acme.example", "1")
	for name, c := range map[string]struct {
		done []Request
		want []string
	}{
		"nothing":                     {},
		"a seat":                      {[]Request{did(catalog.Create, "ann@acme.example")}, []string{"seat:"}},
		"a seat with websites":        {[]Request{did(catalog.Create, "ann@acme.example", "1", "2"), did(catalog.Share, "Ann@Acme.example", "2", "3")}, []string{"seat: s1 s2 s3"}},
		"some are taken back":         {[]Request{did(catalog.Create, "ann@acme.example", "1", "2"), did(catalog.Unshare, "ann@acme.example", "1", "7")}, []string{"seat: s2"}},
		"a share without a seat":      {[]Request{did(catalog.Share, "ann@acme.example", "1")}, []string{"share: s1"}},
		"all that was shared is gone": {[]Request{did(catalog.Share, "ann@acme.example", "1"), did(catalog.Unshare, "ann@acme.example", "1")}, nil},
		"the seat is gone":            {[]Request{did(catalog.Create, "ann@acme.example", "1"), did(catalog.Delete, "ann@acme.example")}, nil},
		"a new one after that":        {[]Request{did(catalog.Create, "ann@acme.example", "1"), did(catalog.Delete, "ann@acme.example"), did(catalog.Create, "ann@acme.example")}, []string{"seat:"}},
		"made anew unseen":            {[]Request{did(catalog.Create, "ann@acme.example", "1"), did(catalog.Create, "ann@acme.example", "2")}, []string{"seat: s2"}},
		"an update gives nothing":     {[]Request{did(catalog.Update, "ann@acme.example")}, nil},
		"taking what nobody gave":     {[]Request{did(catalog.Unshare, "ann@acme.example", "1"), did(catalog.Delete, "ann@acme.example")}, nil},
		"two addresses":               {[]Request{did(catalog.Create, "ann@acme.example"), did(catalog.Share, "ann@old.example", "1")}, []string{"seat:", "share: s1"}},
		"two apps":                    {[]Request{other, did(catalog.Create, "ann@acme.example")}, []string{"seat: s9", "seat:"}},
		"an app that is gone":         {[]Request{gone}, nil},
		"by when it was done":         {[]Request{did(catalog.Share, "ann@acme.example", "1"), late}, []string{"share: s1"}},
	} {
		var got []string
		for _, h := range Holdings(c.done, ByAddress) {
			line := map[bool]string{true: "seat:", false: "share:"}[h.Seat]
			for _, i := range h.Items {
				line += " " + i.Name
			}
			got = append(got, line)
			require.Equal(t, strings.Contains(line, "seat"), h.Sort.ID == "client", name)
		}
		require.Equal(t, c.want, got, name)
	}
}
