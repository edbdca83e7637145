#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# promises.bats: what scripts and programs rely on stays: options, formats, keys of JSON, codes, functions.
#
# Each list lies in tests/promises. What is not there any more is a broken promise. What is new has to be
# recorded, which KMETA_UPDATE_GOLDEN=1 does; it never drops a line.

# shellcheck disable=SC2154,SC2030,SC2031 # variables come from and go to support.bash and bats
load support

project=$BATS_TEST_DIRNAME/../..
recorded=$project/tests/promises
node=$TESTDATA/real/kraft-4.3-full/node-1
damaged=$TESTDATA/faults/checkpoint-no-footer

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# holds NAME: what standard input says now beside the list
holds() {
	LC_ALL=C sort -u >now
	[ -s now ]
	[ -z "${KMETA_UPDATE_GOLDEN-}" ] || { cat "$recorded/$1.txt" now 2>/dev/null || true; } | LC_ALL=C sort -u >all
	[ -z "${KMETA_UPDATE_GOLDEN-}" ] || cp all "$recorded/$1.txt"
	# A command that this build leaves out breaks no promise.
	while read -r name rest; do
		[[ $name == kmeta-* && ! -x $KMETA_BIN/${name%--*} ]] || echo "$name${rest:+ $rest}"
	done <"$recorded/$1.txt" | LC_ALL=C sort -u >before
	LC_ALL=C comm -23 before now >gone
	LC_ALL=C comm -13 before now >new
	sed 's/^/gone: /' gone
	sed 's/^/new, to be recorded with KMETA_UPDATE_GOLDEN=1: /' new
	[ ! -s gone ] && [ ! -s new ]
}

commands() {
	local command
	for command in "$KMETA_BIN"/kmeta-*; do
		[ -d "$command" ] || echo "${command##*/}"
	done
}

# keys NAME: of the JSON on standard input, down to what the schemas of Kafka or the log name
keys() {
	jq -r --arg name "$1" 'paths | map(if type == "number" then "[]" else . end) | join(".") | "\($name) \(.)"' |
		grep -vE '^\S+ (data|fields)\.|^\S+ key\.[^.]*$|\.problems\.|\.to\.' | sort -u
}

@test "options, their letters, and the formats" {
	for command in $(commands); do
		"$KMETA_BIN/$command" --print-table-of-options | jq -r '.name as $command | .options[] |
			"\($command) --\(.name)\(if .letter then " -\(.letter)" else "" end)",
			(select(.name == "output") | .words[]? | "\($command) --output=\(.[0])")'
	done | holds options
}

@test "codes of findings, of problems, and of causes" {
	{
		sed -nE 's/^[[:space:]]*X\([A-Z0-9_]+, *[A-Z]+, *"([a-z0-9-]+)".*/finding \1/p' "$project/libkmeta/kmeta/base.h"
		sed -nE 's/^[[:space:]]*X\([A-Z0-9_]+, *[A-Z]+, *"([a-z0-9-]+)".*/problem \1/p' "$project/libkmeta/kmeta/state.h"
		sed -nE 's/^[[:space:]]*X\([A-Z0-9_]+, *[A-Z]+, *"([a-z0-9-]+)".*/cause \1/p' "$project/libkmeta/kmeta/events.h"
	} | holds codes
}

@test "keys of JSON" {
	{
		"$KMETA_BIN/kmeta-dump" -o json --batch "$node" | keys kmeta-dump
		"$KMETA_BIN/kmeta-dump" -o json --salvage "$TESTDATA/faults"/bad-utf8 "$TESTDATA/faults/bitflip-crc" 2>/dev/null | keys kmeta-dump
		"$KMETA_BIN/kmeta-image" -o json "$node" | jq -c 'map_values(if type == "object" then {} else . end)' | keys kmeta-image
		"$KMETA_BIN/kmeta-image" --problems -o json "$node" | keys kmeta-image--problems
		"$KMETA_BIN/kmeta-diff" -o json "$node@100" "$node@700" | keys kmeta-diff
		"$KMETA_BIN/kmeta-history" -o json "$node" orders | keys kmeta-history
		"$KMETA_BIN/kmeta-report" -o json "$node" | keys kmeta-report
		"$KMETA_BIN/kmeta-stat" -o json "$node" | keys kmeta-stat
		"$KMETA_BIN/kmeta-info" -o json "$node" | keys kmeta-info
		"$KMETA_BIN/kmeta-verify" -o json "$node" "$damaged" | keys kmeta-verify
	} 2>/dev/null | holds keys
}

@test "exit statuses" {
	for question in "verify $node" "verify $damaged" "verify nowhere" "dump $node" "dump nowhere" "diff $node@100 $node@700" \
		"diff $node@100 $node@100" "image --problems --strict $node" "image $node" "history $node orders" "dump --nonsense"; do
		read -ra words <<<"$question"
		"$KMETA_BIN/kmeta-${words[0]}" "${words[@]:1}" >/dev/null 2>&1 && status=0 || status=$?
		echo "${question//"$TESTDATA/"/}: $status"
	done | holds statuses
}

@test "functions of the library" {
	sed -nE 's/^[[:space:]]*(kmeta_[a-z0-9_]+);$/\1/p' "$project/libkmeta/libkmeta.map" | holds functions
}
