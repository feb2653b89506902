package commands

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// TestAPhonesDashInAnAddressIsAskedAbout: an address is exact, so whoever has a dash for hyphens is asked which they
// typed, whoever they are and whatever there is: the answer must tell nobody who has an account.
func TestAPhonesDashInAnAddressIsAskedAbout(t *testing.T) {
	for _, who := range []approvals.PersonID{"U0CAROL", "U0ALICE"} {
		for _, verb := range []string{"delete %s because left", "share %s 39 because x", "unshare %s 39 because x", "update %s access=none because x", "create %s Jane because x", "show %s"} {
			w := newWorld(t)
			w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "8", Email: "jane-doe@acme.example", Sort: "client"}, approvals.Seat{ID: "9", Email: "jane--doe@acme.example", Sort: "client"})
			said := w.says(who, strings.ReplaceAll(verb, "%s", "jane—doe@acme.example"))
			require.Contains(t, said, "Which address do you mean?", verb)
			require.Contains(t, said, "> /access "+strings.ReplaceAll(verb, "%s", "jane--doe@acme.example")+"\n> /access "+strings.ReplaceAll(verb, "%s", "jane-doe@acme.example")+"\n")
			require.Empty(t, w.book.requests)
		}
	}
	w := newWorld(t)
	w.says("U0CAROL", "create lee@xn—bcher-kva.example Lee because x")
	require.Equal(t, "lee@xn--bcher-kva.example", w.only().Change.Email)
}

// TestAPhonesDashInAWebsiteIsAskedAbout: where both readings are there; where one is, that one was meant.
func TestAPhonesDashInAWebsiteIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	w.vendor.sites = append(w.vendor.sites, catalog.Item{ID: "50", Host: "shop--old.example"})
	w.says("U0CAROL", "share ann@acme.example shop—old.example because x")
	require.Equal(t, w.vendor.sites[6:], w.only().Change.Values.Items("sites"))
	w = newWorld(t)
	w.vendor.sites = append(w.vendor.sites, catalog.Item{ID: "50", Host: "shop--old.example"}, catalog.Item{ID: "51", Host: "shop-old.example"})
	require.Contains(t, w.says("U0CAROL", "share ann@acme.example shop—old.example because x"), "could be any of 2 websites")
	w.says("U0ALICE", "share ann@acme.example shop—old.example because x")
	require.Equal(t, []string{"shop—old.example"}, typedSites(w.only().Change.Values), "as it was typed: the look asks")
	w.says("U0ALICE", "share ann@acme.example shop-old.example because x")
	require.Len(t, w.book.requests, 2, "it may be another website, and so is no repetition")
}

// TestOurOwnListsPastedBackAreUnderstoodWhole pastes every list in which Usher names websites, in every form that
// survives a copy: one a line, with bullets, numbered, run together, with commas, semicolons or "and" between.
func TestOurOwnListsPastedBackAreUnderstoodWhole(t *testing.T) {
	all := []catalog.Item{{ID: "101", Name: "Acme", Host: "acme.example"}, {ID: "105", Name: "Help – us, please", Host: "help.acme.example", Paused: true},
		{ID: "106", Name: "Rock and Roll; Co.", Host: "https://rock.example/a"}, {ID: "107", Host: "plain.example"}, {ID: "108", Name: "C# Shop (old)"}, {ID: "109", Nameless: "site"}}
	labels, lines := make([]string, len(all)), make([]string, len(all))
	for i, s := range all {
		labels[i], lines[i] = s.Label(), itemLine(s).Plain()
	}
	numbered := "1. " + strings.Join([]string{lines[0], "2. " + lines[1], "3. " + lines[2], "4. " + lines[3], "5. " + lines[4], "6. " + lines[5]}, "\n")
	for _, list := range [][]string{labels, lines} {
		for _, pasted := range []string{
			strings.Join(list, "\n"), "\n• " + strings.Join(list, "\n• ") + "\n", "- " + strings.Join(list, "\n- "), strings.Join(list, ", "), strings.Join(list, "; "),
			strings.Join(list, " · "), strings.Join(list, " and "), numbered, itemNames("Shared with it", catalog.Noun{One: "website", Many: "websites"}, all).Plain(), "Shares 6 websites:\n• " + strings.Join(list, "\n• "),
		} {
			for _, who := range []approvals.PersonID{"U0CAROL", "U0ALICE"} {
				w := newWorld(t)
				w.vendor.sites = all
				said := w.says(who, "share ann@acme.example "+entitiesOf(pasted)+" because x")
				require.Len(t, w.book.requests, 1, "%q is answered with %s", pasted, said)
				change, against := approvals.Meant(w.only(), approvals.Lists{Items: map[string]approvals.ItemList{"sites": {Items: all}}, Seats: approvals.SeatList{Seats: w.vendor.seats}})
				require.Equal(t, all, change.Values.Items("sites"), "%q by %s", pasted, who)
				require.False(t, change.Values.Typed())
				require.Empty(t, against)
			}
		}
	}
}

