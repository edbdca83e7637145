#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# image.bats: the state that kmeta-image prints, of what, when, and in which form.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

image() {
	run --separate-stderr "$KMETA_BIN/kmeta-image" "$@"
}

hash_of() {
	"$KMETA_BIN/kmeta-image" -o hash "$@" | cut -d' ' -f1
}

@test "--help explains every option" {
	image --help
	[ "$status" -eq 0 ]
	silent
	for option in output leaderless under-replicated under-min-isr reassigning on-broker on-directory newest \
		from-log strict dialect quiet color progress utc show-secrets; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
}

@test "mistakes on the command line" {
	for arguments in "" "--output=xml $log" "--on-broker=x $log" "--on-directory=short $log" "-o hash $log topics" \
		"-o hash --leaderless $log" "-o json --newest $log" "$log@yesterday"; do
		# shellcheck disable=SC2086 # words
		image $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said "kmeta-image: "
	done
}

@test "the overview counts what the records show" {
	image "$log"
	[ "$status" -eq 0 ]
	silent
	[ "${lines[0]%%,*}" = "state             @1174" ]
	topics=$("$KMETA_BIN/kmeta-image" -o records "$log" topics | wc -l)
	partitions=$("$KMETA_BIN/kmeta-image" -o records "$log" 'topics/*/*' | wc -l)
	leaderless=$("$KMETA_BIN/kmeta-image" -o records --leaderless "$log" | wc -l)
	[ "$partitions" -gt 0 ]
	[ "$leaderless" -gt 0 ]
	grep -q "^topics            $topics, with $partitions partitions: $leaderless without a leader" <<<"$output"
}

@test "an offset, a time, the start and the end of what is kept" {
	time=$("$KMETA_BIN/kmeta-dump" -o json --offset=900 "$log" | jq .timestamp)
	end=$("$KMETA_BIN/kmeta-dump" -o json --batch "$log" | jq -s "map(select(.batch.maxTimestamp <= $time)) | last.offset + 1")
	[ "$(hash_of "$log@@$time")" = "$(hash_of "$log@$end")" ]
	[ "$(hash_of "$log@end")" = "$(hash_of "$log")" ]
	[ "$(hash_of "$log@end")" = "$(hash_of "$log@1174")" ]
	[ "$(hash_of "$log@start")" = "$(hash_of "$log@0")" ]
	[ "$(hash_of "$log@1173")" != "$(hash_of "$log@900")" ]
}

@test "one hash for one state, whichever node it is of and however it was loaded" {
	wanted=$(hash_of "$log@580")
	[[ $wanted =~ ^[0-9a-f]{64}$ ]]
	[ "$(hash_of "$checkpoint")" = "$wanted" ]
	[ "$(hash_of --from-log "$log@580")" = "$wanted" ]
	for node in 2 3 11 12; do
		[ "$(hash_of "$TESTDATA/real/kraft-4.3-full/node-$node@580")" = "$wanted" ]
	done
}

