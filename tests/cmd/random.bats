#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# random.bats: what must be true of any states of the real logs, at points drawn by lot.
#
# KMETA_TEST_SEED draws the points of an earlier run again: a test that fails has named its seed.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

# draw LIMIT: sets $drawn to a number from 0 to LIMIT
draw() {
	drawn=$(((RANDOM * 32768 + RANDOM) % ($1 + 1)))
}

setup_file() {
	export seed=${KMETA_TEST_SEED:-$((RANDOM * 32768 + RANDOM))}
	# Each metadata directory, and the offset behind its last record.
	find "$TESTDATA/real" -name '*.log' -printf '%h\n' | sort -u | while read -r directory; do
		echo "$directory $("$KMETA_BIN/kmeta-stat" -o json "$directory" | jq '.lastOffset + 1')"
	done >"$BATS_FILE_TMPDIR/directories"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mapfile -t directories <"$BATS_FILE_TMPDIR/directories"
	[ ${#directories[@]} -ge 12 ]
	RANDOM=$seed
	echo "KMETA_TEST_SEED=$seed"
}

# draw_address: sets $directory and $point
draw_address() {
	local end

	draw $((${#directories[@]} - 1))
	read -r directory end <<<"${directories[drawn]}"
	draw "$end"
	point=$drawn
}

@test "the diff of any two states, applied to the records of the first, makes the second" {
	local first second i
	for ((i = 0; i < 40; i++)); do
		draw_address
		first=$directory@$point
		# Half of the pairs are two states of one log.
		draw 1
		if [ "$drawn" = 1 ]; then
			read -r _ end < <(grep -F "$directory " "$BATS_FILE_TMPDIR/directories")
			draw "$end"
			point=$drawn
		else
			draw_address
		fi
		second=$directory@$point
		echo "$first $second"
		{
			records_of "$first"
			# The voters are no part of what -o records prints.
			{ "$KMETA_BIN/kmeta-diff" --show-secrets -o json "$first" "$second" || [ $? -eq 1 ]; } |
				jq -c 'select(.entity != "voter")'
		} | fold >made
		records_of "$second" | fold >wanted
		diff made wanted
	done
}

# untold_since ADDRESS: the offset at which a transaction began that is open there; what it holds is no part of the state
untold_since() {
	"$KMETA_BIN/kmeta-image" "$1" | sed -n 's/^transaction .*offset \([0-9]*\).*/\1/p'
}

@test "the history up to any point, folded, makes the state there" {
	local everything=('*' topics brokers controllers features configs quotas acls scram tokens producer-ids zk-migration)
	local directory end until i
	while read -r directory end; do
		records_of "$directory@start" >start
		"$KMETA_BIN/kmeta-history" --show-secrets -o json "$directory" "${everything[@]}" >history || [ $? -eq 1 ]
		[ -s history ]
		for ((i = 0; i < 4; i++)); do
			draw "$end"
			echo "$directory@$drawn"
			until=$(untold_since "$directory@$drawn")
			jq -c --argjson until "${until:-$drawn}" 'select(.by and .offset < $until)' history >told
			cat start told | fold >made
			records_of "$directory@$drawn" | fold >wanted
			diff made wanted
		done
	done <"$BATS_FILE_TMPDIR/directories"
}