// TestNothingIsDroppedFromAListOfWebsites: a number with another's name, and a website nobody knows among others.
func TestNothingIsDroppedFromAListOfWebsites(t *testing.T) {
	for typed, want := range map[string]string{
		"Globex (#39)":                              "“Globex (#39)” could be any of 3 websites, so nothing was sent. Please say which, by number:\n| Acme – acme.example (#39)",
		"Nobody (#39)":                              "“Nobody (#39)” has the number of one website and the name of another, so nothing was sent. Which one do you mean? That number is:\n| Acme – acme.example (#39)\n> /access share ann@acme.example 39 because x",
		"Acme (#39), Nobody":                        "has no website “Nobody”",
		"Acme (#39)\nNobody at all":                 "has no website “Nobody at all”",
		"Acme (#39) Nobody at all (#77)":            "has no website “Nobody at all (#77)”",
		"Acme and Nobody":                           "Put commas or line breaks between several websites.",
		"Acme – acme.example (#39)\nand 4 more":     "has no website “4 more”",
		"<https://globex.example|acme.example>":     "That link shows “acme.example” but leads to https://globex.example.",
		"39, <https://globex.example|Acme UK>, 41":  "> /access share ann@acme.example 39, \"Acme UK\", 41 because x",
		"<https://globex.example|ann@acme.example>": "That link shows “ann@acme.example” but leads to",
	} {
		w := newWorld(t)
		require.Contains(t, w.says("U0CAROL", "share ann@acme.example "+typed+" because x"), want, typed)
		require.Empty(t, w.book.requests)
	}
}

// TestSlacksFormattingIsNoData: what is bold, slanted, struck out or code in Slack is asked for without its marks.
func TestSlacksFormattingIsNoData(t *testing.T) {
	for _, mark := range []string{"*", "_", "~", "`", "```", "*_", "_~*"} {
		back := reversed(mark)
		for _, typed := range []string{
			"create " + mark + "<mailto:jane@acme.example|jane@acme.example> Jane Doe" + back + " because x", "create " + mark + "jane@acme.example" + back + " " + mark + "Jane" + back + " " + mark + "Doe" + back + " because x",
			mark + "create jane@acme.example Jane Doe" + back + " because x", mark + "/access create jane@acme.example Jane Doe because x" + back, "create jane@acme.example " + mark + "Jane Doe" + back + ", because x",
		} {
			w := newWorld(t)
			w.says("U0ALICE", typed)
			r := w.only()
			require.Equal(t, approvals.Change{Email: "jane@acme.example", FirstName: "Jane", LastName: "Doe", Values: values.Of{Type: "client"}.Values()}, r.Change, typed)
			require.Equal(t, "x", r.Reason, typed)
		}
	}
}

func reversed(s string) string {
	var out string
	for _, r := range s {
		out = string(r) + out
	}
	return out
}