@test "the hash is the sum of the digests of the records in their newest versions" {
	command -v python3 >/dev/null || skip "no python3"
	sum=$(records_of "$log" | python3 -c 'import sys, hashlib
print("%064x" % (sum(int(hashlib.sha256(line.rstrip(b"\n")).hexdigest(), 16) for line in sys.stdin.buffer) % 2**256))')
	[ "$sum" = "$(hash_of "$log")" ]
}

@test "the document holds what the records hold" {
	image -o json --show-secrets "$log"
	[ "$status" -eq 0 ]
	document=$output
	count() {
		"$KMETA_BIN/kmeta-image" -o records "$log" | jq -s "map(select(.type == \"$1\")) | length"
	}
	[ "$(jq '.topics | length' <<<"$document")" -eq "$(count TOPIC_RECORD)" ]
	[ "$(jq "[.topics[].partitions | length] | add" <<<"$document")" -eq "$(count PARTITION_RECORD)" ]
	[ "$(jq '.brokers | length' <<<"$document")" -eq "$(count REGISTER_BROKER_RECORD)" ]
	[ "$(jq '[.configs[][] | length] | add' <<<"$document")" -eq "$(count CONFIG_RECORD)" ]
	[ "$(jq '.acls | length' <<<"$document")" -eq "$(count ACCESS_CONTROL_ENTRY_RECORD)" ]
	[ "$(jq '.tokens | length' <<<"$document")" -eq "$(count DELEGATION_TOKEN_RECORD)" ]
}

@test "patterns stand for what they match and for what lies in it" {
	types() {
		"$KMETA_BIN/kmeta-image" -o records "$log" "$@" | jq -r .type | sort -u | tr '\n' ' '
	}
	[ "$(types topics)" = "TOPIC_RECORD " ]
	[ "$(types topics/orders)" = "PARTITION_RECORD TOPIC_RECORD " ]
	[ "$(types 'topics/orders/*')" = "PARTITION_RECORD " ]
	[ "$(types configs)" = "CONFIG_RECORD " ]
	[ "$(types configs/topic)" = "CONFIG_RECORD " ]
	[ "$(types 'configs/*')" = "CONFIG_RECORD " ]
	[ "$(types brokers/11 acls)" = "ACCESS_CONTROL_ENTRY_RECORD REGISTER_BROKER_RECORD " ]
}

@test "what is named and not there: said in one line each, status 1" {
	absent() {
		image "$log" "$@"
		[ "$status" -eq 1 ]
		[ -z "$output" ]
	}
	absent topics/no-such-topic
	[ "$stderr" = "kmeta-image: no topic is called 'no-such-topic'" ]
	absent ordres
	[ "$stderr" = "kmeta-image: no topic is called 'ordres'; did you mean orders or orders2?" ]
	absent orders/99
	[ "$stderr" = "kmeta-image: topic orders has no partition 99" ]
	absent broker/13
	[ "$stderr" = "kmeta-image: there is no 'brokers/13'; did you mean brokers/11 or brokers/12?" ]
	absent 'x*'
	[ "$stderr" = "kmeta-image: nothing matches 'x*'" ]
	absent configs/topic/ordres
	said "did you mean configs/topic/orders or configs/topic/orders2?"
	# One that is there does not hide one that is not.
	image "$log" brokers/11 brokers/13
	[ "$status" -eq 1 ]
	[[ $output == brokers/11* ]]
	absent --reassigning
	[ "$stderr" = "kmeta-image: no partition is so" ]
	absent -q ordres
	silent
	# What cannot be right is a mistake on the command line.
	for word in nosuch/thing /orders ""; do
		image "$log" "$word"
		[ "$status" -eq 2 ]
		said "(kmeta-image --help)"
	done
}

@test "a path by any of its names" {
	for word in orders/3 topic/orders/3 topics/orders/3 partition/orders/3 PARTITION_RECORD/orders/3 Topics/orders/3 \
		6Iw0X54eRwa0cl6YaNpYAg/3 topics/6Iw0X54eRwa0cl6YaNpYAg/3; do
		image "$log" "$word"
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "topics/orders/3  "* ]]
	done
	for word in broker/11 brokers/11 register_broker/11 Broker/11; do
		image "$log" "$word"
		[[ $output == "brokers/11  "* ]]
	done
	[ "$("$KMETA_BIN/kmeta-image" "$log" partitions)" = "$("$KMETA_BIN/kmeta-image" "$log" 'topics/*/*')" ]
	[ "$("$KMETA_BIN/kmeta-image" "$log" acl)" = "$("$KMETA_BIN/kmeta-image" "$log" acls)" ]
}

@test "the questions about partitions, held against jq" {
	all() {
		"$KMETA_BIN/kmeta-image" -o records "$log@1000" 'topics/*/*'
	}
	asked() {
		"$KMETA_BIN/kmeta-image" -o records "$@"
	}
	for option in leaderless:'.data.leader == -1' under-replicated:'(.data.isr | length) < (.data.replicas | length)' \
		on-broker=12:'.data.replicas | index(12)' on-directory=7VThuQKOwuHl6ei_nVsZnQ:'.data.directories | index("7VThuQKOwuHl6ei_nVsZnQ")' \
		reassigning:'(.data.addingReplicas + .data.removingReplicas) != []'; do
		diff <(asked "--${option%%:*}" "$log@1000") <(all | jq -c "select(${option#*:})")
	done
	[ "$(asked --under-replicated "$log@1000" | wc -l)" -gt 0 ]
	[ "$(asked --on-broker=12 "$log@1000" | wc -l)" -gt 0 ]
}

