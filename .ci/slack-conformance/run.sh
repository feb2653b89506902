#!/bin/sh
# Proves sim/slacksim against clients and types that Slack wrote: builds the
# program, runs a Bolt app against it, then validates what it sent and answered
# against schemas made of Slack's own types, as all that passes while Usher's own
# talks are played. Exits non-zero at the first failure.
# A folder that is named holds what passed while the talks were played a moment ago.
# Needs Go, Node 20 or later, npm and, for the first run, a package registry.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
work=$(mktemp -d)
pid=
trap 'test -z "$pid" || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

test -d node_modules || npm ci --no-audit --no-fund --loglevel=error
(cd "$root" && go build -o "$work/slacksim" ./sim/slacksim/cmd)
export MANIFEST="$work/manifest.json"
(cd "$root" && go test -count=1 -run TestManifestKeepsSlacksRules ./bot/web -manifest-json "$MANIFEST" >"$work/out")

# serve starts a fresh workspace, with these flags beside its own, and waits until it says where it listens.
serve() {
	test -z "$pid" || { kill "$pid"; wait "$pid" || true; }
	: >"$work/out" # or the loop below would read where the last one listened
	"$work/slacksim" -addr 127.0.0.1:0 -seed demo -no-post-limit -close-tcp "$@" \
		-shortcut "global:ask:Ask for access" -shortcut "message:ask_for:Ask for their access" >"$work/out" 2>"$work/err" &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		SLACKSIM_URL=$(sed -n 's/^slacksim listening on //p' "$work/out")
		test -z "$SLACKSIM_URL" || break
		sleep 0.1
	done
	test -n "$SLACKSIM_URL" || { cat "$work/err" >&2; exit 1; }
	export SLACKSIM_URL
}

# All that passes between Usher and slacksim while its talks are played.
payloads=${1:-}
if test -z "$payloads"; then
	payloads="$work/payloads"
	mkdir "$payloads"
	(cd "$root" && USHER_TEST_PAYLOADS="$payloads" go test -count=1 -run 'TestTalks$' ./test/talks >"$work/out") || { tail -50 "$work/out"; exit 1; }
fi
node payloads.mjs "$payloads"

serve
timeout 90 node bolt.mjs
serve
timeout 90 node schemas.mjs
serve
timeout 120 node clients.mjs
for app in bolt slack-go; do
	serve -command /todo
	timeout 120 node guide.mjs $app
done
echo "slacksim holds against Slack's own clients and types"
