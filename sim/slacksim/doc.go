// Package slacksim is Slack, simulated: a workspace with people, channels and
// messages, the Web API over it, and Socket Mode to the app under test. It is a
// state machine that polices the protocol, not a stub: what the real Slack
// refuses it refuses, with the same words, and what an app should never do it
// reports to Options.Violation.
//
// Its neighbours: an app speaks to it over HTTP and WebSocket alone (ServeHTTP,
// or Serve on any net.Listener, such as one of package pipenet inside a
// testing/synctest bubble). Tests, the demo page and the program in cmd speak to
// it in Go: they seed a workspace, act as people (Type, Click, Submit, …), bring
// on bad days (Refresh, Ghost, FailNext, …) and read what everybody sees.
//
// It imports nothing else of this repository and no Slack library, so that it
// stays an independent opinion of what Slack does. Where Slack's own behaviour
// is documented the code follows it; where it is only guessed a comment says so.
//
// One mutex guards the whole state. Exported methods take it; methods with a
// small first letter that touch state expect it held, unless their comment says
// otherwise. No network write ever happens under it.
package slacksim
