#!/bin/sh
# Holds every state of the demo's page against axe-core, by day and by night, at a desk and on phones.
# Exits non-zero at the first finding. Needs Go, Chromium, Node 20 or later, npm and, for the first run, a
# package registry.
set -eu
cd "$(dirname "$0")"
test -d node_modules || npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
axe=$PWD/node_modules/axe-core/axe.min.js
cd ../..
go test -timeout 20m -run 'TestBrowser$/^(accessible|breaks_it|talks_in_threads|three_side_by_side)$' ./test/page -axe "$axe"
