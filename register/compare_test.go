package register

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register/list"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// manual is an app that nobody can read.
func manual() approvals.App {
	role := catalog.Field{Key: "role", Kind: catalog.OneOf, Choices: []catalog.Choice{{ID: "user", Words: "User"}, {ID: "admin", Words: "Admin", Also: []string{"administrator"}}}}
	return approvals.App{ID: "semrush", Name: "Semrush", Price: approvals.Price{Amount: 4500, Currency: "USD"}, Entry: &catalog.Entry{Kind: "manual", Sort: "role", Seat: catalog.Noun{One: "user", Many: "users"}, Actions: []catalog.Action{
		{Key: "invite", Effect: catalog.Gives, New: true, Undo: "remove", Fields: []catalog.Field{role}},
		{Key: "promote", Effect: catalog.Changes, Fields: []catalog.Field{role}},
		{Key: "remove", Effect: catalog.Takes, Ends: true},
	}}}
}

// past is a company's requests, each done a minute after the one before.
type past struct{ done []approvals.Request }

func (p *past) did(action catalog.Verb, email, role string, who approvals.PersonID) *approvals.Request {
	n := int64(len(p.done) + 1)
	r := approvals.Request{Number: n, App: manual(), Action: action, Requester: "U0BOSS", State: approvals.Done, Rule: approvals.Rule{Policy: "seats"},
		Change: approvals.Change{Email: email, Person: who}, Votes: []approvals.Vote{{By: "U0BOB", Yes: true}},
		Outcome: &approvals.Outcome{At: noon.AddDate(0, -6, 0).Add(time.Duration(n) * time.Minute)}}
	if role != "" {
		r.Change.Values = catalog.Values{{Key: "role", Items: []catalog.Item{{ID: role, Name: strings.ToUpper(role[:1]) + role[1:]}}}}
	}
	p.done = append(p.done, r)
	return &p.done[len(p.done)-1]
}

// somebody is the i-th of many people, no two alike.
func somebody(i int) (name, email string) {
	first := []string{"Jane", "Lee", "Zoë", "Wei", "Sam", "Ana", "Noor", "Iván", "Mia", "Olu"}[i%10]
	return fmt.Sprintf("%s Field%d", first, i), fmt.Sprintf("%s.field%d@acme.example", list.Folded(first), i)
}

// headers are six spellings of one header: what it is called, and how columns are parted.
var headers = [][2]string{
	{"Email,Name,Role,Status,Last active,Invited", ","},
	{"E-mail address\tFull name\tUser role\tAccount status\tLast login\tInvite date", "\t"},
	{"E-Mail-Adresse;Vollständiger Name;Rolle;Status;Letzte Aktivität;Eingeladen am", ";"},
	{"Adresse e-mail;Nom complet;Rôle;Statut;Dernière connexion;Date d’invitation", ";"},
	{"Correo electrónico|Nombre completo|Función|Estado|Último acceso|Fecha de invitación", "|"},
	{"Endereço de e-mail;Nome completo;Função;Situação;Último acesso;Data do convite", ";"},
}

// TestAThousandCleanRows: a list that is as the register says gives no finding, however its header is spelt.
func TestAThousandCleanRows(t *testing.T) {
	var p past
	var people []approvals.Person
	rows := make([][]string, 1000)
	for i := range rows {
		name, email := somebody(i)
		role := []string{"user", "admin"}[i%2]
		id := approvals.PersonID(fmt.Sprintf("U%05d", i))
		if i%5 == 0 {
			id = "" // somebody outside
		} else {
			people = append(people, approvals.Person{ID: id, Name: name, Email: email, Active: true})
		}
		p.did("invite", email, role, id)
		rows[i] = []string{email, name, []string{"User", "administrator"}[i%2], "active", "2026-11-20", "2026-05-01"}
		if i%7 == 0 {
			rows[i][0], rows[i][3], rows[i][5] = strings.ToUpper(email[:1])+email[1:], "pending", noon.AddDate(0, 0, -3).Format(time.DateOnly)
		}
	}
	for _, h := range headers {
		text := h[0] + "\r\n"
		for _, r := range rows {
			text += strings.Join(r, h[1]) + "\r\n"
		}
		l, err := list.Read([]byte(text), nil)
		require.NoError(t, err, h[0])
		require.Len(t, l.Members, 1000, h[0])
		require.Empty(t, l.Ignored, h[0])
		require.Empty(t, Find(manual(), p.done, Seen{At: noon, How: ByList, Members: l.Members}, NewDirectory(people), nil, noon), h[0])
	}
}

