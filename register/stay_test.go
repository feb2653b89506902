package register

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// TestWhatTheDigestTells: orphans by their address, each other kind by how many there are, the most urgent first; and neither what is
// put off or mended, nor what the digest shows by itself.
func TestWhatTheDigestTells(t *testing.T) {
	s := &shelf{t: t}
	found := func(kind Kind, email string) *Finding {
		s.kept.Findings = append(s.kept.Findings, Finding{Kind: kind, App: "semrush", Email: email, Listed: "User", First: noon})
		s.kept.Members = append(s.kept.Members, list.Member{Email: email})
		return &s.kept.Findings[len(s.kept.Findings)-1]
	}
	found(TwoAddresses, "two@acme.example")
	found(LeftCompany, "left@acme.example")
	found(LeftCompany, "alsoleft@acme.example")
	found(Orphan, "nobodys@agency.example")
	found(Orphan, "later@agency.example").Later = &Later{Until: noon.AddDate(0, 0, 1)}
	found(Orphan, "mended@agency.example").Closed = noon
	found(NobodyUses, "idle@acme.example").Since = noon.AddDate(0, 0, -70)
	s.kept.Members[len(s.kept.Members)-1].LastActive = "2026-09-17"
	found(NeverApproved, "Invited@acme.example")
	s.kept.Members[len(s.kept.Members)-1].Status = list.Invited
	s.kept.Members[len(s.kept.Members)-1].Invited = noon.AddDate(0, 0, -20)
	found(NeverJoined, "joinslater@acme.example").Later = &Later{Until: noon.AddDate(0, 0, 1)}
	s.kept.Members[len(s.kept.Members)-1].Status = list.Invited
	s.kept.Members[len(s.kept.Members)-1].Invited = noon.AddDate(0, 0, -20)
	found(PastEnd, "over@acme.example")
	s.kept.At, s.kept.Imported = noon.AddDate(0, 0, -1), noon.AddDate(0, 0, -1)
	g := s.joined()
	g.Now = func() time.Time { return noon }
	got, err := g.Stayed(t.Context(), manual())
	require.NoError(t, err)
	orphans := []approvals.Orphan{{Email: "nobodys@agency.example", As: "User", Since: noon}}
	require.Equal(t, approvals.Stayed{Looked: s.kept.At, Orphans: orphans, Others: []approvals.KindCount{{Of: "left the company", Many: 2, Who: []string{"left@acme.example", "alsoleft@acme.example"}}, {Of: "there but never approved", Many: 1, Who: []string{"Invited@acme.example"}}, {Of: "same person under two addresses", Many: 1, Who: []string{"two@acme.example"}}, {Of: "nobody uses it", Many: 1, Who: []string{"idle@acme.example"}, Idle: true}},
		Idle: []approvals.IdleAccount{{Email: "idle@acme.example", Since: noon.Truncate(24*time.Hour).AddDate(0, 0, -70)}, {Email: "Invited@acme.example", Never: true, Since: noon.AddDate(0, 0, -20)}}}, got)
	got, err = g.Stayed(t.Context(), readable())
	require.NoError(t, err)
	require.Equal(t, approvals.Stayed{Looked: s.kept.At, Orphans: orphans, Others: []approvals.KindCount{{Of: "left the company", Many: 2, Who: []string{"left@acme.example", "alsoleft@acme.example"}}, {Of: "there but never approved", Many: 1, Who: []string{"Invited@acme.example"}}, {Of: "same person under two addresses", Many: 1, Who: []string{"two@acme.example"}}}}, got,
		"who sees no website stands in its digest by itself")
}

// TestNobodyHasLookedYet: what was compared with nothing, or without asking who there is, was not looked over.
func TestNobodyHasLookedYet(t *testing.T) {
	for name, kept := range map[string]Kept{
		"nothing is kept":                    {},
		"only its requests were looked at":   {Swept: noon, Slot: "2026-11-23"},
		"a list was compared with no people": {At: noon, Imported: noon, Blind: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := (&shelf{t: t, kept: kept}).joined()
			g.Now = func() time.Time { return noon }
			got, err := g.Stayed(t.Context(), manual())
			require.NoError(t, err)
			require.Equal(t, approvals.Stayed{}, got)
		})
	}
}
