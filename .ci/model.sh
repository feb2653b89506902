#!/usr/bin/env bash
# Searches docs/model with spin, whole: what must hold holds in every state, and what takes something out of the program, or
# claims too much of it, is refuted, each by the sentence that it breaks. Prints how many states there are, and how deep.
set -euo pipefail
model=$(cd "$(dirname "$0")/.." && pwd)/docs/model/delivery.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# search FLAGS GCC PAN: spin's verdict is in ./said. It takes a gigabyte at most.
search() {
	spin $1 -a "$model" >spin.said 2>&1 || { cat spin.said; exit 1; }
	gcc -w -O2 -DMEMLIM=1000 $2 -o pan pan.c
	./pan -m1000000 -w22 $3 >said 2>&1 || { cat said; exit 1; }
	figures=$(awk '/depth reached/ { depth = $(NF - 2) } /states, stored/ { states = $1 } /total actual/ { mb = $1 } END { printf "%10d states, %4d deep, %4d MB", states, depth, mb }' said)
}

fail() { echo "$1"; cat said; exit 1; }

# holds WHAT FLAGS [GCC PAN]: in every state there is, or along every way.
holds() {
	search "$2" "${3--DSAFETY}" "${4-}"
	grep -q 'errors: 0$' said && ! grep -Eq 'not completed|too small|out of memory' said || fail "does not hold: $1"
	printf '%s   holds    %s\n' "$figures" "$1"
}

# falls WHAT SAYING FLAGS [GCC PAN]: spin finds a way to it, and says so.
falls() {
	search "$3" "${4--DSAFETY}" "${5-}"
	grep -Eq "^pan:1: $2" said || fail "was not refuted: $1"
	printf '%s   refuted  %s\n' "$figures" "$1"
}

twice='assertion violated \(effects' over='assertion violated \(?latest'
live='-DLIVE -DCRASHES=1 -DPAUSES=1'

holds "nobody writes over another's claim, done is what happened, and nothing happens twice that a look could have prevented" ""
holds "no promise is lost: each is recorded in the end" "$live" "" "-a -f"
holds "nothing happens twice where no lease ends between a note and its call" "-DPAUSES=0 -DNEVERTWICE"
holds "of a vendor that is slower than anybody waits: once more at most for each call that no look could see" "-DSLOW -DCRASHES=1 -DPAUSES=1"

falls "without the fence" "$over" -DNOFENCE
falls "with a fence that is down while nobody holds the claim" "$over" -DFREEDFENCE
falls "with a note that doesn't begin the lease anew" "$twice" -DBARENOTE
falls "without looking" "$twice" -DNOLOOK
falls "with the act before the claim" "$twice" -DACTFIRST
falls "with a lease by a worker's own clock" "$twice" -DOWNCLOCK
falls "with the claims of former lives held for ever" "acceptance cycle" "$live -DFORSAKEN" "" "-a -f"
falls "with ends that no fence is asked about" "$over" -DSETTLES
falls "that it never happens twice, whatever is paused where" "$twice" -DNEVERTWICE
falls "that it never happens twice, however slow the vendor is" "$twice" "-DSLOW -DPAUSES=0 -DNEVERTWICE"