// TestALabelledLinkInAReasonSaysWhereItLeads, whatever its label says.
func TestALabelledLinkInAReasonSaysWhereItLeads(t *testing.T) {
	for typed, want := range map[string]string{
		"<https://evil.example/a?b=c&amp;d|the plan>": "the plan (https://evil.example/a?b=c&d)", "<https://evil.example|https://acme.example>": "https://acme.example (https://evil.example)",
		"<mailto:a@evil.example|c@acme.example>": "c@acme.example (a@evil.example)", "<mailto:a@evil.example|Carol>": "Carol (a@evil.example)", "<tel:+491|call 110>": "call 110 (+491)",
		"<slack://user?id=U1|him>": "him (slack://user?id=U1)", "<http://acme.example|acme.example>": "acme.example", "<https://acme.example>": "https://acme.example", "<mailto:a@b.example|a@b.example>": "a@b.example",
		"see <https://x.example|a> and <https://y.example|b>": "see a (https://x.example) and b (https://y.example)",
	} {
		w := newWorld(t)
		w.says("U0ALICE", "create jane@acme.example Jane because "+typed)
		require.Equal(t, want, w.only().Reason)
	}
}

// TestNamesAreReadAsTheyAreWritten: as an address book writes them, and without the full stop of a sentence.
func TestNamesAreReadAsTheyAreWritten(t *testing.T) {
	for typed, want := range map[string][2]string{
		"Ames, Ann <mailto:ann@new.example|ann@new.example>": {"Ann", "Ames"}, "Ames, Ann &lt;<mailto:ann@new.example|ann@new.example>&gt;": {"Ann", "Ames"}, "ann@new.example van der Berg, Mary Jane": {"Mary Jane", "van der Berg"},
		"ann@new.example Ben Doe.": {"Ben", "Doe"}, "ann@new.example Ben": {"Ben", ""}, "ann@new.example Doe, Ben.": {"Ben", "Doe"}, "ann@new.example Ben Doe, Jr.": {"Ben", "Doe Jr."},
		"ann@new.example Ben D.": {"Ben", "D."}, "ann@new.example Martin Luther King Jr.": {"Martin", "Luther King Jr."}, "ann@new.example, Ben, Doe": {"Ben", "Doe"},
	} {
		w := newWorld(t)
		w.says("U0ALICE", "create "+typed+" because x")
		c := w.only().Change
		require.Equal(t, want, [2]string{c.FirstName, c.LastName}, typed)
		require.Equal(t, "ann@new.example", c.Email)
	}
}

// TestAnAmountIsNeverMadeUp: what cannot be taken as it is is offered as the number it says, or as the place for one.
func TestAnAmountIsNeverMadeUp(t *testing.T) {
	for typed, want := range map[string]string{
		"1.000": "1000", "1'000": "1000", "1’000": "1000", "1,000": "1000", "1 000": "1000", "1\u202f000": "1000", "1_000": "1000", "1.000.000": "1000000", "1.000,00": "1000", "1,000.00": "1000", "12.500": "12500",
		"49.99": "50", "49,99": "50", "5,5": "6", "1k": "1000", "1.5k": "1500", "2M": "2000000", "$50": "50", "50€": "50", "50 EUR": "50", "€ 50": "50", "USD 1,250.00": "1250", "lots": "<number>", "1.5.5": "<number>", "99999999999": "<number>",
	} {
		for _, verb := range []string{"create a@b.example Jane", "update a@b.example"} {
			_, answer := parsed(verb + " amount=" + typed + " period=month because x")
			require.NotNil(t, answer, typed)
			require.Equal(t, []string{"/access " + verb + " amount=" + want + " period=month because x"}, answer.Examples, typed)
		}
	}
}

