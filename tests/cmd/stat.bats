#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# stat.bats: the sums of kmeta-stat, held against what kmeta-dump prints.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

stat_of() {
	run --separate-stderr "$KMETA_BIN/kmeta-stat" "$@"
}

# sums JQ-EXPRESSION: of all records of the log
sums() {
	"$KMETA_BIN/kmeta-dump" -o json --batch "$log" | jq -s -c "$1"
}

@test "--help explains every option" {
	stat_of --help
	[ "$status" -eq 0 ]
	silent
	for option in output top dialect quiet color progress utc; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
}

@test "mistakes on the command line" {
	for arguments in "" "--top=many $log" "--top=-1 $log" "--output=xml $log"; do
		# shellcheck disable=SC2086 # words
		stat_of $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said "(kmeta-stat --help)"
	done
}

@test "records, batches, bytes, offsets, epochs" {
	stat_of -o json "$log"
	[ "$status" -eq 0 ]
	silent
	jq -c '[.records, .batches, .bytes, .firstOffset, .lastOffset, .firstEpoch, .lastEpoch, .leaderChanges, .largestBatch]' \
		<<<"$output" >told
	sums '(group_by(.batch.baseOffset) | map(.[0].batch.size)) as $sizes
		| [length, ($sizes | length), ($sizes | add), first.offset, last.offset, first.epoch, last.epoch,
		   (map(select(.type == "LEADER_CHANGE")) | length), ($sizes | max)]' >wanted
	diff told wanted
}

@test "numbers go with what they count" {
	head -c 316 "$log/00000000000000000310.log" | tail -c 72 >00000000000000000315.log
	stat_of 00000000000000000315.log
	[ "${lines[0]}" = "log                1 file, 72 bytes, 1 batch (0 compressed), 1 record" ]
	[ "${lines[1]}" = "offsets            315 to 315, epochs 1 to 1, 0 leader changes" ]
	stat_of "$segment"
	[[ ${lines[1]} == *", 1 leader change" ]]
}

