package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// bundles are a seat with two websites, asked for apart.
func bundles() []approvals.Bundle {
	share := func(site string) approvals.BundleItem {
		return approvals.BundleItem{App: "seranking", Action: catalog.Share, Values: catalog.Values{{Key: "sites", Typed: []string{site}}}}
	}
	return []approvals.Bundle{{ID: "seo-starter", Name: "SEO starter", Items: []approvals.BundleItem{
		{App: "seranking", Action: catalog.Create, Values: catalog.Values{{Key: "type", Items: []catalog.Item{{ID: "client"}}}}}, share("acme.example"), share("106")}}}
}

// TestABundleIsReadItemByItem: each item is what one would have typed for it, for the same person, time and reason, and what is
// shared needs the account that the first makes.
func TestABundleIsReadItemByItem(t *testing.T) {
	cmd, answer := parsed("bundle “SEO Starter” <mailto:jane@acme.example|jane@acme.example> Jane Doe for=30d because she starts")
	require.Nil(t, answer)
	require.True(t, cmd.Keeps())
	require.Equal(t, "/access bundle seo-starter jane@acme.example Jane Doe for=30d because she starts", cmd.Typed())
	var typed []string
	for _, one := range cmd.(bundle).each {
		typed = append(typed, one.Typed())
		require.Equal(t, map[bool]int{true: 0, false: 1}[one.action.New], one.needs)
	}
	require.Equal(t, []string{
		"/access create jane@acme.example Jane Doe app=seranking type=client for=30d because she starts",
		"/access share jane@acme.example acme.example app=seranking for=30d because she starts",
		"/access share jane@acme.example 106 app=seranking for=30d because she starts",
	}, typed)
}

// TestWhatABundleLacksIsAskedFor: with the line mended, ready to be copied.
func TestWhatABundleLacksIsAskedFor(t *testing.T) {
	for typed, want := range map[string][2]string{
		"bundle": {"Which bundle?", "/access bundle seo-starter <e-mail> <first name> <last name> because <why>"},
		"bundle jane@acme.example Jane because x":                         {"Which bundle?", "/access bundle seo-starter jane@acme.example Jane because x"},
		"bundle seo-startr jane@acme.example because x":                   {"Did you mean seo-starter?", "/access bundle seo-starter jane@acme.example because x"},
		"bundle holidays jane@acme.example because x":                     {"I don't know the bundle “holidays”", "/access bundle seo-starter jane@acme.example Jane Doe because she starts on Monday"},
		"bundle seo-starter because x":                                    {"Whose account is it?", "/access bundle seo-starter <e-mail> <first name> <last name> because x"},
		"bundle seo-starter jane@acme.example because x":                  {"first name?", "/access bundle seo-starter jane@acme.example <first name> <last name> because x"},
		"bundle seo-starter jane@acme.example Jane":                       {"Please add why", "/access bundle seo-starter jane@acme.example Jane because <why>"},
		"bundle seo-starter jane@acme.example Jane for=forever because x": {"leave for= out", "/access bundle seo-starter jane@acme.example Jane because x"},
		"bundel seo-starter jane@acme.example Jane because x":             {"Did you mean bundle?", "/access bundle seo-starter jane@acme.example Jane because x"},
	} {
		_, answer := parsed(typed)
		require.NotNil(t, answer, typed)
		require.Contains(t, answer.Head.Plain(), want[0], typed)
		require.Equal(t, want[1], answer.Examples[0], typed)
	}
	_, answer := parse(speech{apps: words().apps, main: "seranking"}, "bundle seo-starter jane@acme.example Jane because x")
	require.Contains(t, answer.Head.Plain(), "No bundle is set up yet")
}
