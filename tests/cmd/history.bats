#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# history.bats: what kmeta-history tells of a topic, a broker, the controllers.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

history_of() {
	run --separate-stderr "$KMETA_BIN/kmeta-history" "$@"
}

@test "--help explains every option" {
	history_of --help
	[ "$status" -eq 0 ]
	silent
	for option in output since ignore leaders brokers elections unclean limit reverse partial follow dialect quiet color utc show-secrets; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
}

@test "mistakes on the command line" {
	for arguments in "" "$log" "--since=soon $log orders" "--brokers $log orders" "--leaders $log orders" \
		"--output=xml $log orders"; do
		# shellcheck disable=SC2086 # words
		history_of $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said "(kmeta-history --help)"
	done
}

@test "all changes, folded, make the state" {
	local here=$TESTDATA/real everything=('*' topics brokers controllers features configs quotas acls scram tokens producer-ids zk-migration)
	for address in "$log" "$here/kraft-3.0/node-1" "$here/kraft-3.3/node-1" "$here/upgrade-chain/final"; do
		{
			records_of "$address@start"
			"$KMETA_BIN/kmeta-history" --show-secrets -o json "$address" "${everything[@]}"
		} | fold >told
		records_of "$address" | fold >wanted
		[ -s wanted ]
		diff told wanted
	done
}

@test "a topic's name stands for its partitions and configs, a number for one partition" {
	history_of -o json "$log" orders
	[ "$status" -eq 0 ]
	all=$(jq -r .entity <<<"$output" | sort -u | tr '\n' ' ')
	[ "$all" = "config partition topic " ]
	# A partition comes and goes with its topic.
	partition=$(jq -c 'select(.entity == "topic" or .key.partition == 1)' <<<"$output")
	history_of -o json "$log" orders/1
	[ "$output" = "$partition" ]
	[ -n "$partition" ]
}

@test "a glob for the number of a partition" {
	history_of -o json "$log" 'orders/[01]'
	[ "$output" = "$("$KMETA_BIN/kmeta-history" -o json "$log" orders/0 orders/1)" ]
	[ "$(jq '.key.partition // empty' <<<"$output" | sort -u | paste -sd ' ')" = "0 1" ]
}

@test "by the topic's id as by its name" {
	id=$("$KMETA_BIN/kmeta-image" -o json "$log" | jq -r .topics.orders.topicId)
	by_name=$("$KMETA_BIN/kmeta-history" -o json "$log" orders/0)
	history_of -o json "$log" "$id/0"
	[ -n "$output" ]
	[ "$output" = "$by_name" ]
}

@test "brokers: registration, fencing, shutdown" {
	history_of --brokers "$log"
	[ "$status" -eq 0 ]
	[[ $output == *"+ brokers/11"* ]]
	[[ $output == *"~ brokers/11  fenced true -> false"* ]]
	[[ $output == *"~ brokers/11  inControlledShutdown false -> true"* ]]
	brokers=$output
	history_of "$log" brokers
	[ "$output" = "$brokers" ]
}

@test "leaders: each change of the controller, with its epoch" {
	history_of -o json --leaders "$log"
	[ "$status" -eq 0 ]
	wanted=$("$KMETA_BIN/kmeta-dump" -o json --control --type=LEADER_CHANGE "$log" | jq -c '[.offset, .epoch, .data.leaderId]')
	[ "$(jq -c '[.offset, .epoch, .leader[1]]' <<<"$output")" = "$wanted" ]
	[ -n "$wanted" ]
}

@test "--since an offset or a time leaves out what was before" {
	history_of -o json --since=900 "$log" '*'
	[ "$status" -eq 0 ]
	[ "$(jq -s 'min_by(.offset).offset >= 900' <<<"$output")" = true ]
	time=$("$KMETA_BIN/kmeta-dump" -o json --offset=900 "$log" | jq .timestamp)
	late=$("$KMETA_BIN/kmeta-history" -o json "$log" '*' | jq -c "select(.timestamp >= $time).offset")
	history_of -o json --since="@$time" "$log" '*'
	[ "$(jq -c .offset <<<"$output")" = "$late" ]
}

@test "--since a minute means its beginning" {
	history_of -o json --utc --since=2026-11-24T14:15Z "$log" '*'
	all=$output
	history_of -o json --utc --since=2026-11-24T14:15:00.000Z "$log" '*'
	[ -n "$all" ]
	[ "$output" = "$all" ]
}

