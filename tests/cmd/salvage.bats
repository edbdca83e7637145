#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# salvage.bats: the log that kmeta-salvage puts together, what it says of losses, and what it refuses.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

# bats keeps files of its own beside what a test makes.
setup() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return
}

quorum=$TESTDATA/real/kraft-4.3-full
metadata=__cluster_metadata-0

salvage() {
	run --separate-stderr "$KMETA_BIN/kmeta-salvage" "$@"
}

# nodes NUMBER...: copies of them, as n1, n2
nodes() {
	local number
	for number; do
		cp -r "$quorum/node-$number" "n$number"
	done
}

# spoil NODE SEGMENT NUMBER HOW
spoil() {
	"$project/tests/cmd/spoil.py" "$1/$metadata/$(printf %020d "$2").log" "$3" "$4"
}

hash_of() {
	"$KMETA_BIN/kmeta-image" -o hash "$1" | cut -d' ' -f1
}

# whole DIR: all of it verifies, and the state is that of the quorum
whole() {
	"$KMETA_BIN/kmeta-verify" --fail-on=warning "$1"
	[ "$(hash_of "$1")" = "$(hash_of "$log")" ]
}

# reported LINE: the report has it
reported() {
	grep -qE "^$1" <<<"$output" || {
		echo "$output"
		return 1
	}
}

@test "a sound node: the same segments and checkpoints, byte for byte, and nothing else" {
	local file
	salvage --out=out "$quorum/node-1"
	[ "$status" -eq 0 ]
	silent
	diff <(cd "$log" && ls ./*.log ./*.checkpoint) <(cd out/$metadata && ls ./*)
	for file in out/$metadata/*; do
		cmp "$file" "$log/${file##*/}"
	done
	[ "$(ls out)" = "$metadata
meta.properties" ]
	grep -qx node.id=1 out/meta.properties
	grep -qx directory.id=Aa1Aa1Aa1Aa1Aa1Aa1Aa1A out/meta.properties
	reported '0\.\.1173 from .*/node-1, 150 batches in 75232 bytes$'
	[ "$(find out -printf '%y%m\n' | sort -u | tr '\n' ' ')" = "d700 f600 " ]
}

@test "one damaged node: sound up to the damage, which is named" {
	nodes 1
	spoil n1 730 20 flip
	salvage --out=out n1
	[ "$status" -eq 1 ]
	said "00000000000000000730.log: byte 15101 (offset 988): CRC-32C"
	reported 'lost: offsets 988\.\.988, which no input has: .*; the log ends there'
	reported 'lost: offsets 989\.\.1173, which are there but behind the hole'
	"$KMETA_BIN/kmeta-verify" -q out
	[ "$(hash_of out)" = "$(hash_of "$log@988")" ]
}

@test "three nodes that are damaged in different places have all together" {
	local file
	nodes 1 2 3
	find n? -type f -exec md5sum {} + | sort >before
	spoil n1 730 20 flip
	spoil n1 0 5 zero
	spoil n2 310 7 flip
	spoil n2 1148 3 cut
	spoil n3 310 30 zero
	spoil n3 730 2 drop
	find n? -type f -exec md5sum {} + | sort >before
	salvage --out=out n1 n2 n3
	[ "$status" -eq 0 ]
	whole out
	for file in out/$metadata/*.log; do
		cmp "$file" "$log/${file##*/}"
	done
	diff before <(find n? -type f -exec md5sum {} + | sort)
	reported '988\.\.988 from n2, 1 batch'
}

@test "brokers have the log, too" {
	nodes 1
	spoil n1 0 9 flip
	salvage --out=out n1 "$quorum/node-11"
	[ "$status" -eq 0 ]
	whole out
}

@test "damage that no checksum sees: base offsets and epochs" {
	local number how
	for number in 0 1 20; do
		for how in base epoch; do
			nodes 1
			spoil n1 730 "$number" "$how"
			salvage --out=out n1 "$quorum/node-2"
			[ "$status" -eq 0 ]
			said "fit those around it by its"
			whole out
			rm -r n1 out
		done
	done
}

@test "a hole below a checkpoint costs history, and not the state" {
	nodes 1
	spoil n1 310 3 flip
	salvage --out=out n1
	[ "$status" -eq 1 ]
	reported 'lost: offsets 3[0-9]*\.\.3[0-9]*, which no input has: .*a checkpoint has the state'
	whole out
	[ ! -e out/$metadata/00000000000000000000.log ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json out/$metadata | jq -s '.[0].offset <= 580 and .[-1].offset == 1173')" = true ]
}

