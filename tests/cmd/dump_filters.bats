#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_filters.bats: each filter of kmeta-dump as a property of all lines, held against jq.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# Of the topic "orders" in this log.
orders=6Iw0X54eRwa0cl6YaNpYAg


@test "the log that is filtered" {
	[ "$(offsets "$log" | wc -l)" -eq 1174 ]
	[ "$(offsets "$log" | head -n 1)" -eq 0 ]
}

@test "--type: every line is of it, and none is missing" {
	same_as_jq '.type == "TOPIC_RECORD"' --type=TOPIC_RECORD
	same_as_jq '.type == "TOPIC_RECORD"' --type=topic
	same_as_jq '.type | test("TOPIC")' --type='*topic*'
	same_as_jq '.type == "PARTITION_RECORD" or .type == "CONFIG_RECORD"' --type=partition,4
	same_as_jq '.type == "KRAFT_VOTERS"' --type=kraft_voters
	same_as_jq '.type == "NO_OP_RECORD"' --type=20
}

@test "--type is the same in every format" {
	json=$(offsets --type=config "$log" | wc -l)
	[ "$json" -gt 10 ]
	[ "$("$KMETA_BIN/kmeta-dump" --type=config "$log" | grep -c ' CONFIG  ')" -eq "$json" ]
	[ "$("$KMETA_BIN/kmeta-dump" --type=config "$log" | wc -l)" -eq "$json" ]
	[ "$("$KMETA_BIN/kmeta-dump" -o kafka --type=config "$log" | grep -c '"type":"CONFIG_RECORD"')" -eq "$json" ]
	[ "$("$KMETA_BIN/kmeta-dump" -o kafka --type=config "$log" | grep -c '^| ')" -eq "$json" ]
}

@test "kafka's lines of batches come only where a record of them does" {
	run -0 "$KMETA_BIN/kmeta-dump" -o kafka --offset=300..310 "$log"
	[ "$(grep -c '^Dumping' <<<"$output")" -eq 2 ]
	[ "$(grep -c '^baseOffset' <<<"$output")" -le "$(grep -c '^| ' <<<"$output")" ]
	run -1 --separate-stderr "$KMETA_BIN/kmeta-dump" -o kafka --type=unregister_controller "$log"
	run -1 grep '^baseOffset' <<<"$output"
}

@test "--not-type is the rest" {
	same_as_jq '.type != "PARTITION_CHANGE_RECORD"' --not-type=partition_change
	[ "$(($(offsets --type='*_op' "$log" | wc -l) + $(offsets --not-type='*_op' "$log" | wc -l)))" -eq 1174 ]
	same_as_jq '.type == "TOPIC_RECORD"' --type='*topic*' --not-type=remove_topic
}

@test "--control" {
	same_as_jq '.type | test("LEADER_CHANGE|KRAFT_V")' --control
	[ "$(offsets --control --type=topic "$log" | wc -l)" -eq 0 ]
}

@test "--offset: one, ranges, open ranges, lists" {
	same_as_jq '.offset == 731' --offset=731
	same_as_jq '.offset >= 300 and .offset <= 320' --offset=300..320
	same_as_jq '.offset <= 5' --offset=..5
	same_as_jq '.offset >= 1170' --offset=1170..
	same_as_jq '.offset == 0 or .offset == 500 or (.offset >= 1000 and .offset <= 1010)' --offset=0,500,1000..1010
	[ "$(offsets --offset=2000.. "$log" | wc -l)" -eq 0 ]
	[ "$(offsets --offset=0.. "$log" | wc -l)" -eq 1174 ]
}