@test "--under-min-isr goes by the topic's own setting, then by the brokers', then by Kafka's" {
	for at in 100 500 1000 1174; do
		"$KMETA_BIN/kmeta-image" -o json "$log@$at" >state
		"$KMETA_BIN/kmeta-image" -o records "$log@$at" topics/'*/*' |
			jq -c --slurpfile state state '($state[0].topics | map_values(.topicId) | to_entries
				| map({key: .value, value: .key}) | from_entries) as $names
				| ($state[0].configs.topic[$names[.data.topicId]]["min.insync.replicas"]
					// $state[0].configs.broker[""]["min.insync.replicas"] // "1" | tonumber) as $least
				| select((.data.isr | length) < $least)' >wanted
		diff wanted <("$KMETA_BIN/kmeta-image" -o records --under-min-isr "$log@$at")
	done
	# At 500 a topic asks for two; what has no replica in sync at all is below any setting.
	[ "$("$KMETA_BIN/kmeta-image" -o records --under-min-isr "$log@500" | jq -s -c 'map(.data.isr | length) | unique')" = "[0,1]" ]
}

@test "secrets are hidden unless asked for, and names stay apart" {
	image -o json "$log" scram tokens 'configs/*'
	[[ $output == *'"storedKey":"[hidden]"'* ]]
	[[ $output == *'"tokens":{"[hidden] 1":'* ]]
	key=$("$KMETA_BIN/kmeta-image" -o json --show-secrets "$log" scram | jq -r '[.scram[][].storedKey][0]')
	[ -n "$key" ]
	[[ $output != *"$key"* ]]
}

@test "one processor and two make the same digest" {
	many=$TESTDATA/cases/history-clear-elr/__cluster_metadata-0
	[ "$("$KMETA_BIN/kmeta-image" -o json "$many" | jq "[.topics[].partitions | length] | add")" -ge 1000 ]
	[ "$(hash_of "$many")" = "$(taskset -c 0 "$KMETA_BIN/kmeta-image" -o hash "$many" | cut -d' ' -f1)" ]
}