@test "a prefix that only a checkpoint covers is fine" {
	nodes 1
	rm n1/$metadata/*0000.log n1/$metadata/*0310.log
	salvage --out=out n1
	# The checkpoint is of 580, and the log begins at 730.
	[ "$status" -eq 2 ]
	said "the log begins at offset 730, and no checkpoint that verifies has the state there"
	[ ! -e out ]
	cp "$log"/*0310.log n1/$metadata
	salvage --out=out n1
	[ "$status" -eq 0 ]
	whole out
}

@test "past holes: a state of all that is sound" {
	nodes 1
	spoil n1 730 20 flip
	salvage --past-holes --out=out n1
	[ "$status" -eq 1 ]
	[ "$(ls out/$metadata)" = 00000000000000001174-0000000003.checkpoint ]
	reported 'lost: offsets 988\.\.988, .*what lies behind is replayed'
	reported 'wrote: out: the state as 00000000000000001174-0000000003.checkpoint'
	"$KMETA_BIN/kmeta-verify" out
	# Without the record at 988, all but its one entity is as it was.
	"$KMETA_BIN/kmeta-diff" --stat out "$log" >changes || true
	[ "$(awk '{ sum += $2 + $4 + $6 } END { print sum + 0 }' changes)" -le 1 ]
}

@test "past holes: what does not fit is named" {
	nodes 1
	# The batch that creates orders is lost; later records are about it.
	number=$("$KMETA_BIN/kmeta-dump" -o json --batch n1/$metadata/*0000.log |
		jq -s '(map(.batch.position) | unique) as $all | map(select(.data.name == "orders"))[0].batch.position as $at | $all | index($at)')
	spoil n1 0 "$number" flip
	rm n1/$metadata/*.checkpoint
	salvage --past-holes --out=out n1
	[ "$status" -eq 1 ]
	reported 'doubtful: .*orders|doubtful: PARTITION_CHANGE'
	"$KMETA_BIN/kmeta-verify" -q out
}

@test "branches: the higher last epoch goes on, then the longer log" {
	nodes 1 2
	# Node 2 ends with the first batch of a leader of epoch 11, where others have one of epoch 3.
	number=$("$KMETA_BIN/kmeta-dump" -o json --batch "n2/$metadata/00000000000000000730.log" |
		jq -s '(map(.batch.position) | unique) as $all | (map(select(.type == "LEADER_CHANGE"))[0].batch.position) as $at | $all | index($at)')
	spoil n2 730 "$number" epoch
	spoil n2 730 $((number + 1)) end
	rm "n2/$metadata/00000000000000001148.log"
	salvage --out=out n1 n2
	[ "$status" -eq 1 ]
	reported 'dropped: n1 from offset 833 \(epoch 3\) up to 1173: it is of another branch than n2'
	[ "$("$KMETA_BIN/kmeta-dump" -o json out/$metadata | tail -n 1 | jq -c '[.offset, .epoch]')" = '[833,11]' ]
	# An epoch that rises without a leader is damage, and no branch.
	rm -r n2 out
	nodes 2
	spoil n2 730 10 epoch
	spoil n2 730 11 end
	rm "n2/$metadata/00000000000000001148.log"
	salvage --out=out n1 n2
	[ "$status" -eq 0 ]
	whole out
	# The same without the change, but one input is shorter: no branch.
	spoil n1 1148 5 cut
	salvage --out=longer n1 "$quorum/node-3"
	[ "$status" -eq 0 ]
	whole longer
}

@test "checkpoints: of any input, if they verify" {
	nodes 1
	truncate -s -5 n1/$metadata/*0580-*.checkpoint
	salvage --out=out n1
	[ "$status" -eq 0 ]
	said "00000000000000000580-0000000002.checkpoint: not kept: "
	[ ! -e out/$metadata/00000000000000000580-0000000002.checkpoint ]
	salvage --out=both n1 "$quorum/node-3"
	[ "$status" -eq 0 ]
	cmp {both,"$quorum/node-3"}/$metadata/00000000000000000580-0000000002.checkpoint
	# One of another epoch than the log has there is of no use.
	mv n1/$metadata/00000000000000000580-0000000002.checkpoint gone
	cp -r "$quorum/node-1" n4
	"$KMETA_BIN/kmeta-snapshot" -q --epoch=9 --out="n4/$metadata/00000000000000000700-0000000009.checkpoint" "$log@700"
	salvage --out=odd n4
	[ "$status" -eq 1 ]
	reported 'dropped: 00000000000000000700-0000000009.checkpoint contradicts the log'
	whole odd
}

@test "a checkpoint that is newer than the log is all that is kept" {
	nodes 1
	rm n1/$metadata/*0310.log n1/$metadata/*0730.log n1/$metadata/*1148.log
	salvage --out=out n1
	[ "$status" -eq 1 ]
	[ "$(ls out/$metadata/*.log 2>/dev/null)" = "" ]
	"$KMETA_BIN/kmeta-verify" out
	[ "$(hash_of out)" = "$(hash_of "$log@580")" ]
}

@test "segments that are compressed as a whole" {
	nodes 1
	gzip n1/$metadata/*0310.log
	salvage --out=out n1
	[ "$status" -eq 0 ]
	cmp out/$metadata/00000000000000000310.log "$log/00000000000000000310.log"
}

@test "another cluster is refused" {
	nodes 2
	sed -i 's/^cluster.id=.*/cluster.id=other/' n2/meta.properties
	salvage --out=out "$quorum/node-1" n2
	[ "$status" -eq 2 ]
	said "n2: it is of another cluster: cluster.id is other"
	[ ! -e out ]
}

