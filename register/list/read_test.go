package list

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// TestEncodingsAndSeparators: the same list in each of them is the same list.
func TestEncodingsAndSeparators(t *testing.T) {
	utf16 := func(e unicode.Endianness, mark unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, mark) }
	encodings := map[string]encoding.Encoding{"UTF-8": encoding.Nop, "UTF-8 with its mark": unicode.UTF8BOM, "Windows-1252": charmap.Windows1252, "Latin-1": charmap.ISO8859_1,
		"UTF-16 LE": utf16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16 BE": utf16(unicode.BigEndian, unicode.IgnoreBOM),
		"UTF-16 LE with its mark": utf16(unicode.LittleEndian, unicode.UseBOM), "UTF-16 BE with its mark": utf16(unicode.BigEndian, unicode.UseBOM)}
	for name, e := range encodings {
		for _, by := range separators {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				text := strings.Join([]string{`Name;"E-mail";Rôle;Status`, `Zoë Müller;zoe@acme.example;Éditeur;aktiv`, `"Lee; ""Red""` + "\n" + `Roe";lee@acme.example;Admin;eingeladen`, ``}, end)
				raw, err := e.NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(text, ";", string(by)), `"Lee`+string(by), `"Lee;`))
				require.NoError(t, err)
				l, err := Read([]byte(raw), nil)
				require.NoError(t, err, "%s %q %q", name, by, end)
				require.Len(t, l.Members, 2)
				require.Equal(t, Member{Email: "zoe@acme.example", Name: "Zoë Müller", Role: "Éditeur", Status: Active, Rows: []int{2}}, l.Members[0], "%s %q %q", name, by, end)
				require.Equal(t, Member{Email: "lee@acme.example", Name: "Lee; \"Red\"\nRoe", Role: "Admin", Status: Invited, Rows: []int{3}}, l.Members[1], "%s %q %q", name, by, end)
			}
		}
	}
}

// TestHeaders: columns are known by what they mean.
func TestHeaders(t *testing.T) {
	for header, want := range map[string]string{
		"Email,Name,Role,Status,Last active,Invited":                         "active=Last active email=Email invited=Invited name=Name role=Role status=Status",
		"User,Full Name,User Role,Account Status,Last login":                 "active=Last login email=User name=Full Name role=User Role status=Account Status",
		"Login,Display name,Permission":                                      "email=Login name=Display name role=Permission",
		"E-Mail-Adresse;Vorname;Nachname;Rolle;Zustand;Letzte Aktivität":     "active=Letzte Aktivität email=E-Mail-Adresse first=Vorname last=Nachname role=Rolle status=Zustand",
		"Adresse e-mail;Nom;Prénom;Rôle;Statut;Dernière connexion;Invité le": "active=Dernière connexion email=Adresse e-mail first=Prénom invited=Invité le name=Nom role=Rôle status=Statut",
		"Correo electrónico;Nombre;Apellidos;Función;Estado;Último acceso":   "active=Último acceso email=Correo electrónico last=Apellidos name=Nombre role=Función status=Estado",
		"Endereço de e-mail;Nome completo;Função;Situação;Última atividade":  "active=Última atividade email=Endereço de e-mail name=Nome completo role=Função status=Situação",
		"Email verified,E-mail (primary),Seats,Licence":                      "email=E-mail (primary) seat=Licence",
		"ID|EMAIL ADDRESS|TEAM":                                              "email=EMAIL ADDRESS",
	} {
		by := map[bool]string{true: ";", false: ","}[strings.Contains(header, ";")]
		if strings.Contains(header, "|") {
			by = "|"
		}
		cells := make([]string, strings.Count(header, by)+1)
		for i, h := range strings.Split(header, by) {
			cells[i] = "x"
			if f := fold(h); f != "emailverified" && (mentionsMail(f) || f == "user" || f == "login" || strings.Contains(f, "correo")) {
				cells[i] = "jane@acme.example"
			}
		}
		l, err := Read([]byte("Exported for ACME\n\n"+header+"\n"+strings.Join(cells, by)), nil)
		require.NoError(t, err, header)
		var got []string
		for _, c := range []Column{LastActive, Email, First, InvitedOn, Last, Name, Role, Paid, State} {
			if l.Columns[c] != "" {
				got = append(got, fmt.Sprintf("%s=%s", c, l.Columns[c]))
			}
		}
		require.Equal(t, want, strings.Join(got, " "), header)
		require.Equal(t, "jane@acme.example", l.Members[0].Email, header)
	}
}

// TestNames: a whole name is made of the columns there are.
func TestNames(t *testing.T) {
	for _, c := range [][4]string{{"Jane Field", "", "", "Jane Field"}, {"", "Jane", "Field", "Jane Field"}, {"Field", "Jane", "", "Jane Field"}, {"Jane", "", "Field", "Jane Field"}, {"", "", "", ""}, {"JF", "Jane", "Field", "Jane Field"}} {
		require.Equal(t, c[3], nameOf(c[0], c[1], c[2]))
	}
}

