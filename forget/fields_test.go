package forget

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// zebedee is whom the tests forget.
func zebedee() Person {
	return Person{Called: "forgotten-7f3c0001", Addresses: []string{"zebedee@acme.example", "zeb@old.example"}, IDs: []approvals.PersonID{"U0XYZ"}, Names: []string{"Zebedee Quill"}}
}

// TestEveryFieldIsToldApart fills every text of all that is kept about somebody with a word that only it has. Those that are still there once
// they were forgotten stand in testdata, by their place: they are the program's own, the configuration's, an id, or somebody else's. One that is new
// fails this until somebody has thought about whose it is.
func TestEveryFieldIsToldApart(t *testing.T) {
	for _, kept := range []struct {
		of    any
		about bool
	}{
		{of: &approvals.Request{}, about: true},
		{of: &leavers.Leaving{}},
		{of: &reviews.Review{}},
		{of: &register.Kept{}},
		{of: &directory.Kept{}},
		{of: &joiners.Coming{}},
		{of: &approvals.Seat{}},
	} {
		name := reflect.TypeOf(kept.of).Elem().String()
		t.Run(name, func(t *testing.T) {
			f := filler{}
			f.fill(reflect.ValueOf(kept.of).Elem(), name, "")
			raw, err := json.Marshal(kept.of)
			require.NoError(t, err)
			p := zebedee()
			out, some, err := p.line(raw, place{about: kept.about})
			require.NoError(t, err)
			require.True(t, some)
			require.NotContains(t, strings.ToLower(string(out)), "zeb")
			require.NoError(t, json.Unmarshal(out, reflect.New(reflect.TypeOf(kept.of).Elem()).Interface()), "it can be read as before")
			var stays []string
			trees, err := parsed(out)
			require.NoError(t, err)
			paths(trees[0], "", func(path string) { stays = append(stays, path) })
			slices.Sort(stays)
			golden, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
			require.NoError(t, err)
			require.Equal(t, strings.Fields(string(golden)), slices.Compact(stays))
		})
	}
}

// paths calls fn with where each text stands that is a word of its own still.
func paths(n *node, at string, fn func(string)) {
	if n.kind == '"' && strings.HasPrefix(n.text, "word ") {
		fn(at)
	}
	for i, kid := range n.kids {
		under := at
		if n.kind == '{' {
			under = strings.TrimPrefix(at+"."+n.keys[i], ".")
		}
		paths(kid, under, fn)
	}
}

// filler puts a word into every text.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value, in, key string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time](), v.Type() == reflect.TypeFor[json.RawMessage]():
		return
	}
	switch v.Kind() {
	case reflect.String:
		f.n++
		switch key {
		case "email", "addresses", "former":
			v.SetString("Zebedee@ACME.example")
		case "person":
			v.SetString("U0XYZ")
		default:
			v.SetString(fmt.Sprintf("word %d", f.n))
		}
	case reflect.Pointer:
		if strings.Count(in, "/") < 9 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), in+"/", key)
		}
	case reflect.Slice:
		if strings.Count(in, "/") > 9 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), in+"/", key)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(k, in+"/", "")
		f.fill(e, in+"/", key)
		v.SetMapIndex(k, e)
	case reflect.Struct:
		for i := range v.NumField() {
			tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if tag != "-" && v.Type().Field(i).IsExported() {
				f.fill(v.Field(i), in+"/", tag)
			}
		}
	}
}