@test "by type, topic and broker" {
	stat_of -o json --top=1000 "$log"
	jq -c '[.types[] | {type, version, records}] | sort_by([.type, .version])' <<<"$output" >told
	sums 'group_by([.type, .version]) | map({type: .[0].type, version: .[0].version, records: length})' >wanted
	diff told wanted
	[ "$(jq -c '[.types[].records] | add' <<<"$output")" = "$(jq .records <<<"$output")" ]
	id=$("$KMETA_BIN/kmeta-image" -o json "$log" | jq -r .topics.orders.topicId)
	[ "$(jq '.topics[] | select(.topic == "orders").records' <<<"$output")" -eq \
		"$(sums "map(select(.data.topicId == \"$id\")) | length")" ]
	[ "$(jq '.brokers[] | select(.broker == 11).registrations' <<<"$output")" -eq \
		"$(sums 'map(select(.type == "REGISTER_BROKER_RECORD" and .data.brokerId == 11)) | length')" ]
}

@test "times and batch sizes add up" {
	stat_of -o json "$log"
	[ "$(jq '[.times[].records] | add' <<<"$output")" = "$(jq .records <<<"$output")" ]
	[ "$(jq '[.batchSizes[].batches] | add' <<<"$output")" = "$(jq .batches <<<"$output")" ]
}

# Logs of many lengths, from a time that is round in no zone.
@test "times are told in round buckets of the time zone" {
	PYTHONPATH=$project/tests/cmd PYTHONDONTWRITEBYTECODE=1 KMETA_BIN=$KMETA_BIN python3 - <<-'END'
		import json, os, subprocess, timed_log
		SECOND, MINUTE, HOUR, DAY = 1000, 60000, 3600000, 86400000
		STEPS = [n * unit for unit in (SECOND, MINUTE) for n in (1, 2, 5, 10, 15, 30)]
		STEPS += [n * HOUR for n in (1, 2, 3, 6, 12)] + [DAY, 2 * DAY] + [7 * DAY << n for n in range(9)]
		SPANS = [0, 400, 30000, 46000, 47500, 70000, 95000, 200000, 233000, 400000, 700000, 1400000, 2800000]
		SPANS += [5700000, 14000000, 28000000, 43000000, 86000000, 170000000, 340000000, 518000000, 1030000000]
		SPANS += [2070000000, 4100000000, 8290000000, 29000000000, 58000000000, 200000000000, 900000000000]
		MONDAY = 4 * DAY

		def told(zone):
		    stat = [os.environ["KMETA_BIN"] + "/kmeta-stat", "-o", "json", "timed.log"]
		    return json.loads(subprocess.check_output(stat, env={"TZ": zone}))

		for span in SPANS:
		    times = [1729999123457 + span * i // 39 for i in range(40)]
		    timed_log.write_log("timed.log", times)
		    for zone, ahead in ("UTC", 0), ("ABC-5:45", 5 * HOUR + 45 * MINUTE), ("ABC+3:30", -3 * HOUR - 30 * MINUTE):
		        stats = told(zone)
		        width = stats["timeWidth"]
		        assert width in STEPS, width
		        assert span / width < 48 and (width == SECOND or span / width > 13), (span, width)
		        counts = {}
		        for time in times:
		            start = time - (time + ahead - MONDAY) % width
		            counts[start] = counts.get(start, 0) + 1
		        assert counts == {t["from"]: t["records"] for t in stats["times"]}, (span, zone, counts, stats)
	END
	TZ=ABC-5:45 stat_of --utc timed.log
	grep -A1 '^over time' <<<"$output" | grep -q "T00:00:00.000Z  "
	TZ=ABC-5:45 stat_of timed.log
	grep -A1 '^over time' <<<"$output" | grep -q "T00:00:00.000+05:45  "
}

@test "times that go back, and that no clock shows" {
	python3 "$project/tests/cmd/timed_log.py" timed.log 1700000000999 1600000000000 1700000002000 -1
	stat_of -o json timed.log
	[ "$(jq -c '[.timeWidth, (.times | map([.from, .records]))]' <<<"$output")" = \
		"[1000,[[1700000000000,3],[1700000002000,1]]]" ]
	python3 "$project/tests/cmd/timed_log.py" timed.log -1 0 1 9223372036854775807
	stat_of -o json timed.log
	[ "$(jq -c '.times | map(.records)' <<<"$output")" = "[3,1]" ]
	stat_of timed.log
	[ "$status" -eq 0 ]
}

@test "several addresses: each has a heading, or is a line of JSON" {
	stat_of "$log" "$segment" --utc
	[ "$status" -eq 0 ]
	diff <(echo "$output") <(
		printf '%s:\n' "$log"
		"$KMETA_BIN/kmeta-stat" --utc "$log"
		printf '\n%s:\n' "$segment"
		"$KMETA_BIN/kmeta-stat" --utc "$segment"
	)
	stat_of -o json "$log" "$segment"
	[ "${#lines[@]}" -eq 2 ]
	diff <(jq -r .address <<<"$output") <(printf '%s\n' "$log" "$segment")
	diff <(jq .records <<<"$output") <("$KMETA_BIN/kmeta-stat" -o json "$log" | jq .records
		"$KMETA_BIN/kmeta-stat" -o json "$segment" | jq .records)
}

@test "several addresses: one that cannot be read is told, and the others are counted" {
	stat_of nowhere "$log" nothing "$segment"
	[ "$status" -eq 2 ]
	said "kmeta-stat: nowhere: "
	said "kmeta-stat: nothing: "
	[ "${lines[0]}" = "$log:" ]
	[ "$(grep -c '^log  ' <<<"$output")" -eq 2 ]
}

@test "checkpoints" {
	stat_of -o json "$log"
	[ "$(jq -c '[.checkpoints[] | [.endOffset, .epoch]]' <<<"$output")" = "[[0,0],[580,2]]" ]
	[ "$(jq '.checkpoints[1].bytes' <<<"$output")" -eq "$(wc -c <"$checkpoint")" ]
}

@test "the release that it takes to read a log" {
	releases() {
		"$KMETA_BIN/kmeta-stat" -o json "$TESTDATA/$1" | jq -c '[.lowestRelease, .highestRelease]'
	}
	[ "$(releases real/kraft-2.8-early-access/node-1)" = '["2.8.2","2.8.2"]' ]
	# Its log sets no metadata.version: release 4 throws.
	[ "$(releases real/kraft-3.0/node-1)" = '["3.0.2","3.9.2"]' ]
	[ "$(releases real/kraft-3.3/node-1)" = '["3.3.2",null]' ]
	[ "$(releases real/kraft-4.3-full/node-1)" = '["4.2.1",null]' ]
	[ "$(releases real/kraft-4.4/node-1)" = '["4.4.0",null]' ]
	[ "$(releases cases/old-metadata-version-in-4x/in)" = '["3.3.2","3.9.2"]' ]
	stat_of "$TESTDATA/cases/old-metadata-version-in-4x/in"
	[[ $output == *"to read it         releases 3.3.2 to 3.9.2; metadata.version 5 (3.3-IV1) or later"* ]]
	stat_of "$TESTDATA/real/kraft-2.8-early-access/node-1"
	[[ $output == *"to read it         release 2.8.2 alone"* ]]
	# A level that no release knows.
	python3 "$project/tests/cmd/hostile_log.py" future.log 'level 99'
	[ "$("$KMETA_BIN/kmeta-stat" -o json future.log | jq -c '[.lowestRelease, .highestRelease]')" = '[null,null]' ]
}

@test "the migration from ZooKeeper" {
	stat_of "$TESTDATA/real/zk-migration-3.6/final/node-3000"
	[ "$status" -eq 0 ]
	[[ $output == *"state post-migration since offset 266, "*": the migration is finished"* ]]
	stat_of "$TESTDATA/real/zk-migration-abort-3.9/killed/node-3000"
	[[ $output == *": the migration is not finished; "* ]]
}

@test "bars fit the width of the terminal" {
	COLUMNS=70 stat_of "$log"
	[ "$status" -eq 0 ]
	[[ $output == *"##"* ]]
	run -1 grep -E '#.{80}' <<<"$output"
}

@test "damage is told and passed over" {
	cp "$segment" cut.log
	chmod u+w cut.log
	truncate -s -20 cut.log
	stat_of -o json cut.log
	[ "$status" -eq 2 ]
	said cut.log
	[ "$(jq .batches <<<"$output")" -eq $(($("$KMETA_BIN/kmeta-stat" -o json "$segment" | jq .batches) - 1)) ]
}