// injected is a list with one discrepancy of every kind, among others that are clean, and what must be found.
func injected(clean int) (p past, members []list.Member, people []approvals.Person, want map[string]Kind) {
	want = map[string]Kind{}
	add := func(email, role string, s list.Status) *list.Member {
		members = append(members, list.Member{Email: email, Role: role, Status: s, Rows: []int{len(members) + 2}})
		return &members[len(members)-1]
	}
	for i := range clean {
		name, email := somebody(i)
		p.did("invite", email, "user", "")
		add(email, "User", list.Active).Name = name
	}
	p.did("invite", "removed@acme.example", "user", "")
	p.did("remove", "Removed@acme.example", "", "")
	add("removed@acme.example", "User", list.Active)
	want["removed@acme.example"] = StillThere
	add("stranger@agency.example", "Admin", list.Active)
	want["stranger@agency.example"] = Orphan
	add("unasked@acme.example", "Admin", list.Active)
	want["unasked@acme.example"] = NeverApproved
	p.did("invite", "over@acme.example", "user", "").EndsAt = noon.Add(-overFor)
	add("over@acme.example", "User", list.Active)
	want["over@acme.example"] = PastEnd
	p.did("invite", "ends@acme.example", "user", "").EndsAt = noon.AddDate(0, 0, 1)
	add("ends@acme.example", "User", list.Active)
	p.did("invite", "idle@acme.example", "user", "")
	add("idle@acme.example", "User", list.Active).LastActive = noon.AddDate(0, 0, -61).Format(time.DateOnly)
	want["idle@acme.example"] = NobodyUses
	p.did("invite", "busy@acme.example", "user", "")
	add("busy@acme.example", "User", list.Active).LastActive = noon.AddDate(0, 0, -50).Format(time.DateOnly)
	p.did("invite", "off@acme.example", "user", "")
	add("off@acme.example", "User", list.Off)
	want["off@acme.example"] = StillCounted
	add("unpaid@acme.example", "User", list.Off).Unpaid = true
	p.did("invite", "left@acme.example", "user", "U0LEFT")
	add("left@acme.example", "User", list.Active)
	want["left@acme.example"] = LeftCompany
	add("alsoleft@acme.example", "User", list.Active)
	want["alsoleft@acme.example"] = LeftCompany
	people = append(people, approvals.Person{ID: "U0LEFT", Email: "left@acme.example"}, approvals.Person{ID: "U0ALSO", Email: "alsoleft@acme.example"},
		approvals.Person{ID: "U0TWO", Email: "two@acme.example", Active: true}, approvals.Person{ID: "U0UNASKED", Email: "unasked@acme.example", Active: true})
	p.did("invite", "two@acme.example", "user", "U0TWO")
	p.did("invite", "two@old.example", "user", "U0TWO")
	add("two@acme.example", "User", list.Active)
	add("two@old.example", "User", list.Active)
	want["two@old.example"] = TwoAddresses
	add("plus+trial@acme.example", "User", list.Active)
	p.did("invite", "plus@acme.example", "user", "")
	add("plus@acme.example", "User", list.Active)
	want["plus+trial@acme.example"] = TwoAddresses
	p.did("invite", "role@acme.example", "user", "")
	add("role@acme.example", "Owner", list.Active)
	want["role@acme.example"] = RoleDiffers
	p.did("invite", "waits@acme.example", "user", "")
	add("waits@acme.example", "User", list.Invited).Invited = noon.Add(-joinsWithin)
	want["waits@acme.example"] = NeverJoined
	people = append(people, differently(&p, add, want)...)
	return p, members, people, want
}

// differently adds who stands in Slack otherwise than elsewhere, and one whose role was changed as it is listed.
func differently(p *past, add func(email, role string, s list.Status) *list.Member, want map[string]Kind) []approvals.Person {
	p.did("invite", "elsewhere@acme.example", "user", "U0ELSE")
	add("elsewhere@acme.example", "User", list.Active)
	want["elsewhere@acme.example"] = OffElsewhere
	add("slackless@acme.example", "User", list.Active)
	want["slackless@acme.example"] = OffInSlack
	p.did("invite", "raised@acme.example", "user", "")
	p.did("promote", "raised@acme.example", "admin", "")
	add("raised@acme.example", "Admin", list.Active)
	return []approvals.Person{{ID: "U0ELSE", Email: "elsewhere@acme.example", Active: true}, {ID: "U0LESS", Email: "slackless@acme.example"}}
}

