package sources_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/directory/sources"
)

// TestAPersonnelOfficesListIsRead as it is exported: in other languages and encodings, with a day on which somebody left, past and to
// come, and with one person in several rows.
func TestAPersonnelOfficesListIsRead(t *testing.T) {
	now := time.Date(2026, time.November, 29, 10, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		file string
		want []directory.Record
	}{
		"a status": {"Email,Name,Status\nann@x.example,Ann,active\nben@x.example,Ben,terminated\n",
			[]directory.Record{{ID: "ann@x.example", Addresses: []string{"ann@x.example"}}, {ID: "ben@x.example", Addresses: []string{"ben@x.example"}, Off: true}}},
		"a day": {"E-Mail;Nachname;Austrittsdatum\nann@x.example;\xc4nn;03.11.2026\nben@x.example;Ben;29.11.2026\ncid@x.example;Cid;31.12.2026\n",
			[]directory.Record{{ID: "ann@x.example", Addresses: []string{"ann@x.example"}, Off: true, Since: time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)},
				{ID: "ben@x.example", Addresses: []string{"ben@x.example"}}, {ID: "cid@x.example", Addresses: []string{"cid@x.example"}}}},
		"who came back": {"Courriel;Nom;Statut;Date de sortie;Matricule\nann@x.example;Ann;parti;2025-01-01;7\nann.b@x.example;Ann;actif;;7\n",
			[]directory.Record{{ID: "7", Addresses: []string{"ann@x.example", "ann.b@x.example"}}}},
		"nothing but addresses": {"email\nann@x.example\n", []directory.Record{{ID: "ann@x.example", Addresses: []string{"ann@x.example"}}}},
	} {
		path := filepath.Join(t.TempDir(), "people.csv")
		require.NoError(t, os.WriteFile(path, []byte(row.file), 0o600))
		require.NoError(t, os.Chtimes(path, now, now))
		got, err := sources.CSV{Path: path, Now: func() time.Time { return now }}.Read(t.Context(), nil, "")
		require.NoError(t, err, name)
		require.Equal(t, row.want, got.People, name)
	}
}

// TestAListThatCantBeReadSaysSo, and never that nobody is there. Where it stands is shown to nobody.
func TestAListThatCantBeReadSaysSo(t *testing.T) {
	now := time.Date(2026, time.November, 29, 10, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		file  string
		write time.Time
		kind  apiclient.Kind
		says  string
	}{
		"none":      {"", time.Time{}, apiclient.Temporary, "no such file"},
		"empty":     {" \n", now, apiclient.Rejected, "The file is empty."},
		"a header":  {"Email,Name\n", now, apiclient.Rejected, "The list has nobody in it"},
		"no header": {"ann@x.example,Ann\n", now, apiclient.Rejected, "no line that names its columns"},
		"a page":    {"<html><title>Sign in</title></html>", now, apiclient.Rejected, "a web page"},
		"old":       {"Email\nann@x.example\n", now.Add(-40 * 24 * time.Hour), apiclient.Rejected, "written 40 days ago"},
	} {
		path := filepath.Join(t.TempDir(), "people.csv")
		if !row.write.IsZero() {
			require.NoError(t, os.WriteFile(path, []byte(row.file), 0o600))
			require.NoError(t, os.Chtimes(path, row.write, row.write))
		}
		got, err := sources.CSV{Path: path, Now: func() time.Time { return now }}.Read(t.Context(), nil, "")
		require.Equal(t, row.kind, apiclient.KindOf(err), "%s: %v", name, err)
		require.ErrorContains(t, err, row.says, name)
		require.NotContains(t, err.Error(), path, name)
		require.Empty(t, got.People)
	}
}