@test "--ignore passes over fields, and over changes of nothing else" {
	history_of -o json "$log" orders
	jq -es 'any(.[]; .fields.partitionEpoch)' <<<"$output" >/dev/null
	history_of -o json --ignore=partitionEpoch "$log" orders
	jq -es 'all(.[]; .fields.partitionEpoch == null)' <<<"$output" >/dev/null
}

@test "nothing to tell: a note says of which offsets" {
	history_of --since=1170 "$log" orders
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	said "no change of that between offsets 0 and 1174"
}

@test "what is kept begins late: a note says where" {
	mkdir late
	cp "$log"/*730.log "$log"/*1148.log "$checkpoint" late/
	history_of late brokers
	said "the records 580 to 729 are missing"
	[ "$status" -eq 2 ]
}

@test "a segment that is missing is told, once" {
	mkdir gap
	cp "$log"/*.log gap/
	rm -f gap/*310.log
	history_of gap brokers
	[ "$status" -eq 2 ]
	[ "$(grep -c 'the records 310 to 729 are missing' <<<"$stderr")" -eq 1 ]
}

# follow ARGUMENT...: in the background; it prints to "out" and "err"
follow() {
	"$KMETA_BIN/kmeta-history" --follow -o json "$@" >out 2>err 3>&- &
	follower=$!
}

has_lines() {
	[ "$(wc -l <out)" -ge "$1" ]
}

# It runs on, and has printed exactly the history of a log that is whole.
followed() {
	"$KMETA_BIN/kmeta-history" -o json "$@" >wanted
	[ -s wanted ]
	eventually has_lines "$(wc -l <wanted)"
	diff out wanted
	kill -0 "$follower"
	[ ! -s err ]
}

@test "--follow tells of changes while the log grows, and rolls" {
	mkdir d
	head -c 12000 "$segment" >d/00000000000000000000.log
	follow d orders brokers
	cp d/00000000000000000000.log begun.log
	# Only half of a batch may be there.
	"$KMETA_BIN/kmeta-history" -o json --quiet begun.log orders brokers >wanted || true
	[ -s wanted ]
	eventually has_lines "$(wc -l <wanted)"
	diff out wanted
	tail -c +12001 "$segment" >>d/00000000000000000000.log
	followed "$segment" orders brokers
	cp "$log"/00000000000000000310.log "$log"/00000000000000000730.log d
	cp "$log"/00000000000000001148.log d
	followed "$log" orders brokers
}

@test "--follow beside a node that writes, with checkpoints and removed segments" {
	mkdir growing
	python3 "$BATS_TEST_DIRNAME/grow_log.py" "$log" growing 3>&- &
	writer=$!
	eventually test -s growing/00000000000000000000.log
	follow growing '*' brokers
	wait $writer
	followed "$log" '*' brokers
}

@test "--follow --leaders names the next controller when it comes" {
	head -c 12000 "$segment" >growing.log
	follow --leaders growing.log
	followed --leaders "$segment"
	tail -c +12001 "$segment" >>growing.log
	cat "$log"/00000000000000000310.log "$log"/00000000000000000730.log >>growing.log
	followed --leaders growing.log
	[ "$(wc -l <out)" -gt 1 ]
}

@test "--follow over a file that is replaced goes on and says so" {
	cp "$segment" growing.log
	follow growing.log brokers
	followed "$segment" brokers
	cp "$log"/00000000000000000310.log new
	mv new growing.log
	"$KMETA_BIN/kmeta-history" -o json "$log" brokers | jq -c 'select(.offset < 730)' >wanted
	eventually has_lines "$(wc -l <wanted)"
	diff out wanted
	kill -0 "$follower"
	grep -q "growing.log: was replaced" err
}

@test "--follow ends when its reader went away" {
	head -c 12000 "$segment" >growing.log
	(
		"$KMETA_BIN/kmeta-history" --follow growing.log orders brokers 2>err
		echo $? >status
	) 3>&- | head -n 1 >out 3>&- &
	eventually has_lines 1
	tail -c +12001 "$segment" >>growing.log
	eventually test -s status
	[ "$(cat status)" -eq 0 ]
	[ ! -s err ]
}

@test "several addresses: a headed history each" {
	second=$TESTDATA/real/kraft-4.3-full/node-2
	history_of --leaders -n 1 "$log" "$second"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$log:" ]
	[ "${lines[2]}" = "$second:" ]
	[ "${#lines[@]}" -eq 4 ]
	# The second begins without knowing the leader of the first.
	[[ ${lines[3]} != *" -> "* ]]
	history_of -o json "$log" "$second" orders/3
	[ "$(jq -r .address <<<"$output" | sort -u)" = "$log"$'\n'"$second" ]
	first=$(jq -c 'select(.address == $log) | del(.address)' --arg log "$log" <<<"$output")
	[ "$first" = "$("$KMETA_BIN/kmeta-history" -o json "$log" orders/3)" ]
	history_of --follow "$log" "$second" orders
	[ "$status" -eq 2 ]
	said "--follow takes one ADDRESS"
	# What lies here by chance is no address.
	echo text >orders
	mkdir topics
	: >tiny
	for word in orders topics tiny; do
		[ -n "$("$KMETA_BIN/kmeta-history" "$log" "$word")" ]
	done
}

@test "--limit takes the first lines, with --reverse the last" {
	all=$("$KMETA_BIN/kmeta-history" "$log" orders)
	history_of "$log" orders -n 3
	[ "$output" = "$(head -n 3 <<<"$all")" ]
	history_of "$log" orders --reverse
	[ "$output" = "$(tac <<<"$all")" ]
	history_of "$log" orders --reverse -n 3
	[ "$output" = "$(tac <<<"$all" | head -n 3)" ]
	history_of "$log" orders --reverse -n 100000
	[ "$output" = "$(tac <<<"$all")" ]
	history_of "$log" orders -n 0
	[ -z "$output" ]
	history_of --leaders --reverse "$log"
	[ "$output" = "$("$KMETA_BIN/kmeta-history" --leaders "$log" | tac)" ]
	history_of --follow --reverse "$log" orders
	[ "$status" -eq 2 ]
}

@test "--elections prints each change of a leader, --unclean those that lost data" {
	history_of --elections -o json "$log"
	[ "$status" -eq 0 ]
	elections=$(jq -c .offset <<<"$output")
	jq -es 'all(.[]; .fields.leader and .change == "changed")' <<<"$output" >/dev/null
	[ "$(jq -c 'select(.unclean).offset' <<<"$output")" = 610 ]
	[ "$elections" = "$("$KMETA_BIN/kmeta-history" -o json "$log" topics |
		jq -c 'select(.entity == "partition" and .change == "changed" and .fields.leader).offset')" ]
	[ "$(wc -l <<<"$elections")" -gt 10 ]
	history_of --elections "$log" orders/3
	[ "${#lines[@]}" -eq 2 ]
	history_of --unclean "$log"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"       610 "*" ~ topics/__transaction_state/0  isr [] -> [12], leader none -> 12,"*"  unclean" ]]
	history_of --unclean "$log" orders
	[ -z "$output" ]
	said "no unclean election of that between offsets 0 and 1174"
	history_of --unclean --brokers "$log"
	[ "$status" -eq 2 ]
}

@test "a log that begins late: --partial, and what was before is (unknown)" {
	segment=$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0/00000000000000000310.log
	history_of "$segment" brokers
	[ "$status" -eq 2 ]
	said "--partial takes what the missing part said as unknown"
	history_of --partial "$segment" brokers topics
	[ "$status" -eq 0 ]
	said "what is kept begins at offset 310"
	[[ $output == *" ~ brokers/12  brokerEpoch (unknown) -> "*" inControlledShutdown (unknown) -> true"* ]]
	history_of --partial -o json "$segment" brokers
	[ "$(jq -c 'select(.key.broker == 12).fields.inControlledShutdown' <<<"$output" | head -n 1)" = '[{"unknown":true},true]' ]
	[ "$(jq -r 'select(.key.broker == 12).change' <<<"$output" | head -n 1)" = changed ]
}

@test "what never was there: said in one line each, status 1" {
	history_of "$log" ordres brokers/13 orders
	[ "$status" -eq 1 ]
	[ -n "$output" ]
	[ "$stderr" = "kmeta-history: no topic is called 'ordres'; did you mean orders or orders2?
kmeta-history: there is no 'brokers/13'; did you mean brokers/11 or brokers/12?" ]
	# What was removed was there.
	history_of -q "$log" no-such-topic
	[ "$status" -eq 1 ]
	silent
	history_of "$log" scram/boot
	[ "$status" -eq 0 ]
	for mistake in nosuch/thing --ignore=leaderepoch,foo; do
		history_of "$log" orders "$mistake"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
	done
	said "--ignore: no record has a field 'leaderepoch'; did you mean leaderEpoch"
}