// TestOneBecauseIsEnough: no answer and no request says "because because".
func TestOneBecauseIsEnough(t *testing.T) {
	for _, typed := range []string{
		"create a@b.example because because x", "create a@b.example Jane Because, because x", "create a@b.example Jane becuase because x", "delete a@b.example reason=because x", "delete a@b.example becuase because x",
		"remove a@b.example because because x", "share a@b.example because because x", "delete a@b.example because because because x", "delete a@b.example why=x because because",
	} {
		cmd, answer := parsed(typed)
		said := told(cmd, answer)
		require.Contains(t, said, "because x", typed)
		require.NotRegexp(t, `(?i)because\W+because`, strings.SplitN(said, "?", 2)[len(strings.SplitN(said, "?", 2))-1], typed)
	}
	cmd, _ := parsed("delete a@b.example because because-of-that is a word, because x")
	require.Equal(t, "/access delete a@b.example because because-of-that is a word, because x", cmd.Typed())
}

// TestRulesForNewAddressesAreNotAppliedToAccountsThatExist: what the vendor lists can be shown, shared with, changed
// and removed, whatever letters it has; a new account takes plain ones.
func TestRulesForNewAddressesAreNotAppliedToAccountsThatExist(t *testing.T) {
	for _, listed := range []string{"jörg.test@acme.example", "lee@bücher.example", "jane..doe@acme.example", `o"brien@acme.example`, "-x@acme_1.example", "почта@acme.example", strings.Repeat("a", 70) + "@acme.example"} {
		for _, who := range []approvals.PersonID{"U0CAROL", "U0ALICE"} {
			for _, verb := range []string{"delete %s because left", "share %s 39 because x", "unshare %s 39 because x", "update %s access=none because x"} {
				w := newWorld(t)
				w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "9", Email: listed, Sort: "client"})
				said := w.says(who, strings.ReplaceAll(verb, "%s", listed))
				require.Len(t, w.book.requests, 1, said)
				change, _ := approvals.Meant(w.only(), approvals.Lists{Seats: approvals.SeatList{Seats: w.vendor.seats}, Items: map[string]approvals.ItemList{"sites": {Items: w.vendor.sites}}, Held: []string{"39"}})
				require.Equal(t, listed, change.Email)
				require.Equal(t, "9", change.Account)
			}
		}
		w := newWorld(t)
		w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "9", Email: listed, Sort: "client"})
		require.Contains(t, w.says("U0CAROL", "show "+listed), "SE Ranking account 9")
		_, answer := parsed("create " + listed + " Jane because x")
		require.NotNil(t, answer, listed)
	}
	_, answer := parsed("create lee@bücher.example Lee because x")
	require.Equal(t, []string{"/access create lee@xn--bcher-kva.example Lee because x"}, answer.Examples)
	_, answer = parsed("create lee@аcme.example Lee because x")
	require.Equal(t, []string{"/access create lee@xn--cme-5cd.example Lee because x"}, answer.Examples, "it is another domain, and looks so")
}

// TestADomainIsFoundInEitherSpelling: the vendor may list what was typed in plain letters, and the reverse.
func TestADomainIsFoundInEitherSpelling(t *testing.T) {
	both := [2]string{"lee@bücher.example", "lee@xn--bcher-kva.example"}
	for i, typed := range both {
		w := newWorld(t)
		w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "9", Email: both[1-i], Sort: "client"})
		require.Contains(t, w.says("U0CAROL", "show "+typed), "SE Ranking account 9")
		require.Contains(t, w.says("U0CAROL", "delete "+typed+" because left"), "#1")
		require.Contains(t, w.says("U0CAROL", "create "+both[1]+" Lee because x"), "has a seat in SE Ranking")
	}
}

// TestAPersonsAddressInSlackIsReadAsOneThatExists, unless it is to get a new account.
func TestAPersonsAddressInSlackIsReadAsOneThatExists(t *testing.T) {
	w := newWorld(t)
	w.dir.people["U0JORG"] = approvals.Person{Name: "Jörg", Email: "jörg@acme.example", Active: true}
	require.Contains(t, w.says("U0CAROL", "create <@U0JORG> Jörg because x"), "plain letters")
	w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: "9", Email: "jörg@acme.example", Sort: "client"})
	w.says("U0CAROL", "share <@U0JORG> 39 because x")
	require.Equal(t, "jörg@acme.example", w.only().Change.Email)
}
