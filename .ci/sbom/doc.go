// Package sbom holds the list of what is built into a binary to the binary: that it is a CycloneDX document through and
// through, and that it names each module at the version and with the sum that `go version -m` finds.
//
// It is a module of its own, which also names the tool that writes the list (`.goreleaser.yaml`), so that neither is a
// dependency of Usher's. `.ci/deploy/release` runs it.
package sbom
