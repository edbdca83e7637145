#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_damage.bats: files that cannot be read, disks that are full, logs that are damaged.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# ---- what cannot be read at all ----

# unreadable MESSAGE ADDRESS: status 2, one line, nothing printed
unreadable() {
	local message=$1
	shift
	dump "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "kmeta-dump: "* ]]
	said "$message"
}

@test "a file that is not there" {
	unreadable "kmeta-dump: nowhere.log: cannot open: No such file or directory" nowhere.log
	unreadable "kmeta-dump: $segment/below: cannot open: Not a directory" "$segment/below"
	unreadable "cannot open" ''
}

@test "a directory without a log" {
	mkdir empty
	unreadable "kmeta-dump: empty: neither a metadata directory nor a log directory" empty
	mkdir other other/orders-0
	cp "$segment" other/orders-0
	unreadable "kmeta-dump: other: neither a metadata directory nor a log directory" other
}

@test "a directory that has checkpoints only" {
	mkdir only
	cp "$checkpoint" only
	dump only
	[ "$status" -eq 0 ]
	[ "$output" = "$("$KMETA_BIN/kmeta-dump" "$checkpoint")" ]
}

@test "a file, and a directory, that may not be read" {
	need_nobody
	open_directory
	cp "$segment" "$public/closed.log"
	mkdir "$public/closed"
	chmod 000 "$public/closed.log" "$public/closed"
	for name in closed.log closed; do
		run --separate-stderr as_nobody "$KMETA_BIN/kmeta-dump" "$public/$name"
		[ "$status" -eq 2 ]
		said "kmeta-dump: $public/$name: cannot open"
		said "Permission denied"
	done
}

