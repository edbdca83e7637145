#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_input.bats: where kmeta-dump reads from, and that it leaves no trace there.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# The records alone: the same whatever way they came.
records() {
	"$KMETA_BIN/kmeta-dump" -o json --show-secrets "$@"
}

@test "a metadata directory, a log directory, all segments by name" {
	records "$log" >wanted
	[ "$(wc -l <wanted)" -eq 1174 ]
	records "$log/" | cmp - wanted
	records "${log%/*}" | cmp - wanted
	records "$log"/*.log | cmp - wanted
	(cd "$log" && records .) | cmp - wanted
	ln -s "$log" link
	records link | cmp - wanted
}

@test "the directory of 2.8" {
	[ "$(records "$TESTDATA/real/kraft-2.8-early-access/node-1" | wc -l)" -eq 182 ]
}

@test "checkpoints, under any name" {
	records "$checkpoint" >wanted
	[ "$(head -n 1 wanted | jq -r .type)" = SNAPSHOT_HEADER ]
	[ "$(tail -n 1 wanted | jq -r .type)" = SNAPSHOT_FOOTER ]
	cp "$checkpoint" "a name"
	records "a name" | cmp - wanted
	[ "$(records "${log%/*}/bootstrap.checkpoint" | jq -r .type | tail -n 1)" = SNAPSHOT_FOOTER ]
}

@test "standard input" {
	records "$segment" >wanted
	records - <"$segment" | cmp - wanted
	# shellcheck disable=SC2002 # a pipe is what is tested
	cat "$segment" | records - | cmp - wanted
	cat "$log"/*.log | records - | cmp - <(records "$log")
	records /dev/stdin <"$segment" | cmp - wanted
}

@test "a pipe that gives byte by byte" {
	head -c 3000 "$segment" >start
	dd if=start bs=1 status=none | records - 2>/dev/null | cmp - <(records start 2>/dev/null)
}

@test "a named pipe" {
	mkfifo pipe
	cat "$segment" >pipe &
	records pipe | cmp - <(records "$segment")
	wait
}

@test "files that were compressed as a whole" {
	records "$segment" >wanted
	gzip -c "$segment" >one.gz
	zstd -qc "$segment" >two.zst
	lz4 -qc "$segment" >three.lz4
	for file in one.gz two.zst three.lz4; do
		records $file | cmp - wanted
		records - <$file | cmp - wanted
		records --offset=100..120 $file | cmp - <(records --offset=100..120 "$segment")
		run --separate-stderr -2 "$KMETA_BIN/kmeta-dump" --reverse $file
		said "only a plain file can be read backwards"
		run --separate-stderr -2 "$KMETA_BIN/kmeta-dump" --follow $file
		said "only a plain file can be followed"
	done
}

@test "a directory whose segments were compressed" {
	mkdir copy
	cp "$log"/*.log copy
	gzip copy/00000000000000000000.log
	zstd -q --rm copy/00000000000000000310.log
	lz4 -q --rm copy/00000000000000000730.log copy/00000000000000000730.log.lz4
	records copy | cmp - <(records "$log")
}

@test "what a compressor left unfinished is damage" {
	for tool in gzip zstd lz4; do
		$tool -qc <"$segment" | head -c 1500 >cut.log
		dump -o json cut.log
		[ "$status" -eq 2 ]
		said "kmeta-dump: cut.log: byte "
	done
}

@test "what follows is only for plain files" {
	for option in --reverse --follow; do
		run --separate-stderr -2 "$KMETA_BIN/kmeta-dump" $option - <"$segment"
		said "only a plain file can be"
	done
}

@test "names of any kind" {
	for name in 'with blank' $'new\nline' '-dash' 'uml채ut' '%s%n'; do
		mkdir -p "d/$name"
		cp "$segment" "d/$name/00000000000000000000.log"
		records "d/$name" | cmp - <(records "$segment")
		[ "$("$KMETA_BIN/kmeta-dump" -o json --batch -n 1 "d/$name" | jq -r .batch.file)" = "d/$name/00000000000000000000.log" ]
	done
}

@test "early releases need no word to be read right" {
	for directory in kraft-2.8-early-access/node-1 kraft-3.0/node-1 kraft-3.3/node-1 upgrade-chain/final/node-1; do
		dump -o json "$TESTDATA/real/$directory"
		[ "$status" -eq 0 ]
		silent
		[ "$(jq -c 'select(.error)' <<<"$output" | wc -l)" -eq 0 ]
	done
}

@test "--dialect reads by one release's layouts" {
	file=$(echo "$TESTDATA"/generated/gen-3.0.2/*.log)
	records --dialect=3.0 "$file" | jq -c .data >got
	jq -c .data "$file.expected.jsonl" | cmp - got
	records --dialect=3.0.2 "$file" | jq -c .data | cmp - got
	run -2 --separate-stderr "$KMETA_BIN/kmeta-dump" --dialect=4.3 "$file"
	run -0 "$KMETA_BIN/kmeta-dump" --dialect=auto "$log"
}

# ---- no trace ----

# All that could tell of a visit: names, sizes, times, modes, owners. Not the times of access.
look() {
	find "$1" -printf '%p %s %T@ %C@ %m %u %n\n' | sort
}

@test "nothing is created, changed or locked" {
	cp -r "${log%/*}" copy
	touch copy/.lock
	flock --no-fork copy/.lock sleep 60 3>&- &
	locker=$!
	look copy >before
	for options in '' -ojson -okafka --reverse --salvage --topic=orders '--offset=400..500' --time=-1h..; do
		# shellcheck disable=SC2086 # a word, or none
		"$KMETA_BIN/kmeta-dump" $options copy >/dev/null || [ $? -eq 1 ]
	done
	"$KMETA_BIN/kmeta-dump" --follow copy >/dev/null 3>&- &
	follower=$!
	sleep 0.2
	look copy | diff before -
	kill $locker
}

@test "a directory that may only be read" {
	need_nobody
	open_directory
	cp -r "${log%/*}" "$public/node"
	chmod -R a-w,a+rX "$public/node"
	run -0 as_nobody "$KMETA_BIN/kmeta-dump" -o json "$public/node"
	[ "${#lines[@]}" -eq 1174 ]
}
