#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# diff.bats: what kmeta-diff says of two states, and of two logs.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

other=$TESTDATA/real/kraft-4.3-full/node-2/__cluster_metadata-0

diff_states() {
	run --separate-stderr "$KMETA_BIN/kmeta-diff" "$@"
}

@test "--help explains every option" {
	diff_states --help
	[ "$status" -eq 0 ]
	silent
	for option in output stat limit only ignore log from-log dialect quiet color utc show-secrets; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
}

@test "mistakes on the command line" {
	for arguments in "" "$log" "$log $log $log" "--output=xml $log $log" "--only=tables $log $log"; do
		# shellcheck disable=SC2086 # words
		diff_states $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said "(kmeta-diff --help)"
	done
}

@test "equal states: nothing, and status 0" {
	diff_states "$log@580" "$checkpoint"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	silent
}

@test "different states: status 1, also when quiet" {
	diff_states --quiet "$log@580" "$log@590"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
}

@test "what cannot be read: status 2" {
	diff_states "$log" nowhere
	[ "$status" -eq 2 ]
	said nowhere
}

@test "changes of one broker and its partitions, as text" {
	diff_states "$log@900" "$log@1000"
	[ "$status" -eq 1 ]
	grep -q "^~ brokers/11  fenced false -> true$" <<<"$output"
	grep -q "^~ topics/after-change-1/0  isr \[11,12\] -> \[12\], leader 11 -> 12" <<<"$output"
}

@test "turned round, additions are removals" {
	count() {
		"$KMETA_BIN/kmeta-diff" -o json "$1" "$2" | jq -s --arg c "$3" 'map(select(.change == $c)) | length'
	}
	[ "$(count "$log@100" "$log@900" added)" -eq "$(count "$log@900" "$log@100" removed)" ]
	[ "$(count "$log@100" "$log@900" changed)" -eq "$(count "$log@900" "$log@100" changed)" ]
	[ "$(count "$log@100" "$log@900" added)" -gt 50 ]
}

@test "the changes, applied to the records of the first state, make the second" {
	local here=$TESTDATA/real
	for pair in "$log@start $log@end" "$log@end $log@start" "$log@100 $log@200" "$log@300 $log@900" \
		"$here/kraft-3.0/node-1@start $here/kraft-3.0/node-1" \
		"$here/upgrade-chain/final@start $here/upgrade-chain/final" \
		"$here/kraft-3.3/node-1 $log" \
		"$here/zk-migration-3.6/final/node-3000@100 $here/zk-migration-3.6/final/node-3000"; do
		read -r first second <<<"$pair"
		{
			records_of "$first"
			# The voters are no part of what -o records prints.
			{ "$KMETA_BIN/kmeta-diff" --show-secrets -o json "$first" "$second" || [ $? -eq 1 ]; } |
				jq -c 'select(.entity != "voter")'
		} | fold >changed
		records_of "$second" | fold >wanted
		[ -s wanted ]
		diff changed wanted
	done
}

