#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_follow.bats: kmeta-dump --follow beside a log that is being written.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# follow ARGUMENT...: in the background; it prints to "out" and "err"
follow() {
	"$KMETA_BIN/kmeta-dump" --follow -o json "$@" >out 2>err 3>&- &
	follower=$!
}

has_lines() {
	[ "$(wc -l <out)" -ge "$1" ]
}

has_said() {
	grep -qF -- "$1" err
}

# It runs on, and has printed exactly these many lines.
followed() {
	eventually has_lines "$1"
	[ "$(wc -l <out)" -eq "$1" ]
	kill -0 $follower
}

# Where the n-th batch of the segment begins.
begin_of() {
	"$KMETA_BIN/kmeta-dump" -o json --batch "$segment" | jq .batch.position | uniq | sed -n "$1p"
}

# The segment up to there.
begin_growing() {
	head -c "$(begin_of "$1")" "$segment" >growing.log
	count=$("$KMETA_BIN/kmeta-dump" -o json growing.log | wc -l)
}

# The segment up to a byte, or all of it, without touching what is there.
grow_to() {
	local size
	size=$(stat -c %s growing.log)
	head -c "$1" "$segment" | tail -c +$((size + 1)) >>growing.log
}

@test "a segment that grows" {
	begin_growing 30
	follow growing.log
	followed "$count"
	grow_to 24565
	followed 310
	cmp out <("$KMETA_BIN/kmeta-dump" -o json "$segment")
	[ ! -s err ]
}

@test "a batch that comes in pieces" {
	begin_growing 3
	follow growing.log
	followed "$count"
	for at in 1 20 61 62; do
		grow_to $(($(begin_of 3) + at))
		sleep 0.05
	done
	[ "$(wc -l <out)" -eq "$count" ]
	grow_to 24565
	followed 310
	cmp out <("$KMETA_BIN/kmeta-dump" -o json "$segment")
	[ ! -s err ]
}

@test "over a roll to new segments" {
	mkdir d
	cp "$segment" d
	follow d
	followed 310
	cp "$log"/00000000000000000310.log d
	followed 730
	cp "$log"/00000000000000000730.log d/new
	mv d/new d/00000000000000000730.log
	cp "$log"/00000000000000001148.log d
	followed 1174
	cmp out <("$KMETA_BIN/kmeta-dump" -o json "$log")
	[ ! -s err ]
}

@test "a directory that is empty yet, and one above it" {
	mkdir -p node/__cluster_metadata-0
	follow node
	sleep 0.1
	kill -0 $follower
	cp "$segment" node/__cluster_metadata-0/
	followed 310
}

@test "over a truncation" {
	cp "$segment" growing.log
	follow growing.log
	followed 310
	place=$(begin_of 30)
	truncate -s "$place" growing.log
	eventually has_said "growing.log: byte $place: was cut: going on from its new end"
	kill -0 $follower
	grow_to 24565
	# The records that were cut off come again, and only those.
	first=$("$KMETA_BIN/kmeta-dump" -o json --batch "$segment" | jq "select(.batch.position >= $place).offset" | head -n 1)
	followed $((310 + 310 - first))
	[ "$(jq .offset out | sed -n 311p)" -eq "$first" ]
}

@test "over a file that is replaced" {
	cp "$segment" growing.log
	follow growing.log
	followed 310
	cp "$log"/00000000000000000310.log new
	mv new growing.log
	followed 730
	has_said "was replaced: starting over with the new one"
}

@test "over a file that is removed, and comes back" {
	cp "$segment" growing.log
	follow growing.log
	followed 310
	rm growing.log
	eventually has_said "was removed: waiting for another"
	kill -0 $follower
	cp "$log"/00000000000000000310.log growing.log
	followed 730
}

@test "damage is told, and what follows it is printed" {
	begin_growing 30
	follow growing.log
	followed "$count"
	cat "$faults"/count-too-high/*.log "$faults"/bitflip-crc/*.log >>growing.log
	eventually has_said "record count 9, but the batch holds 3"
	eventually has_said "CRC-32C is"
	eventually grep -q '"offset":309,' out
	kill -0 $follower
}

@test "filters and limits hold for what comes later" {
	mkdir d
	cp "$segment" d
	follow --type=topic --limit=40 d
	topics=$(offsets --type=topic "$segment" | wc -l)
	followed "$topics"
	cp "$log"/00000000000000000310.log "$log"/00000000000000000730.log d
	eventually has_lines 40
	# The limit ends it, without being asked.
	wait $follower
	follower=
	[ "$(wc -l <out)" -eq 40 ]
	cmp out <("$KMETA_BIN/kmeta-dump" -o json --type=topic --limit=40 "$log")
}

@test "a reader that went away ends it" {
	begin_growing 30
	(
		"$KMETA_BIN/kmeta-dump" --follow growing.log 2>err
		echo $? >status
	) 3>&- | head -n 1 >out 3>&- &
	eventually has_lines 1
	# It notices when it has something to write.
	grow_to 24565
	eventually test -s status
	[ "$(cat status)" -eq 0 ]
	[ ! -s err ]
}

@test "no-ops are folded up to where it waits" {
	cp "$segment" growing.log
	"$KMETA_BIN/kmeta-dump" --follow --fold growing.log >out 3>&- &
	follower=$!
	wanted=$("$KMETA_BIN/kmeta-dump" --fold "$segment" | wc -l)
	eventually has_lines "$wanted"
	diff out <("$KMETA_BIN/kmeta-dump" --fold "$segment")
}