@test "--offset does not open what it does not need" {
	mkdir copy
	cp "$log"/*.log copy
	: >copy/00000000000000000000.log
	echo "not a batch, and long enough to be taken for the header of one......" >copy/00000000000000001148.log
	run -0 --separate-stderr "$KMETA_BIN/kmeta-dump" -o json --offset=400..700 copy
	silent
	[ "${#lines[@]}" -eq 301 ]
}

@test "--time: ranges, zones, relative" {
	same_as_jq '.timestamp >= 1795529730000 and .timestamp < 1795529740000' \
		--time=2026-11-24T14:15:30..2026-11-24T14:15:39
	same_as_jq '.timestamp >= 1795529730000 and .timestamp < 1795529731000' --time=2026-11-24T14:15:30Z
	same_as_jq '.timestamp >= 1795529730000 and .timestamp < 1795529731000' --time=2026-11-24T16:15:30+02:00
	same_as_jq '.timestamp < 1795529722000' --time=..2026-11-24T14:15:21
	same_as_jq '.timestamp >= 1795529760000' --time=2026-11-24T14:16..
	same_as_jq 'true' --time=2026-11-24
	TZ=EST5 same_as_jq '.timestamp >= 1795529730000 and .timestamp < 1795529731000' --time=2026-11-24T09:15:30
	[ "$(offsets --time=..-20000d "$log" | wc -l)" -eq 0 ]
}

@test "--epoch" {
	same_as_jq '.epoch == 2' --epoch=2
	same_as_jq '.epoch == 1 or .epoch == 3' --epoch=1,3..
	[ "$(offsets --epoch=7 "$log" | wc -l)" -eq 0 ]
}

names_orders='(.type == "TOPIC_RECORD" and .data.name == "orders") or (.data.topicId? == "'$orders'") or
	(.data.topicName? == "orders") or (.data.resourceType? == 2 and .data.resourceName? == "orders") or
	(.data.topicName? == "")'

@test "--topic by name" {
	same_as_jq "$names_orders" --topic=orders
	same_as_jq "$names_orders" --topic=orders,no-such-topic
}

@test "--topic by id is what --topic by name is, but for what has a name only" {
	same_as_jq ".data.topicId? == \"$orders\"" --topic=$orders
}

@test "--topic by glob" {
	diff <(for n in 0 1 2 3 4 5 6 7 8 9; do offsets --topic=bulk-$n "$log"; done | sort -nu) \
		<(offsets --topic='bulk-?' "$log" | sort -nu)
}

@test "--topic knows what its window left out" {
	wanted=$(offsets --topic=orders "$log" | awk '$1 >= 740')
	[ -n "$wanted" ]
	[ "$(offsets --topic=orders --offset=740.. "$log")" = "$wanted" ]
	# From a checkpoint alone, too.
	mkdir copy
	cp "$log"/00000000000000000730.log "$log"/00000000000000001148.log "$checkpoint" copy
	[ "$(offsets --topic=orders --offset=740.. copy)" = "$wanted" ]
	dump --offset=740.. --topic=orders --limit=1 copy
	[[ $output == *"  orders/"* ]]
}

@test "--partition" {
	same_as_jq '.data.partitionId? == 5' --partition=5
	same_as_jq '.data.partitionId? | . != null and . >= 7' --partition=7..
}

@test "--broker" {
	same_as_jq '[.data.brokerId?, .data.leader?, .data.replicas?, .data.isr?, .data.addingReplicas?, .data.removingReplicas?,
		.data.eligibleLeaderReplicas?, .data.lastKnownElr?] | flatten | any(. == 12)' --broker=12
	[ "$(offsets --broker=99 "$log" | wc -l)" -eq 0 ]
	all_json '.type == "REGISTER_BROKER_RECORD"' --broker=11..12 --type=register_broker "$log"
}

@test "--grep looks at the line as it is printed" {
	run -0 "$KMETA_BIN/kmeta-dump" --grep=compression.type "$log"
	[ "${#lines[@]}" -ge 1 ]
	for line in "${lines[@]}"; do
		[[ $line == *compression.type* ]]
	done
	[ "$("$KMETA_BIN/kmeta-dump" --grep=' CONFIG ' "$log" | wc -l)" -eq "$(offsets --type=config "$log" | wc -l)" ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json --grep='"leaderId"' "$log" | wc -l)" -eq "$(offsets --type=leader_change "$log" | wc -l)" ]
	run -1 --separate-stderr "$KMETA_BIN/kmeta-dump" --grep='no such text' "$log"
	[ -z "$output" ]
}

@test "--grep finds no secret that is not shown" {
	secret=$("$KMETA_BIN/kmeta-dump" -o json --show-secrets --type=user_scram_credential --limit=1 "$log" | jq -r .data.salt)
	[ -n "$secret" ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json --grep="$secret" "$log" | wc -l)" -eq 0 ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json --show-secrets --grep="$secret" "$log" | wc -l)" -eq 1 ]
}

@test "all of them together" {
	same_as_jq '.type == "PARTITION_CHANGE_RECORD" and .data.topicId == "'$orders'" and .data.partitionId == 0
		and .offset >= 100 and .epoch <= 2' \
		--type=partition_change --topic=orders --partition=0 --offset=100.. --epoch=..2
}

@test "filters, limit and reverse: the last ones first" {
	wanted=$(offsets --type=topic "$log" | tail -n 3 | tac)
	[ "$(offsets --type=topic --reverse --limit=3 "$log")" = "$wanted" ]
	wanted=$(offsets --topic=orders "$log" | tac)
	[ "$(offsets --topic=orders --reverse "$log")" = "$wanted" ]
}

@test "a filter that nothing meets: said in one line, status 1 as grep has it" {
	dump --type=abort_transaction "$log"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "kmeta-dump: no record matches; the log ends at @1174, 2026-11-24T14:16:06.093+00:00" ]
	dump --topic=ordres --topic=tinny "$log"
	[ "$status" -eq 1 ]
	[ "$stderr" = "kmeta-dump: no record matches; did you mean orders or orders2?" ]
	for filter in --type=99 --broker=77 --offset=5000.. --time=2030-01-01.. --epoch=9 "--topic=orders --offset=1170.."; do
		# shellcheck disable=SC2086 # words
		dump $filter "$log"
		[ "$status" -eq 1 ]
		said "no record matches"
		# shellcheck disable=SC2086
		dump -q $filter "$log"
		[ "$status" -eq 1 ]
		silent
	done
	# A limit of none, and no filter at all, ask for nothing.
	dump --topic=ordres -n 0 "$log"
	[ "$status" -eq 0 ]
	# Trouble is worse.
	dump --topic=ordres "$log" nowhere
	[ "$status" -eq 2 ]
}

@test "--type: singular, plural and record names are the same; a kind means all types about it" {
	for words in "topic Topics" "topic TOPIC_RECORDS" "partition-changes PARTITION_CHANGE" "config configs" \
		"acl *ACCESS_CONTROL*" "brokers *BROKER*" "scrams *SCRAM*" "feature,tokens *FEATURE*,*TOKEN*"; do
		read -r one other <<<"$words"
		echo "$words"
		[ -n "$(offsets --type="$one" "$log")" ]
		diff <(offsets --type="$one" "$log") <(offsets --type="$other" "$log")
		diff <(offsets --not-type="$one" "$log") <(offsets --not-type="$other" "$log")
	done
}
