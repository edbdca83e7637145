#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# fetch.bats: kmeta-fetch against a controller in Python that serves a real log, with faults on request.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support
load fetch

# ---- the copy ----

@test "a copy is the log, byte for byte, and says what it is of" {
	serve
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	said "$at leads: controller 1, epoch 3"
	said "copy ends at offset 1174, epoch 3, the high watermark is 1174"
	same_log
	[ "$(ls copy/$name)" = 00000000000000000000.log ]
	[ "$(jq -c '[.clusterId, .leader, .leaderEpoch, .highWatermark, .startOffset, .endOffset, .lastEpoch]' copy/fetch.json)" = \
		'["a1B2c3D4e5F6g7H8i9J0kQ",1,3,1174,0,1174,3]' ]
	[ "$(stat -c %a copy copy/fetch.json copy/$name/*.log | tr '\n' ' ')" = "700 600 600 " ]
	"$KMETA_BIN/kmeta-verify" copy | grep -q "note .*a copy that kmeta-fetch made has no meta.properties"
}

@test "releases before 3.7, which tell neither the cluster nor who leads where" {
	serve --release 3.3
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	same_log
	[ "$(jq -c .clusterId copy/fetch.json)" = null ]
}

@test "a log that begins with a checkpoint: the oldest, or the newest by --latest" {
	mkdir served
	cp "$log"/*0580*.checkpoint "$log"/00000000000000000730.log "$log"/00000000000000001148.log served
	cp "$log"/00000000000000000310.log served
	cp "$checkpoint" served/00000000000000000730-0000000002.checkpoint
	served=served
	serve --log-start 580
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	cmp copy/$name/00000000000000000580-0000000002.checkpoint "$checkpoint"
	[ "$(ls copy/$name | tr '\n' ' ')" = "00000000000000000580-0000000002.checkpoint 00000000000000000580.log " ]
	[ "$(offsets copy/$name | head -n 1)" -eq 580 ]
	[ "$(offsets copy/$name | tail -n 1)" -eq 1173 ]
	fetch "$at" --out latest --latest
	[ "$status" -eq 0 ]
	[ "$(ls latest/$name | head -n 1)" = 00000000000000000730-0000000002.checkpoint ]
	[ "$(offsets latest/$name | head -n 1)" -eq 730 ]
	fetch "$at" --out copy --checkpoints
	[ "$status" -eq 0 ]
	[ -e copy/$name/00000000000000000730-0000000002.checkpoint ]
}

@test "records above the high watermark are not in a copy" {
	echo 600 >hw
	serve --high-watermark hw
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	[ "$(offsets copy/$name | tail -n 1)" -le 599 ]
	[ "$(offsets copy/$name | tail -n 1)" -gt 500 ]
	echo 900 >hw
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	[ "$(offsets copy/$name | tail -n 1)" -lt 900 ]
	rm hw && echo 1174 >hw
	fetch "$at" --out copy
	same_log
}

@test "a leader that does not know what is committed is asked again" {
	echo -1 >hw
	serve --high-watermark hw
	(sleep 1 && echo 1174 >hw.new && mv hw.new hw) 3>&- &
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	same_log
	echo -1 >hw
	fetch "$at" --out other --timeout 500ms
	[ "$status" -eq 2 ]
	said "does not hand out what is committed"
}

@test "what a killed run left torn is cut off, and other bytes are never touched" {
	serve
	fetch "$at" --out copy
	truncate -s -30 copy/$name/*.log
	touch copy/$name/00000000000000000580-0000000002.checkpoint.part
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	said "cut off "
	same_log
	[ "$(ls copy/$name)" = 00000000000000000000.log ]
	head -c 100 /dev/zero >>copy/$name/00000000000000000000.log
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	said "cut off 100 bytes"
	same_log
	printf x | dd of=copy/$name/00000000000000000000.log bs=1 seek=20000 conv=notrunc status=none
	cp copy/$name/*.log before
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "the copy is damaged before its end, and is not touched"
	cmp before copy/$name/*.log
}

@test "a full disk: said, and gone on with from there" {
	serve
	(
		trap '' XFSZ
		ulimit -f 40
		! "$KMETA_BIN/kmeta-fetch" -q "$at" --out copy 2>full
	)
	grep -q "cannot write: File too large" full
	[ "$(wc -l <full)" -eq 1 ]
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	said "cut off"
	same_log
}

@test "segments have the size that is asked for, and a copy goes on in the last" {
	serve
	fetch "$at" --out copy --segment-bytes 20K
	[ "$status" -eq 0 ]
	same_log
	[ "$(ls copy/$name | wc -l)" -ge 4 ]
	[ "$(stat -c %s copy/$name/*.log | sort -n | tail -n 1)" -le 20480 ]
	truncate -s 0 "$(ls copy/$name/*.log | tail -n 1)"
	fetch "$at" --out copy --segment-bytes 20K
	[ "$status" -eq 0 ]
	same_log
	"$KMETA_BIN/kmeta-verify" --skip=start copy/$name
}

@test "standard output: checkpoint and batches, for other commands" {
	serve
	"$KMETA_BIN/kmeta-fetch" -q "$at" --out - >stream
	cmp stream <(all_of "$log")
	cmp stream <("$KMETA_BIN/kmeta-fetch" -q "$at" -o -)
	diff <("$KMETA_BIN/kmeta-image" -o records - <stream) <("$KMETA_BIN/kmeta-image" --from-log -o records "$log")
	mkdir served
	cp "$checkpoint" "$log"/00000000000000000310.log "$log"/00000000000000000730.log "$log"/00000000000000001148.log served
	served=served
	serve --log-start 580
	"$KMETA_BIN/kmeta-fetch" -q "$at" --out - >stream
	cmp -n "$(stat -c %s "$checkpoint")" stream "$checkpoint"
	diff <("$KMETA_BIN/kmeta-image" -o records - <stream) <("$KMETA_BIN/kmeta-image" -o records "$log")
	"$KMETA_BIN/kmeta-fetch" -q "$at" --out - | head -c 100 >/dev/null
}

# ---- what cannot be gone on with ----

@test "another cluster, by its id and by its log: nothing is touched" {
	serve
	fetch "$at" --out copy --cluster-id zzzzzzzzzzzzzzzzzzzzzz
	refused "this is the cluster a1B2c3D4e5F6g7H8i9J0kQ, not zzzzzzzzzzzzzzzzzzzzzz"
	fetch "$at" --out copy
	find copy -type f -exec sha256sum {} + >before
	serve --cluster other-cluster
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "this is the cluster other-cluster"
	serve --cluster other-cluster --release 3.3
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said INCONSISTENT_CLUSTER_ID
	mkdir served
	cp "$log"/00000000000000000000.log served
	served=served
	serve --epoch 9
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "is not in the log of this quorum"
	said "the copy in copy is as it was"
	rm -r served && mkdir served
	head -c 300 "$log"/00000000000000000000.log >served/00000000000000000000.log
	serve
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "the quorum has lost the log: $at: its epoch is 1, below"
	find copy -type f -exec sha256sum {} + | diff before -
}

@test "the same offsets with other bytes are another log" {
	serve --release 3.3
	fetch "$at" --out copy
	mkdir served
	cp "$log"/*.log served
	# The last batch has another time, and a right checksum.
	python3 - served/00000000000000001148.log <<-'END'
		import struct, sys
		table = []
		for n in range(256):
		    for _ in range(8):
		        n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
		    table.append(n)
		data = bytearray(open(sys.argv[1], 'rb').read())
		at = last = 0
		while at < len(data):
		    last, at = at, at + 12 + struct.unpack_from('>i', data, at + 8)[0]
		data[last + 34] ^= 1
		crc = 0xffffffff
		for byte in data[last + 21:]:
		    crc = crc >> 8 ^ table[(crc ^ byte) & 255]
		struct.pack_into('>I', data, last + 17, crc ^ 0xffffffff)
		open(sys.argv[1], 'wb').write(data)
	END
	served=served
	serve --release 3.3
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "the batch at offset 1173 is another one in this quorum"
}

@test "a quorum that dropped what follows: said, or stepped over by --over-gap" {
	echo 300 >hw
	serve --high-watermark hw
	fetch "$at" --out copy
	mkdir served
	cp "$checkpoint" "$log"/00000000000000000310.log "$log"/00000000000000000730.log "$log"/00000000000000001148.log served
	served=served
	serve --log-start 580
	cp -r copy before
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "the leader has dropped what follows offset 295: its log begins at 580"
	said "--over-gap goes on behind the newest checkpoint"
	diff -r before copy
	fetch "$at" --out copy --over-gap
	[ "$status" -eq 0 ]
	said "offsets 295 to 579 are gone"
	[ "$(ls copy/$name | tr '\n' ' ')" = "00000000000000000000.log 00000000000000000580-0000000002.checkpoint 00000000000000000580.log " ]
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
}

@test "a directory that is no copy, and one that another run writes to" {
	serve
	cp -r "$log/.." node
	find node -type f -exec sha256sum {} + >before
	fetch "$at" --out node
	[ "$status" -eq 2 ]
	said "no fetch.json, so it is no copy"
	find node -type f -exec sha256sum {} + | diff before -
	fetch "$at" --out copy
	exec 9<copy/$name
	flock 9
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "another kmeta-fetch is writing there"
	exec 9<&-
	echo '{' >copy/fetch.json
	fetch "$at" --out copy
	[ "$status" -eq 2 ]
	said "fetch.json cannot be read"
	touch file
	fetch "$at" --out file
	[ "$status" -eq 2 ]
	fetch "$at" --out missing/copy
	[ "$status" -eq 2 ]
	said "No such file"
}

# ---- leaders ----

@test "a follower tells who leads, and where" {
	serve --node 2 --leader 2
	leader=$port
	serve --node 1 --leader 2 --leader-port "$leader"
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	said "localhost:$leader leads: controller 2"
	same_log
}

@test "releases before 3.7 do not tell where: all controllers have to be named" {
	serve --node 2 --leader 2 --release 3.3
	leader=$port
	serve --node 1 --leader 2 --release 3.3
	fetch "$at" --out copy --timeout 500ms
	refused "controller 2 leads, not this one" "its address is not known: name all controllers"
	fetch "$at,localhost:$leader" --out copy
	[ "$status" -eq 0 ]
	same_log
}

@test "no leader at all: the search ends" {
	serve --leader -1
	fetch "$at" --out copy --timeout 500ms
	refused "no controller leads" "knows no leader"
}

@test "a follower that goes on without its leader waits for the next" {
	echo 600 >hw
	serve --high-watermark hw
	first=$port
	serve
	second=$port
	kill "${servers[1]}"
	"$KMETA_BIN/kmeta-fetch" "localhost:$first,localhost:$second" --out copy --follow --timeout 1s 2>notes 3>&- &
	follower=$!
	eventually grep -q "leads: controller 1" notes
	eventually test -s copy/$name/00000000000000000000.log
	kill "${servers[0]}"
	eventually grep -q "looking for the leader" notes
	kill -TERM "$follower"
	wait "$follower"
	[ "$(offsets copy/$name | tail -n 1)" -eq 599 ]
	[ "$(jq .endOffset copy/fetch.json)" -eq 600 ]
}

# ---- following ----

@test "--follow goes on as records are committed, and ends by a signal" {
	echo 600 >hw
	serve --high-watermark hw
	"$KMETA_BIN/kmeta-fetch" "$at" --out copy --follow 2>notes 3>&- &
	follower=$!
	eventually eval '[ "$(offsets copy/$name 2>/dev/null | tail -n 1)" = 599 ]'
	"$KMETA_BIN/kmeta-dump" -o json --follow copy >records 3>&- &
	reader=$!
	servers+=("$reader")
	echo 1000 >hw.new && mv hw.new hw
	eventually eval '[ "$(offsets copy/$name 2>/dev/null | tail -n 1)" -gt 900 ]'
	echo 1174 >hw.new && mv hw.new hw
	eventually grep -q '^{"offset":1173,' records
	kill -INT "$follower"
	wait "$follower"
	same_log
	kill "$reader"
	diff <(jq -c .offset records) <(offsets "$log")
	[ "$(jq .endOffset copy/fetch.json)" -eq 1174 ]
	grep -q "copy ends at offset 1174" notes
}

@test "--retain drops whole segments, below a checkpoint only" {
	serve
	fetch "$at" --out copy --segment-bytes 20K
	segments=$(ls copy/$name | wc -l)
	fetch "$at" --out copy --segment-bytes 20K --retain 30K
	[ "$status" -eq 0 ]
	[ "$(ls copy/$name | wc -l)" -eq "$segments" ]
	cp "$checkpoint" copy/$name
	fetch "$at" --out copy --segment-bytes 20K --retain 30K
	[ "$status" -eq 0 ]
	said "dropped 00000000000000000000.log, as --retain wants it"
	[ "$(ls copy/$name | wc -l)" -lt "$((segments + 1))" ]
	first=$(basename "$(ls copy/$name/*.log | head -n 1)" .log)
	[ "$((10#$first))" -le 580 ]
	diff <("$KMETA_BIN/kmeta-image" -o records copy/$name) <("$KMETA_BIN/kmeta-image" -o records "$log")
	cp -r copy old
	fetch "$at" --out old --segment-bytes 20K --retain 3650000d
	[ "$status" -eq 0 ]
	diff -r copy/$name old/$name
}

# ---- status ----

@test "--status prints voters and observers; 1 if no majority is in step" {
	serve
	fetch --status "$at"
	[ "$status" -eq 0 ]
	[[ $output == *"voters          3 of 3 in step"* ]]
	[[ $output == *"CONTROLLER://localhost:$port"* ]]
	[[ $output == *observer* ]]
	run -1 grep -E '[[:blank:]]$' <<<"$output"
	fetch --status -o json "$at"
	[ "$(jq -c '[.clusterId, .leader, .epoch, .highWatermark, .voters, .votersInStep, (.replicas | length)]' <<<"$output")" = \
		'["a1B2c3D4e5F6g7H8i9J0kQ",1,3,1174,3,3,4]' ]
	[ "$(jq -c '[.replicas[3] | .voter, .lag, .leader]' <<<"$output")" = '[false,3,false]' ]
	serve --lag 60000
	fetch --status -o json "$at"
	[ "$status" -eq 1 ]
	[ "$(jq .votersInStep <<<"$output")" -eq 1 ]
	serve --release 3.3
	fetch --status "$at"
	[ "$status" -eq 0 ]
	serve --faults control
	fetch --status "$at"
	[ "$status" -eq 0 ]
	[[ $output != *$'\033'* ]]
}

# ---- the command line ----

@test "mistakes on the command line" {
	for arguments in "" "localhost:1" "localhost:1 localhost:2 --out copy" "localhost --out copy" "host:0 --out copy" \
		"host:70000 --out copy" "a:1,, --out copy" "::1:9093 --out copy" "h:1 --out copy --timeout 5" \
		"h:1 --out copy --retain x" "h:1 --out copy --segment-bytes 4GiB" "h:1 --out copy --max-rate 0" \
		"h:1 --status --out copy" "h:1 --status -f" "h:1 --out copy -o xml" "h:1 --out - --checkpoints"; do
		# shellcheck disable=SC2086 # words
		fetch $arguments
		echo "$arguments: $stderr"
		refused "kmeta-fetch: "
	done
	for option in out follow status retain command-config cluster-id; do
		"$KMETA_BIN/kmeta-fetch" --help | grep -q -- "--$option"
	done
}
