#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_jobs.bats: batches that are printed side by side come out as those of one thread.

# shellcheck disable=SC2154 # variables come from support.bash and bats
load support

# Logs of several releases one behind the other, again and again: offsets jump, and topics come and
# go. Then large batches, and the first again.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	local once=$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0 i
	cat "$TESTDATA"/real/kraft-3.0/node-1/*/*.log "$once"/*.log "$TESTDATA"/generated/gen-{3.5.2,4.1.2,3.9.2}/*.log >mixed
	while [ "$(stat -c %s mixed)" -lt 1800000 ]; do
		cat mixed "$once"/*.log >longer && mv longer mixed
	done
	cp mixed 00000000000000000000.log
	for i in 600000 90000 700000; do
		"$BATS_TEST_DIRNAME/large_batch.py" "$once"/00000000000000000000.log 00000000000000000000.log "$i"
	done
	cat mixed >>00000000000000000000.log
	cp 00000000000000000000.log damaged.log
	for i in 1500000 1900000 1900100 2400000 2800000 3900000; do
		printf '\377\0\377\0' | dd of=damaged.log bs=1 seek=$i conv=notrunc status=none
	done
}

# same OPTION...: one thread and several print and say the same, with the same status
same() {
	local jobs
	"$KMETA_BIN/kmeta-dump" -j1 "$@" >one 2>one.said || echo $? >>one.said
	[ -s one ]
	for jobs in 2 5; do
		"$KMETA_BIN/kmeta-dump" -j$jobs "$@" >several 2>several.said || echo $? >>several.said
		cmp one several
		cmp one.said several.said
	done
}

@test "a sound log in each format" {
	cd "$BATS_FILE_TMPDIR"
	for format in text json kafka; do
		same -o $format 00000000000000000000.log
		same -o $format --batch --show-secrets 00000000000000000000.log
	done
	same --color=always 00000000000000000000.log
}

@test "a damaged log: up to the damage, or past it" {
	cd "$BATS_FILE_TMPDIR"
	for format in text json kafka; do
		same -o $format damaged.log
		same -o $format --salvage damaged.log
	done
}

@test "a limit, filters, and a layout that was asked for" {
	cd "$BATS_FILE_TMPDIR"
	same -o json -n 1 00000000000000000000.log
	same -o json -n 29000 00000000000000000000.log
	same -n 31234 --salvage damaged.log
	same -o kafka --type=partition 00000000000000000000.log
	same -o text --batch --type=topic,partition 00000000000000000000.log
	same -o json --broker=11 --salvage damaged.log
	same --topic=orders 00000000000000000000.log
	same -o json --grep=orders --salvage damaged.log
	same --fold 00000000000000000000.log
	same -o json --dialect=3.0 00000000000000000000.log
}

@test "standard input, several addresses, and a directory" {
	cd "$BATS_FILE_TMPDIR"
	same -o kafka 00000000000000000000.log damaged.log
	same -o json "$log" 00000000000000000000.log
	"$KMETA_BIN/kmeta-dump" -j1 -o json 00000000000000000000.log >one || true
	"$KMETA_BIN/kmeta-dump" -j3 -o json - <00000000000000000000.log >several || true
	cmp one several
}

@test "nobody reads on: no complaint" {
	cd "$BATS_FILE_TMPDIR"
	"$KMETA_BIN/kmeta-dump" -j3 -q -o json 00000000000000000000.log 2>said | head -n 1 >first
	[ -s first ]
	[ ! -s said ]
}

@test "a number of jobs that is none" {
	dump -j0 "$log"
	[ "$status" -eq 2 ]
	said '--jobs'
	dump -j65 "$log"
	[ "$status" -eq 2 ]
}