@test "only kinds and fields that are asked for" {
	diff_states -o json --only=broker,topic "$log@100" "$log"
	[ "$(jq -r .entity <<<"$output" | sort -u | tr '\n' ' ')" = "broker topic " ]
	diff_states --only=partition --ignore=isr,leader,leaderEpoch,partitionEpoch,lastKnownElr,eligibleLeaderReplicas \
		"$log@900" "$log@1000"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "--only: plurals, groups and records' names, in any case, mean the kind" {
	only() {
		"$KMETA_BIN/kmeta-diff" --only="$1" "$log@100" "$log" || [ $? -eq 1 ]
	}
	for words in topic=topics topic=Topic topic=TOPIC_RECORD topic=remove_topic partition=Partitions \
		partition=PARTITION_CHANGE config=configs broker=REGISTER_BROKER_RECORD scram=USER_SCRAM_CREDENTIAL \
		producer-ids=PRODUCER_ID topic,config=CONFIG_RECORD,topics; do
		echo "$words"
		[ -n "$(only "${words%=*}")" ]
		diff <(only "${words%=*}") <(only "${words#*=}")
	done
	diff_states --only=NO_OP "$log@100" "$log"
	[ "$status" -eq 2 ]
	said "--only: 'NO_OP' is no kind of entity: use voter, feature, "
}

@test "--limit: the first changes, and how many more there are" {
	"$KMETA_BIN/kmeta-diff" "$log@100" "$log" >all || [ $? -eq 1 ]
	diff_states --limit=3 "$log@100" "$log"
	[ "$status" -eq 1 ]
	diff <(head -n 3 all) <(echo "$output")
	[ "$stderr" = "kmeta-diff: $(($(wc -l <all) - 3)) more are not shown" ]
	diff_states -o json -n $(($(wc -l <all) - 1)) "$log@100" "$log"
	[ "$stderr" = "kmeta-diff: 1 more is not shown" ]
	diff_states --limit="$(wc -l <all)" "$log@100" "$log"
	silent
	diff all <(echo "$output")
	diff_states --limit=0 "$log@100" "$log"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	diff_states --limit=0 --stat "$log@100" "$log"
	silent
	diff <("$KMETA_BIN/kmeta-diff" --stat "$log@100" "$log") <(echo "$output")
	diff_states --limit=many "$log" "$log"
	[ "$status" -eq 2 ]
}

@test "--stat counts what the lines tell" {
	diff_states --stat "$log@100" "$log"
	[ "$status" -eq 1 ]
	stat=$output
	added=$("$KMETA_BIN/kmeta-diff" -o json --only=partition "$log@100" "$log" |
		jq -s 'map(select(.change == "added")) | length')
	grep -E '^ *partition' <<<"$stat" | grep -qw "$added"
}

@test "secrets are hidden unless asked for" {
	diff_states -o json --only=scram "$log@start" "$log"
	[[ $output == *'"storedKey":[null,"[hidden]"]'* ]]
	diff_states -o json --only=scram --show-secrets "$log@start" "$log"
	[[ $output != *"[hidden]"* ]]
}

@test "--log: two nodes of one quorum agree as far as both go" {
	diff_states --log "$log" "$log"
	[ "$status" -eq 0 ]
	diff_states --log -o json "$log" "$other"
	[ "$(jq .differ <<<"$output")" = false ]
}

@test "--log: the first batch that differs is named" {
	mkdir changed
	cp "$log"/*.log changed/
	chmod u+w changed/*
	# The epoch of the batch at offset 310 lies outside what its checksum covers.
	printf '\x09' | dd of=changed/00000000000000000310.log bs=1 seek=15 conv=notrunc status=none
	diff_states --log "$log" changed
	[ "$status" -eq 1 ]
	[[ $output == *"00000000000000000310.log byte 0: offsets 310"* ]]
}

@test "--log -o json: where two logs part" {
	mkdir changed
	cp "$log"/*.log changed/
	chmod u+w changed/*
	printf '\x09' | dd of=changed/00000000000000000310.log bs=1 seek=15 conv=notrunc status=none
	diff_states --log -o json "$log" changed
	[ "$status" -eq 1 ]
	batch=$("$KMETA_BIN/kmeta-dump" -o json --batch --offset=310 --limit=1 "$log" | jq .batch)
	# The first side is what the log itself tells; the other differs from it by its file and epoch alone.
	[ "$(jq -c '[.firstCommonOffset, .lastCommonOffset, .lastCommonEpoch, .endOffsets, .differ]' <<<"$output")" = \
		"[0,309,$("$KMETA_BIN/kmeta-dump" -o json --offset=309 --limit=1 "$log" | jq .epoch),[1174,1174],true]" ]
	[ "$(jq -c '.first | [.position, .baseOffset, .lastOffset, .crc]' <<<"$output")" = \
		"$(jq -c '[.position, .baseOffset, .lastOffset, .crc]' <<<"$batch")" ]
	[ "$(jq -c '.first | del(.file, .epoch)' <<<"$output")" = "$(jq -c '.second | del(.file, .epoch)' <<<"$output")" ]
	[ "$(jq .second.epoch <<<"$output")" -eq 9 ]
	[ "$(jq -r '.first.file, .second.file' <<<"$output")" = "$log/00000000000000000310.log
changed/00000000000000000310.log" ]
}

@test "--log -o json: a log that ends earlier, and one without a batch in common" {
	diff_states --log -o json "$segment" "$log"
	[ "$status" -eq 1 ]
	[ "$(jq -c . <<<"$output")" = '{"firstCommonOffset":0,"lastCommonOffset":309,"lastCommonEpoch":1,"endOffsets":[310,1174],"differ":false}' ]
	diff_states --log -o json "$segment" "$log/00000000000000000310.log"
	[ "$status" -eq 1 ]
	[ "$(jq -c '[.firstCommonOffset, .lastCommonOffset, .endOffsets, .differ]' <<<"$output")" = "[-1,-1,[310,730],false]" ]
	diff_states --log "$segment" "$log/00000000000000000310.log"
	[ "${lines[0]}" = "no batch in common" ]
}