// TestEveryDiscrepancyIsFound: each kind that was put in is found once, about whom it is, and nothing else is.
func TestEveryDiscrepancyIsFound(t *testing.T) {
	for seed := range uint64(8) {
		p, members, people, want := injected(200)
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(members), func(i, j int) {
			if !strings.HasPrefix(members[i].Email, "two@") && !strings.HasPrefix(members[j].Email, "two@") { // the later of these is the one that is told
				members[i], members[j] = members[j], members[i]
			}
		})
		got := map[string]Kind{}
		for _, f := range Find(manual(), p.done, Seen{At: noon, Members: members}, beside(people), nil, noon) {
			require.NotContains(t, got, f.Email)
			require.NotEmpty(t, f.Rows)
			require.NotEmpty(t, f.Say().Plain())
			m, ok := f.Mends(manual().Entry)
			require.True(t, ok)
			require.True(t, strings.HasPrefix(m.Typed(), "/access "+string(m.Action)+" "+f.Email+" app=semrush"), m.Typed())
			got[f.Email] = f.Kind
		}
		require.Equal(t, want, got)
	}
}

// written is a list as a vendor would export it, under one of the headers.
func written(header [2]string, members []list.Member) []byte {
	rows := []string{header[0] + header[1] + "Seat"}
	for _, m := range members {
		status := map[list.Status]string{list.Active: "active", list.Invited: "pending", list.Off: "inactive"}[m.Status]
		invited, seat := "", "paid"
		if !m.Invited.IsZero() {
			invited = m.Invited.Format(time.DateOnly)
		}
		if m.Unpaid {
			seat = "free"
		}
		rows = append(rows, strings.Join([]string{m.Email, m.Name, m.Role, status, m.LastActive, invited, seat}, header[1]))
	}
	return []byte(strings.Join(rows, "\r\n") + "\r\n")
}

// TestEveryDiscrepancyIsFoundInEverySpelling: each kind is found in a file too, however its header is spelt, at its row.
func TestEveryDiscrepancyIsFoundInEverySpelling(t *testing.T) {
	p, members, people, want := injected(50)
	kinds := map[Kind]bool{}
	for _, kind := range want {
		kinds[kind] = true
	}
	require.Len(t, kinds, len(Kinds), "every kind is there")
	for _, h := range headers {
		l, err := list.Read(written(h, members), nil)
		require.NoError(t, err, h[0])
		got := map[string]Kind{}
		for _, f := range Find(manual(), p.done, Seen{At: noon, Members: l.Members}, beside(people), nil, noon) {
			require.NotContains(t, got, f.Email, h[0])
			require.Len(t, f.Rows, 1)
			require.Equal(t, members[f.Rows[0]-2].Email, f.Email, "it stands in that row")
			got[f.Email] = f.Kind
		}
		require.Equal(t, want, got, h[0])
	}
}

// TestWhatMends: a role that can be changed is set right, all else is taken away.
func TestWhatMends(t *testing.T) {
	f := Finding{Kind: RoleDiffers, App: "semrush", Email: "a@b.example", Listed: "Admin", Given: "User", Request: 3}
	m, _ := f.Mends(manual().Entry)
	require.Equal(t, "/access promote a@b.example app=semrush role=user because the role isn't the one that was approved", m.Typed())
	f.Given = "Owner"
	m, _ = f.Mends(manual().Entry)
	require.Equal(t, catalog.Verb("remove"), m.Action)
	_, ok := f.Mends(nil)
	require.False(t, ok)
}

