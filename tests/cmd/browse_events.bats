#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# browse_events.bats: what happened in a log, in kmeta-browse: the chart over time and the events.

# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables come from and go to support.bash and bats
load support
load browse

@test "E shows what happened, and a chart of it" {
	screen events E
	screen events-wide Ez 140x40
	screen help-events 'E?' 120x60
}

@test "every event is one of kmeta-report's" {
	press Ez 400x100
	"$KMETA_BIN/kmeta-report" --utc --wide -o text "$node" >report
	sed -n 's/^  [0-9-]*T[0-9:.]*[^ ]*  //p' <<<"$output" | grep . >events
	[ "$(wc -l <events)" -gt 20 ]
	# The report has its own times and marks; the sentences are the same.
	while read -r sentence; do
		grep -qF -e "$sentence" report || { echo "$sentence" && false; }
	done <events
}

@test "Enter goes to the first record of the event" {
	press 'E/topic-deleted<Enter><Enter>'
	shows '^ offset 312 '
	press 'E/unclean-election<Enter><Enter>'
	shows ' offset [0-9]+ '
	first=$("$KMETA_BIN/kmeta-report" -o json "$node" | jq -r 'select(.event == "unclean-election") | .offset' | head -1)
	[ -n "$first" ]
	shows "^ offset $first "
}

@test "the log's cursor chooses the event" {
	press 'E<Tab>:400<Enter><Tab><Enter>'
	offset=$(sed -n 's/^ offset \([0-9]*\) .*/\1/p' <<<"$output")
	[ "$offset" -le 400 ]
	[ "$offset" -gt 300 ]
}

@test "+ and - zoom, and the list has the events of that time" {
	press Ez 100x60
	all=$(grep -cE '^  2026' <<<"$output")
	press 'Ez++' 100x60
	some=$(grep -cE '^  2026' <<<"$output")
	[ "$some" -lt "$all" ]
	[ "$some" -gt 0 ]
	press 'Ez++----' 100x60
	[ "$(grep -cE '^  2026' <<<"$output")" -eq "$all" ]
	# There is nothing between two records.
	press 'Ez++++++++++++++++++++++++' 100x60
	shows '^  2026'
}

@test "< and > go along the chart" {
	press 'E>>>'
	later=$(sed -n 's/^ offset \([0-9]*\) .*/\1/p' <<<"$output")
	[ "$later" -gt 0 ]
	press 'E>>><'
	[ "$(sed -n 's/^ offset \([0-9]*\) .*/\1/p' <<<"$output")" -lt "$later" ]
	press 'EG>>>'
	shows '^ offset [0-9]+ '
}

@test "a log that is damaged says what is not known" {
	mkdir broken
	cp testdata/real/kraft-4.3-full/node-1/*/*.log broken/
	first=$(echo broken/*.log | awk '{ print $1 }')
	[ -n "$first" ]
	size=$(stat -c %s "$first")
	printf 'XXXXXXXX' | dd of="$first" bs=1 seek=$((size / 2)) conv=notrunc status=none
	press EG 140x30 broken
	shows 'the log has errors, and the events may not be all: crc-mismatch'
}

@test "logs without events: an empty one, and one of no-ops alone" {
	: >00000000000000000000.log
	press E 80x24 00000000000000000000.log
	shows 'nothing happened here'
}

@test "a small screen has no room for the chart" {
	press E 40x12
	shows '── events '
	press E 24x8
	shows '── events'
}

@test "names that a terminal would act on stay harmless" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" 00000000000000000000.log \
		'\x1b[2J\x1b]52;c;QUJD\x07' '\u202eevil' 'ssl.keystore.password=hunter2'
	press Ez 120x40 00000000000000000000.log
	shows 'topic-made'
	shows_no $'\e'
	shows_no $'\u202e'
	shows_no hunter2
}

@test "views open by their names, and Backspace goes back from a jump" {
	press ':events<Enter>'
	shows '^── .*events'
	press ':statistics<Enter>'
	shows '^── .*statistics'
	press ':state<Enter>'
	shows '^── .*state'
	press 'E/topic-deleted<Enter><Enter><Backspace>'
	shows '^ offset 0 '
}