@test "without meta.properties, the directory is without it too" {
	salvage --out=out "$log/00000000000000000000.log"
	[ "$status" -eq 0 ]
	[ -e out/meta.properties ]
	cp "$log/00000000000000000000.log" .
	salvage --out=alone 00000000000000000000.log
	[ "$status" -eq 0 ]
	[ ! -e alone/meta.properties ]
	reported 'next: put a meta.properties into it'
	cmp alone/$metadata/00000000000000000000.log "$log/00000000000000000000.log"
}

@test "json: objects, a line each, with a summary" {
	nodes 1
	spoil n1 730 20 flip
	salvage -o json --out=out n1 "$quorum/node-2"
	[ "$status" -eq 0 ]
	[ "$(jq -c 'select(.what == "stretch") | [.first, .last, .from]' <<<"$output" | head -n 1)" = '[0,987,"n1"]' ]
	[ "$(jq -c 'select(.summary) | .summary | [.first, .last, .segments, .lost]' <<<"$output")" = '[0,1173,4,false]' ]
	salvage -o json --out=alone n1
	[ "$status" -eq 1 ]
	jq -se 'any(.[]; .what == "lost" and (.message | startswith("offsets 988..988")))' <<<"$output"
	[ "$(tail -n 1 <<<"$output" | jq .summary.lost)" = true ]
}

@test "a dry run says the same and writes nothing" {
	salvage --dry-run --out=out "$quorum/node-1" "$quorum/node-2"
	[ "$status" -eq 0 ]
	[ ! -e out ]
	words=$output
	salvage --out=out "$quorum/node-1" "$quorum/node-2"
	[ "${words/would write/wrote}" = "${output/, read back and verified/}" ]
}

@test "mistakes on the command line, and places that are taken" {
	mkdir there
	for arguments in "$log" "--out=there $log" "--out=out" "--out=- $log" "--out=out nowhere" "--out=out $log@700" \
		"--out=out there" "--out=no/where $log" "--mode=x --out=out $log"; do
		# shellcheck disable=SC2086 # words
		salvage $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said "kmeta-salvage: "
		[ "$(ls -A)" = there ]
	done
	salvage -q --mode=644 --out=out "$log"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(find out -printf '%y%m\n' | sort -u | tr '\n' ' ')" = "d755 f644 " ]
}

@test "a full disk and an interrupt leave nothing" {
	local rule
	need_strace
	for rule in write:error=ENOSPC:when=2 fsync:error=EIO:when=2 renameat2:error=EACCES; do
		run --separate-stderr strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e trace="${rule%%:*}" -e inject="$rule" \
			"$KMETA_BIN/kmeta-salvage" --out=out "$log"
		[ "$status" -eq 2 ]
		[ -z "$(ls -A)" ]
	done
	run strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e trace=fsync -e inject=fsync:signal=TERM:when=3 \
		"$KMETA_BIN/kmeta-salvage" --out=out "$log"
	[ "$status" -eq 143 ]
	[ -z "$(ls -A)" ]
}

# Whatever is damaged: what is written verifies, and status 0 means all.
@test "random damage on three nodes" {
	local seed node file n
	for seed in $(seq 10); do
		nodes 1 2 3
		n=0
		for node in n1 n2 n3; do
			for file in "$node/$metadata"/*.log; do
				((++n * seed % 3)) || "$project/tests/cmd/spoil.py" "$file" random "$seed-$n"
			done
		done
		salvage --out=out n1 n2 n3
		echo "seed $seed: status $status $output $stderr"
		[ "$status" -lt 2 ]
		"$KMETA_BIN/kmeta-verify" -q --skip=meaning out
		[ "$status" -ne 0 ] || [ "$(hash_of out)" = "$(hash_of "$log")" ]
		[ "$status" -eq 0 ] || grep -qE '^(lost|dropped): ' <<<"$output"
		rm -r n1 n2 n3 out
	done
}
