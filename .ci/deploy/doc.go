// Package deploy holds what is installed by other people's tools to those tools: the chart to Helm, to Kubernetes' own types and to
// the program that it starts, the dashboard to Grafana's types.
//
// It is a module of its own, so that none of them is a dependency of Usher's. `.ci/deploy/run` runs its tests; what needs no
// such module (systemd's unit, the alerts) is held by test/deploy, and the image by `.ci/deploy/image`.
package deploy
