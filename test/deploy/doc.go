// Package deploy holds what is installed around Usher to the tools that will read it: systemd's unit to
// systemd-analyze, alerts to promtool, and both to the program as it is.
//
// What no tool on this machine can judge is skipped, and says so. The image, the chart and the release are held by
// .ci/deploy/run, because what they take is too much to be built in every run of the tests.
//
// It holds tests alone.
package deploy