// TestAskedBack: what isn't clear is asked, with the columns there are and how to say which is meant.
func TestAskedBack(t *testing.T) {
	for text, say := range map[string]string{
		"Nom d’usage,Contact\nJane,jane@acme.example":             "I can't tell which column has the e-mail addresses. I found: “Nom d’usage”, “Contact”. Say which it is, by its name or its place: --column email=\"Nom d’usage\"",
		"Personal e-mail,Company e-mail\na@b.example,c@d.example": "More than one column could be the email: “Personal e-mail”, “Company e-mail”. Say which it is, by its name or its place: --column email=\"Personal e-mail\"",
		"Email,Role,Role\na@b.example,x,y":                        "More than one column could be the role: “Role”, “Role”. Say which it is, by its name or its place: --column role=2",
		"jane@acme.example\nlee@acme.example":                     "The list has no line that names its columns: it begins with an address. Add one, such as Email,Name,Role.",
		"Email,Name\n,Jane\nnobody,Lee":                           "The list has nobody in it: below “Email” stands no e-mail address.",
		"<!DOCTYPE html><title>Sign in</title>":                   "That's a web page, not a list: maybe the vendor's sign-in page was saved. Export the list as CSV or XLSX.",
		" \r\n\t":                                                 "The file is empty.",
		"\xd0\xcf\x11\xe0 and so on":                              "That's an old Excel file (.xls), or one with a password. Save it as .xlsx or CSV without a password, and import that.",
		"%PDF-1.7":                                                "That's a PDF. Export the list as CSV or XLSX instead.",
		"GIF89a\x00\x00\x00\x00\x00\x00":                          "That's neither a text file nor a spreadsheet. Export the list as CSV or XLSX.",
		"Email,Name\na@b.example,\"Jane" + strings.Repeat("\nb@b.example,Bob", 60): "A cell goes on over more than 50 lines, so a quotation mark isn't closed. It begins with “Jane b@b.example,Bob b@b.example,Bob b@…”.",
		strings.Repeat(",", mostLine+1):                                            "A line of the file has more than 256 KB. That's no member list; export it anew as CSV or XLSX.",
		"Email" + strings.Repeat(",x", mostColumns):                                "The list has more than 200 columns. Leave out those that aren't about who the members are.",
		"Email\n" + strings.Repeat("a@b.example\n", 1_000_000/2):                   tooMany().Error(),
		strings.Repeat("a", MostBytes+1):                                           "The file has 11 MB; I read up to 10 MB. Leave out the columns that aren't about who the members are.",
	} {
		_, err := Read([]byte(text), nil)
		require.EqualError(t, err, say)
		require.ErrorAs(t, err, new(*Problem))
	}
}

// TestColumnsByHand: what was asked back can be said, by name or place.
func TestColumnsByHand(t *testing.T) {
	text := []byte("Nom d’usage,Contact,Role,Role\nJane,jane@acme.example,x,y")
	for _, by := range []string{"Contact", "contact", "2"} {
		l, err := Read(text, map[Column]string{Email: by, Role: "4", Name: "nom d'usage"})
		require.NoError(t, err, by)
		require.Equal(t, Member{Email: "jane@acme.example", Name: "Jane", Role: "y", Rows: []int{2}}, l.Members[0])
		require.Equal(t, []string{"Role"}, l.Ignored)
	}
	_, err := Read(text, map[Column]string{Email: "Contact", Role: "Rang"})
	require.EqualError(t, err, "There's no column “Rang”. I found: “Nom d’usage”, “Contact”, “Role”, “Role”.")
}

// TestRows: an address that stands twice is one member, what is none is skipped and told, nothing is worked out.
func TestRows(t *testing.T) {
	l, err := Read([]byte("sep=;\nEmail;Role;Status;Invited on;Seat\n"+
		"Jane Field <Jane@acme.example>;Admin;pending;2026-11-03;yes\n"+
		"mailto:lee@acme.example;'=cmd|' /C calc'!A0;disabled;;no\n"+
		"jane@ACME.example;User;Active;;no\n"+
		"=HYPERLINK(\"http://x\");User\n"+
		"n/a;;\n\n"+
		"wei@acme.example;\"@SUM(1+1)\";something else;03/04/2026\n"), nil)
	require.NoError(t, err)
	require.Equal(t, []Member{
		{Email: "Jane@acme.example", Role: "Admin · User", Status: Active, Invited: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), Rows: []int{3, 5}},
		{Email: "lee@acme.example", Role: "=cmd|' /C calc'!A0", Status: Off, Unpaid: true, Rows: []int{4}},
		{Email: "wei@acme.example", Role: "@SUM(1+1)", Rows: []int{9}},
	}, l.Members)
	require.Equal(t, []Skipped{{6, `=HYPERLINK("http://x") User`}, {7, "n/a"}}, l.Skipped)
}

// FuzzRead: whatever a file is, it is read or refused with a sentence, within the limits, and what is read is in order.
func FuzzRead(f *testing.F) {
	f.Add([]byte("Email,Name\njane@acme.example,Jane\n"))
	f.Add([]byte("\xff\xfeE\x00m\x00a\x00i\x00l\x00\n\x00a\x00@\x00b\x00.\x00c\x00"))
	f.Add([]byte("sep=;\nE-mail;Statut\n\"a@b.example\";\"invité\"\n"))
	f.Add(sheetOf(f, []string{"E-mail", "Role"}, []string{"jane@acme.example", "Admin"}))
	f.Add(zipped(f, part{"xl/worksheets/sheet2.xml", `<worksheet><row r="7"><c r="ZZZ1"><v>1</v></c></row></worksheet>`}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := Read(raw, nil)
		if err != nil {
			require.ErrorAs(t, err, new(*Problem))
			require.NotContains(t, err.Error(), "%!")
			return
		}
		require.LessOrEqual(t, len(l.Members)+len(l.Skipped), MostRows)
		known := map[string]bool{}
		for _, m := range l.Members {
			key := strings.ToLower(m.Email)
			require.Equal(t, m.Email, address(m.Email))
			require.False(t, known[key], key)
			require.NotEmpty(t, m.Rows)
			known[key] = true
		}
	})
}
