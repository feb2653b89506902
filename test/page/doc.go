// Package page is the demo's page as a person sees it: a headless browser that types, clicks, looks, and listens as
// a screen reader does, at desktop width and at 390 px.
//
// -pictures DIR keeps what was seen; -axe FILE has axe-core look at every page. Without Chromium these tests are
// skipped, and .ci/run installs it. Neighbours: sim/browser is the person, demo what is looked at.
package page