// TestFoundAgainItIsTheSame: a finding stays one from list to list, closes by itself, and opens again as the same.
func TestFoundAgainItIsTheSame(t *testing.T) {
	p, members, people, want := injected(3)
	find := func(k Kept, members []list.Member, day int) (Kept, News) {
		now := noon.AddDate(0, 0, day)
		kept := Kept{At: now, Imported: now, Members: members}
		return k.With(kept, Find(manual(), p.done, kept.Seen(), beside(people), k.invitedIn(members, now), now), now)
	}
	k, news := find(Kept{}, members, 0)
	require.Len(t, news.New, len(want))
	k, news = find(k, members, 1)
	require.Empty(t, news.New)
	require.Len(t, news.Again, len(want))
	require.Len(t, k.Findings, len(want))
	for _, f := range k.Findings {
		require.Equal(t, []time.Time{noon, noon.AddDate(0, 0, 1)}, []time.Time{f.First, f.Last})
	}
	var gone []list.Member
	for _, m := range members {
		if m.Email != "stranger@agency.example" {
			gone = append(gone, m)
		}
	}
	k, news = find(k, gone, 2)
	require.Len(t, news.Closed, 1)
	require.Equal(t, Orphan, news.Closed[0].Kind)
	require.Len(t, k.Open(manual(), p.done, noon), len(want)-1)
	k, news = find(k, members, 3)
	require.Len(t, news.New, 1)
	require.Equal(t, noon, news.New[0].First, "the same as before")
	require.Len(t, k.Findings, len(want))

	blind := Kept{At: noon, Imported: noon, Members: members, Blind: true}
	k, _ = k.With(blind, Find(manual(), p.done, blind.Seen(), NewDirectory(nil), nil, noon), noon)
	still := 0
	for _, f := range k.Findings {
		if f.Kind == LeftCompany && f.Closed.IsZero() {
			still++
		}
	}
	require.Equal(t, 2, still, "who could say that it is mended wasn't asked")
	require.Len(t, k.Open(manual(), append(p.done, *p.did("remove", "role@acme.example", "", "")), noon), len(k.Open(manual(), p.done[:len(p.done)-1], noon))-1,
		"a request mends what follows from requests, without another list")
}

// TestAnInvitationSinceWhen: without a day in the list or a request, it counts from the first list that said so.
func TestAnInvitationSinceWhen(t *testing.T) {
	var p past
	p.did("invite", "jane@acme.example", "user", "").Outcome.At = noon
	invited := []list.Member{{Email: "jane@acme.example", Status: list.Invited, Rows: []int{2}}}
	for days, want := range map[int]int{1: 0, 13: 0, 14: 1} {
		now := noon.AddDate(0, 0, days)
		require.Len(t, Find(manual(), p.done, Seen{At: now, Members: invited}, NewDirectory(nil), nil, now), want, days)
	}
}

// TestEntries: what is held, by which request, allowed by whom, and how that is known.
func TestEntries(t *testing.T) {
	var p past
	p.did("invite", "jane@acme.example", "user", "U0JANE")
	p.did("promote", "jane@acme.example", "admin", "U0JANE")
	p.did("invite", "lee@acme.example", "user", "")
	p.did("remove", "lee@acme.example", "", "")
	p.did("invite", "late@acme.example", "user", "").Outcome.At = noon.Add(time.Hour)
	all := Match(manual(), Of(p.done), Seen{At: noon, How: ByList, Members: []list.Member{{Email: "Jane@acme.example", Name: "Jane Field", Role: "administrator", Status: list.Active},
		{Email: "stranger@agency.example", Role: "Owner"}}})
	require.Len(t, all, 3)
	jane := all[0]
	require.Equal(t, Entry{App: jane.App, Email: "jane@acme.example", Person: "U0JANE", Name: "Jane Field", Seat: true, Role: "Admin", Since: p.done[0].Outcome.At, Request: 1, Requester: "U0BOSS",
		Allowed: []approvals.Actor{"U0BOB"}, Policy: "seats", Cost: "45 USD a month", Verified: Verified{ByList, noon}, Status: list.Active, Listed: "Admin"}, jane)
	require.Equal(t, "late@acme.example", all[1].Email)
	require.Equal(t, Verified{OnlySaid, noon.Add(time.Hour)}, all[1].Verified, "a list of before says nothing of it")
	require.False(t, all[1].Missing)
	require.True(t, all[2].Found)
	require.Equal(t, "Owner", all[2].Listed)
	elsewhere := manual()
	elsewhere.ID = "other"
	more := Match(elsewhere, all, Seen{At: noon, How: ByList, Members: []list.Member{{Email: "jane@acme.example"}}})
	require.Len(t, more, 4, "what somebody has in one app says nothing of another")
	require.Equal(t, []any{"other", "jane@acme.example", true}, []any{more[3].App.ID, more[3].Email, more[3].Found})
	later := Match(manual(), Of(p.done), Seen{At: noon.Add(2 * time.Hour), How: ByList})
	require.True(t, later[0].Missing && later[1].Missing)
}