@test "damage behind the point does not matter, damage in front of it is told" {
	mkdir damaged
	cp "$log"/*.log damaged/
	chmod u+w damaged/*
	position=$("$KMETA_BIN/kmeta-dump" -o json --batch --offset=900 damaged | jq .batch.position)
	base=$("$KMETA_BIN/kmeta-dump" -o json --batch --offset=900 damaged | jq .batch.baseOffset)
	printf '\xff\xff' | dd of=damaged/00000000000000000730.log bs=1 seek=$((position + 70)) conv=notrunc status=none
	image -o hash "damaged@$base"
	[ "$status" -eq 0 ]
	silent
	[ "${output%% *}" = "$(hash_of "$log@$base")" ]
	image damaged
	[ "$status" -eq 2 ]
	said "00000000000000000730.log: byte $position"
	said "the state is known up to @$base"
}

@test "where the log begins late, the next state that is known is shown, with a doubt" {
	mkdir late
	cp "$log"/*730.log "$log"/*1148.log "$checkpoint" late/
	image -o hash late@100
	[ "$status" -eq 2 ]
	said "this is the next one that is known, @580"
	[ "${output%% *}" = "$(hash_of "$checkpoint")" ]
	image --from-log late
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	said "the log begins at offset 730"
}

@test "a checkpoint is one state, and none before it" {
	image "$checkpoint@100"
	[ "$status" -eq 2 ]
	said "this checkpoint is the state @580"
}

@test "a checkpoint that was cut is passed over" {
	mkdir cut
	cp "$log"/*.log cut/
	head -c 2000 "$checkpoint" >cut/00000000000000000580-0000000002.checkpoint
	image -o hash cut@600
	[ "$status" -eq 2 ]
	said "00000000000000000580-0000000002.checkpoint"
	[ "${output%% *}" = "$(hash_of "$log@600")" ]
}

@test "a point behind the end is the end, which is said" {
	for point in 2000 2030-01-01T00:00Z; do
		image -o hash "$log@$point"
		[ "$status" -eq 0 ]
		[ "${output%% *}" = "$(hash_of "$log")" ]
		[ "$stderr" = "kmeta-image: $log@$point is behind the end of the log, @1174 at 2026-11-24T14:16:06.093+00:00: this is the end" ]
	done
	for point in 1174 end now; do
		image -o hash "$log@$point"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
}

@test "a log that begins late: --partial shows what is known, and marks the rest" {
	segment=$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0/00000000000000000310.log
	run --separate-stderr "$KMETA_BIN/kmeta-image" "$segment"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	said "the log begins at offset 310, and no usable checkpoint tells the state there"
	said "--partial shows what the records that are there say"
	run --separate-stderr "$KMETA_BIN/kmeta-image" --partial "$segment"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "partial           from @310 on: what only earlier records say is unknown" ]
	run --separate-stderr "$KMETA_BIN/kmeta-image" --partial -o json "$segment"
	[ "$(jq .partialFrom <<<"$output")" = 310 ]
	# What is known is as in the whole state, and nothing else is there or marked.
	whole=$("$KMETA_BIN/kmeta-image" -o json "$log@730")
	jq -es '.[0].topics as $whole | .[1].topics | to_entries | map(
		(.key | ltrimstr("?")) as $name |
		($whole | to_entries | map(select(.key == $name or .value.topicId == $name))[0].value.partitions) as $there |
		.value.partitions | to_entries | map(
			.key as $number | .value.unknown as $unknown | (.value | del(.unknown)) as $known |
			($there[$number] | with_entries(select(.key as $k | $known | has($k)))) == $known and
			([$there[$number] | keys[] | select(. as $k | $known | has($k) | not)] - ($unknown // []) == [])
		) | all) | all' <(echo "$whole") <(echo "$output")
	[ "$(jq -c '.topics | with_entries(select(.key | startswith("?"))) | length > 10' <<<"$output")" = true ]
	run --separate-stderr "$KMETA_BIN/kmeta-image" --partial "$segment@390" brokers
	[[ $output == *"brokers/12  "*" unknown: isMigratingZkBroker, incarnationId,"* ]]
	# A log that is whole needs no mark.
	[ "$("$KMETA_BIN/kmeta-image" --partial -o json "$log")" = "$("$KMETA_BIN/kmeta-image" -o json "$log")" ]
}

@test "a path may begin with any word for its kind, or with a topic" {
	for words in topic=topics Topics=topics TOPIC_RECORD=topics broker/11=brokers/11 acl=acls \
		register_broker/12=brokers/12 'config/topic/*=configs/topic/*' orders/3=topics/orders/3 \
		'orders/*=topics/orders/*' orders=topics/orders partition/orders/3=topics/orders/3 \
		'partitions=topics/*/*' PARTITION_RECORD/tiny=topics/tiny producer-id=producer-ids; do
		echo "$words"
		diff <("$KMETA_BIN/kmeta-image" "$log" "${words%=*}") <("$KMETA_BIN/kmeta-image" "$log" "${words#*=}")
	done
	[ -n "$("$KMETA_BIN/kmeta-image" "$log" orders/3)" ]
	[ -n "$("$KMETA_BIN/kmeta-image" "$log" partitions)" ]
	# Patterns stay what they are.
	[ "$("$KMETA_BIN/kmeta-image" "$log" 't*/orders')" = "$("$KMETA_BIN/kmeta-image" "$log" topics/orders)" ]
	[ "$("$KMETA_BIN/kmeta-image" "$log" '[b]rokers/11')" = "$("$KMETA_BIN/kmeta-image" "$log" brokers/11)" ]
}

@test "--limit: the first entities, and how many more there are" {
	"$KMETA_BIN/kmeta-image" "$log" topics >all
	image -n 5 "$log" topics
	[ "$status" -eq 0 ]
	diff <(head -n 5 all) <(echo "$output")
	[ "$stderr" = "kmeta-image: $(($(wc -l <all) - 5)) more are not shown" ]
	image -q -n 5 "$log" topics
	silent
	image --limit="$(wc -l <all)" "$log" topics
	silent
	image -o records --limit=2 --leaderless "$log"
	[ "${#lines[@]}" -eq 2 ]
	said " more are not shown"
	for format in json hash; do
		image --limit=2 -o $format "$log"
		[ "$status" -eq 2 ]
		said "--limit goes with --output=text, --output=records and --output=arrow"
	done
}