@test "a device that is empty" {
	dump /dev/null
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "an empty file is an empty log" {
	dump "$faults"/empty/*.log
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	silent
}

# ---- what cannot be written ----

@test "a full disk" {
	[ -e /dev/full ] || skip "no /dev/full"
	for arguments in "--limit=1 $segment" "$log" "-o json $log" --help --version; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c '"$0" "$@" >/dev/full' "$KMETA_BIN/kmeta-dump" $arguments
		[ "$status" -eq 2 ]
		[ "$stderr" = "kmeta-dump: cannot write: No space left on device" ]
	done
}

@test "a reader that went away is no error" {
	for format in text json kafka; do
		run -0 bash -c 'set -o pipefail; "$0" -o "$1" "$2" "$2" "$2" 2>stderr | head -n 1 | wc -l' \
			"$KMETA_BIN/kmeta-dump" $format "$TESTDATA/real"/kraft-4.3-full/node-1
		[ "$output" -eq 1 ]
		[ ! -s stderr ]
	done
	run -0 bash -c 'set -o pipefail; "$0" "$1" 2>stderr | true' "$KMETA_BIN/kmeta-dump" "$log"
	[ ! -s stderr ]
}

# ---- damage ----

@test "damage is told with file, byte and offset, and what to do" {
	dump "$faults"/bitflip-payload-0/*.log
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} =~ ^"kmeta-dump: $faults/bitflip-payload-0/00000000000000000000.log: byte 11726 (offset 138): CRC-32C is "[0-9a-f]{8}", but the batch says "[0-9a-f]{8}$ ]]
	[ "${stderr_lines[1]}" = "kmeta-dump: stopped at the damage; --salvage goes on behind it" ]
	[ "${#lines[@]}" -eq 138 ]
}

@test "--salvage goes on, marks what is doubtful, and still ends with 2" {
	dump --salvage "$faults"/bitflip-payload-0/*.log
	[ "$status" -eq 2 ]
	said "byte 11726 (offset 138): CRC-32C is"
	[ "${#lines[@]}" -ge 307 ]
	[ "$(grep -c '!! CRC-32C is' <<<"$output")" -ge 1 ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json --salvage "$faults"/bitflip-payload-0/*.log 2>/dev/null |
		jq -c 'select(.error) | .offset' | head -n 1)" = 138 ]
}

@test "damage inside a batch stops there too, and says how to go on" {
	dump -o json "$faults"/count-too-high/*.log
	[ "$status" -eq 2 ]
	said "byte 258 (offset 4): record count 9, but the batch holds 3"
	said "stopped at the damage; --salvage goes on behind it"
	dump -o json --salvage "$faults"/count-too-high/*.log
	[ "$status" -eq 2 ]
	[ "$(jq -s 'map(.offset) | last' <<<"$output")" -eq 10 ] || [ "${#lines[@]}" -ge 5 ]
}

@test "a record that cannot be decoded is a line, and the next ones follow" {
	dump -o json "$faults"/string-longer-than-record/*.log
	[ "$status" -eq 2 ]
	[ "$(jq -c '[.offset, (.error != null)]' <<<"$output" | paste -sd ' ')" = "[0,false] [1,true] [2,false]" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "what is newer than the tables is shown, but was not read" {
	for fault in unknown-record-type unknown-record-version; do
		dump "$faults/$fault"/*.log
		[ "$status" -eq 2 ]
		said "unknown"
		[ "${#lines[@]}" -eq 3 ]
	done
}

@test "zeros at the end are a warning" {
	dump "$faults"/zeros-at-end/*.log
	[ "$status" -eq 0 ]
	[ "$stderr" = "kmeta-dump: $faults/zeros-at-end/00000000000000000000.log: byte 24565 (offset 310): 4096 zero bytes up to the end: a preallocated or unclean end" ]
	[ "${#lines[@]}" -eq 310 ]
}

@test "offsets that jump are trouble" {
	dump "$faults"/offset-gap/*.log
	[ "$status" -eq 2 ]
	said "byte 95 (offset 41): the records 1 to 40 are missing"
	dump --offset=0.. "$faults"/offset-gap/*.log
	silent
	dump "$log"
	silent
}

@test "a segment that is missing in the middle is trouble" {
	mkdir copy
	cp "$log"/00000000000000000000.log "$log"/00000000000000000730.log copy
	dump copy
	[ "$status" -eq 2 ]
	said "copy/00000000000000000730.log: byte 0 (offset 730): the records 310 to 729 are missing"
	# All that is there was printed.
	[ "${#lines[@]}" -eq $(("$(offsets "$log"/00000000000000000000.log | wc -l)" + "$(offsets "$log"/00000000000000000730.log | wc -l)")) ]
}

@test "damage in one segment, and the next one" {
	mkdir copy
	cp "$log"/*.log copy
	truncate -s -5 copy/00000000000000000310.log
	dump -o json copy
	[ "$status" -eq 2 ]
	[ "$(jq .offset <<<"$output" | tail -n 1)" -lt 730 ]
	dump -o json --salvage copy
	[ "$status" -eq 2 ]
	[ "$(jq .offset <<<"$output" | tail -n 1)" -eq 1173 ]
	[ "$(jq .offset <<<"$output" | wc -l)" -ge 1170 ]
}

@test "kafka says of a cut end what kafka-dump-log says, on standard output" {
	dump -o kafka "$faults"/trunc-07-into-batch/*.log
	[ "$status" -eq 2 ]
	[ "${lines[-1]}" = "Found 7 invalid bytes at the end of 00000000000000000000.log" ]
}

@test "--salvage of what is sound is the same" {
	for file in "$log" "$TESTDATA"/generated/gen-4.4.0/*.log; do
		for format in text json kafka; do
			diff <("$KMETA_BIN/kmeta-dump" -o $format "$file") <("$KMETA_BIN/kmeta-dump" -o $format --salvage "$file")
		done
	done
}

@test "a cut compressed file ends, with what it has" {
	gzip -c "$segment" | head -c 3000 >cut.gz
	for option in '' --salvage; do
		run --separate-stderr timeout 20 "$KMETA_BIN/kmeta-dump" -o json $option cut.gz
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -gt 10 ]
		said "the compressed file ends early"
		[ "$(grep -c 'ends early' <<<"$stderr")" -eq 1 ]
	done
}

# ---- memory ----

@test "bombs take no more than 256 MiB" {
	is_sanitized && skip "the address sanitizer takes more"
	for fault in gzip-bomb zstd-bomb; do
		for format in text json kafka; do
			run --separate-stderr bash -c 'ulimit -v 262144; exec timeout 20 "$0" -o "$1" --salvage "$2"' \
				"$KMETA_BIN/kmeta-dump" $format "$faults"/$fault/00000000000000000000.log
			[ "$status" -eq 2 ]
			said "data holds more than the limit of 64 MiB"
		done
	done
}

@test "memory does not grow with the log" {
	is_sanitized && skip "the address sanitizer takes more"
	for _ in $(seq 300); do
		cat "$segment"
	done >large.log
	for options in '' -ojson -okafka --reverse --salvage --fold --topic=orders; do
		# shellcheck disable=SC2086 # a word, or none
		bash -c 'ulimit -v 32768; exec "$0" "$@"' "$KMETA_BIN/kmeta-dump" -q $options large.log >out
		[ "$(wc -l <out)" -gt 300 ]
	done
	bash -c 'ulimit -v 32768; exec "$0" -q -' "$KMETA_BIN/kmeta-dump" <large.log >out
	[ "$(wc -l <out)" -eq 93000 ]
}
