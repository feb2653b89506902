package seranking

import (
	"slices"
	"strings"
)

// AccessCode is one permission of a sub-account, as people read and type it.
type AccessCode struct {
	Code         string // the wire's spelling, but for report_scheduled
	Label        string // for people: "scheduled reports"
	Restriction  bool   // takes away instead of giving: more of these is not more rights
	ClientOnly   bool   // has a meaning for TypeClient alone
	Undocumented bool   // seen in the documents' examples, not in their table
}

// AccessCodes is every code known: the 31 of the vendor's table, in its order, and add_website,
// which only its examples have. Features newer than the table have no code.
var AccessCodes = []AccessCode{
	{Code: "audit_website", Label: "website audit"},
	{Code: "competitors_visibility_ranking", Label: "competitors' visibility"},
	{Code: "audit_settings", Label: "audit settings"},
	{Code: "backlink_monitor", Label: "backlink monitor"},
	{Code: "analytics_conversions", Label: "conversions"},
	{Code: "analytics_google_search_console", Label: "Google Search Console"},
	{Code: "competitors_added", Label: "competitors added"},
	{Code: "analytics_overview", Label: "analytics overview"},
	{Code: "analytics_pages", Label: "analytics by page"},
	{Code: "marketing_plan", Label: "marketing plan"},
	{Code: "seo_potential", Label: "SEO potential"},
	{Code: "analytics_snippets", Label: "snippets"},
	{Code: "social_media", Label: "social media"},
	{Code: "tools_backlinks_checker", Label: "backlink checker"},
	{Code: "tools_index_status_checker", Label: "index status checker"},
	{Code: "tools_parameter_checker", Label: "parameter checker"},
	{Code: "tools_keyword_grouper", Label: "keyword grouper"},
	{Code: "tools_engine_autocomplete", Label: "search autocomplete"},
	{Code: "tools_search_volume_checker", Label: "search volume checker"},
	{Code: "tools_competitive_research", Label: "competitive research"},
	{Code: "tools_keyword_research", Label: "keyword research"},
	{Code: "tools_one_page_seo_checker", Label: "on-page SEO checker"},
	{Code: "competitors_serp", Label: "competitors in search results"},
	{Code: "analytics_traffic_sources", Label: "traffic sources"},
	{Code: "analytics_audience", Label: "audience"},
	{Code: "audit_page_changes_monitor", Label: "page changes monitor"},
	{Code: "hide_search_volume", Label: "search volume hidden", Restriction: true, ClientOnly: true},
	{Code: "show_groups", Label: "groups"},
	{Code: "report_manual", Label: "manual reports"},
	{Code: "report_scheduled", Label: "scheduled reports"},
	{Code: "report_template", Label: "report templates"},
	{Code: "add_website", Label: "adding websites", Undocumented: true},
}

const (
	scheduled       = "report_scheduled"
	scheduledOnWire = "report_sheduled" // sic: the vendor's own spelling
)

// LookupAccess finds a code as people may type it: in any case, and in the vendor's
// spelling too.
func LookupAccess(typed string) (AccessCode, bool) {
	code := plainCode(typed)
	i := slices.IndexFunc(AccessCodes, func(a AccessCode) bool { return a.Code == code })
	if i < 0 {
		return AccessCode{}, false
	}
	return AccessCodes[i], true
}

// Dropped returns the codes of asked that are not in got, in people's spelling: what the vendor
// dropped in silence, when got was read back after asked was written.
func Dropped(asked, got []string) []string {
	var dropped []string
	for _, code := range asked {
		code = plainCode(code)
		there := slices.ContainsFunc(got, func(g string) bool { return plainCode(g) == code })
		if !there && !slices.Contains(dropped, code) {
			dropped = append(dropped, code)
		}
	}
	return dropped
}

func plainCode(code string) string {
	code = strings.ToLower(strings.TrimSpace(code))
	if code == scheduledOnWire {
		return scheduled
	}
	return code
}

func toWire(codes []string) []string {
	wire := make([]string, len(codes))
	for i, code := range codes {
		if wire[i] = plainCode(code); wire[i] == scheduled {
			wire[i] = scheduledOnWire
		}
	}
	return wire
}

func fromWire(wire []lenientText) []string {
	codes := make([]string, 0, len(wire))
	for _, w := range wire {
		if w != "" {
			codes = append(codes, plainCode(string(w)))
		}
	}
	return codes
}
