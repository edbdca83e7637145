#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Situations that users have reported, one after another: what each command answers.
# shellcheck disable=SC2154 # variables come from support.bash and bats
load support

cases=$TESTDATA/cases

# answers STATUS COMMAND ARGUMENT...: runs kmeta-COMMAND, which ends with this status
answers() {
	local wanted=$1 command=$2
	shift 2
	run --separate-stderr "$KMETA_BIN/kmeta-$command" "$@"
	[ "$status" -eq "$wanted" ] || {
		echo "kmeta-$command $*: status $status: $stderr $output"
		return 1
	}
}

@test "quotas: the default and an empty name are two" {
	in=$cases/quota-empty-name
	answers 0 image "$in/in" quotas
	[ "$output" = 'quotas/client-id:""/request_percentage  value=50.0
quotas/user:(default)/producer_byte_rate  value=2000.0
quotas/user:""/producer_byte_rate  value=1000.0' ]
	answers 0 image -o json "$in/in"
	jq -e '.quotas == {"client-id:\"\"":{"request_percentage":50},"user:(default)":{"producer_byte_rate":2000},"user:\"\"":{"producer_byte_rate":1000}}' <<<"$output" >/dev/null
	answers 1 diff "$in/a" "$in/b"
	[ "$output" = '- quotas/user:(default)/producer_byte_rate  value=1000.0
+ quotas/user:""/producer_byte_rate  value=1000.0' ]
	answers 0 history "$in/in" 'quotas/user:""'
	[ "${#lines[@]}" -eq 1 ]
	answers 0 dump --type=CLIENT_QUOTA "$in/in"
	[[ $output == *'entity=[user:""]'*'entity=[user:(default)]'* ]]
}

@test "names that look like the default or like two parts have paths of their own" {
	python3 "$project/tests/cmd/hostile_log.py" quotas.log '[["user","(default)"]]' '[["user",null]]' '[["user",""]]' \
		'[["user","a,client-id:b"]]' '[["user","a"],["client-id","b"]]' '[["user","\\"\\""]]' '[["user:a","b"]]' \
		'[["user","a:b"]]'
	answers 0 image quotas.log quotas
	[ "$(sort -u <<<"$output" | wc -l)" -eq 8 ]
	answers 0 image -o json quotas.log
	[ "$(jq '.quotas | length' <<<"$output")" -eq 8 ]
	for entity in 'user:"(default)"' 'user:(default)' 'user:""' 'user:"a,client-id:b"' 'client-id:b,user:a' \
		'user:a:b' '"user:a":b'; do
		answers 0 image quotas.log "quotas/$entity/*"
		[ "${#lines[@]}" -eq 1 ] || { echo "$entity: $output" && false; }
	done
	python3 "$project/tests/cmd/hostile_log.py" names.log '(default)' ''
	answers 0 image names.log topics
	[[ $output == *'topics/"(default)"  '* && $output == *'topics/""  '* ]]
}

@test "nodes: the order of the addresses does not matter" {
	in=$cases/nodes-compared-with-first-only
	for order in "1 2 3" "2 3 1" "3 1 2" "3 2 1"; do
		# shellcheck disable=SC2086 # words
		set -- $order
		answers 1 verify -o json "$in/node-$1" "$in/node-$2" "$in/node-$3"
		[ "$(jq -r 'select(.code) | "\(.code) \(.offset)"' <<<"$output")" = "nodes-differ 16" ]
	done
}

@test "an empty cluster.id is no fault" {
	answers 0 verify "$cases/empty-cluster-id/in"
	[[ $output == "clean, Kafka "*" start on it: "* ]]
}

@test "a checkpoint that is newer than the log: the next start drops the log for it" {
	answers 0 verify "$cases/checkpoint-newer-than-log/in"
	[[ $output == *"  note     log-behind  "*": Kafka drops the log for it at the next start"* ]]
}

@test "leader-epoch-checkpoint with NUL bytes behind its last line" {
	answers 1 verify "$cases/leader-epoch-nul-tail/node-1"
	[[ $output == *"  error    bad-epochs  "*"line 4 of 3 is no epoch and start offset"* ]]
}

@test "text files are read line by line as Kafka reads them" {
	cp -r "$log/.." node
	# epochs FILE-CONTENT STATUS
	epochs() {
		printf '%b' "$1" >node/__cluster_metadata-0/leader-epoch-checkpoint
		answers "$2" verify --only=directory node
	}
	good='0\n3\n1 0\n2 317\n3 833\n'
	epochs "$good" 0
	epochs '0\r\n3\r\n1 0\r2 317\n3\t833  ' 0
	epochs '0\n3\n1 0\n2 317\n+3 833' 0
	for bad in "\n$good" " $good" "$good\n" '0\n3\n1 0\n2 317\n' '0\n2\n1 0\n2 317\n3 833\n' '0 \n3\n1 0\n2 317\n3 833\n' \
		'0\n3\n 1 0\n2 317\n3 833\n' '0\n3\n1 0 7\n2 317\n3 833\n' '0\n3\n1 0\n\n2 317\n3 833\n' \
		'0\n3\n1 0\n2 317\n99999999999 833\n' '0\n-1\n' '1\n0\n' "$good\\0\\0" '0\n3\n1 0\n2 317\n3 8x3\n' '0\n3\n1 0\n2 317\n3 83\xff\n'; do
		epochs "$bad" 1
		[[ $output == *"bad-epochs"* ]]
	done
	epochs "$good" 0
	# quorum STATUS FILE-CONTENT
	quorum() {
		printf '%b' "$2" >node/__cluster_metadata-0/quorum-state
		answers "$1" verify --only=directory node
	}
	state='{"leaderId":2,"leaderEpoch":3,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}'
	for sound in "$state" "  $state\n" "$state\\0\\0" "$state\nmore"; do
		quorum 0 "$sound"
	done
	for bad in '' "\n$state" "[$state]" "${state/\"votedId\":-1,/}" "${state/:1\}/:0\}}" "${state/:1\}/:2\}}" \
		'\0\0\0' 'null'; do
		quorum 1 "$bad"
		[[ $output == *"bad-quorum-state"* ]]
	done
	quorum 0 "$state"
	# properties STATUS FILE-CONTENT
	properties() {
		printf '%b' "$2" >node/meta.properties
		answers "$1" verify --only=directory node
	}
	for sound in '#c\nversion=1\nnode.id=1\ncluster.id=x\n' 'version:1\nnode.id  1\n!c\ncluster.id\n' \
		'version = 1\nnode.\\\n  id=1\ncluster.id=x\n\\0\\0' 'version=7\nversion=1\nnode\\u002eid=1\ncluster.id=x' \
		'version=0\nbroker.id=-1\ncluster.id=x'; do
		properties 0 "$sound"
	done
	for bad in '' 'version=1\nnode.id=1\n' 'version=1\ncluster.id=x\n' 'version=1\nnode.id=x\ncluster.id=x' \
		'version=1\nnode.id=1 \ncluster.id=x' 'version=2\nnode.id=1\ncluster.id=x' '#version=1\nnode.id=1\ncluster.id=x' \
		'version=1\nnode.id=1\ncluster.id=x\ndirectory.id=7'; do
		properties 1 "$bad"
		[[ $output == *"bad-properties"* ]]
	done
}

@test "ADDRESS@POINT is up to there, for every command" {
	answers 0 dump -o json "$log@990"
	[ "$(jq .offset <<<"$output" | tail -n 1)" = 989 ]
	[ "$(wc -l <<<"$output")" -eq 990 ]
	# Inside of a batch.
	answers 0 dump -o json "$log@300"
	[ "$(jq .offset <<<"$output" | tail -n 1)" = 299 ]
	answers 0 dump -o json --reverse --limit=1 "$log@300"
	[ "$(jq .offset <<<"$output")" = 299 ]
	answers 0 dump -o json "$log@2026-11-24T14:15:30"
	[ "$(jq .offset <<<"$output" | tail -n 1)" = 316 ]
	answers 0 dump "$log@start"
	[ -z "$output" ]
	for address in "$log@990" "$log/00000000000000000730.log@990"; do
		answers 0 stat -o json "$address"
		[ "$(jq -c '[.lastOffset, .address]' <<<"$output")" = "[989,\"$address\"]" ]
	done
	answers 0 history -o json "$log@990" orders/3
	[ "$(jq .offset <<<"$output" | tail -n 1)" = 870 ]
	answers 0 history -o json --leaders "$log@700"
	[ "$(jq .offset <<<"$output" | tail -n 1)" = 317 ]
	answers 0 verify -o json "$log@990"
	[ "$(jq -c '.summary | [.files, .errors, .warnings, .notes, .lastOffset]' <<<"$output")" = '[5,0,0,0,989]' ]
	# Damage behind the point does not matter, and damage before it does.
	cp -r "$log" damaged
	printf x | dd of=damaged/00000000000000000730.log bs=1 seek=3000 conv=notrunc status=none
	answers 1 verify damaged
	answers 0 verify damaged@730
	answers 0 verify damaged@2026-11-24T14:15:40
	answers 1 diff --log "$log@500" "$log"
	[[ $output == *"@500 ends @"* ]]
	answers 0 diff --log "$log@500" "damaged@500"
	for command in dump "history orders"; do
		# shellcheck disable=SC2086 # words
		set -- $command
		run --separate-stderr timeout 5 "$KMETA_BIN/kmeta-$1" --follow "$log@990" ${2:+"$2"}
		[ "$status" -eq 2 ]
		said "--follow waits for more"
	done
}

@test "a time of day is the last one that the log covers" {
	for command in dump stat "image -o hash" verify; do
		# shellcheck disable=SC2086 # words
		answers 0 $command "$log@14:15:30"
		said "$log@14:15:30 is of another day: 2026-11-24T14:15:30.999+00:00"
	done
	answers 0 image -o hash "$log@14:15:30"
	[[ $output == *"  @317  "* ]]
	# The log ends at 14:16:06: a later time is of the day before, where the log has nothing.
	answers 0 dump "$log@14:16:07"
	said "2026-11-23T14:16:07.999"
	[ -z "$output" ]
	answers 0 dump -o json --time=14:15:22..14:15:23 "$log"
	[ "$(jq .offset <<<"$output" | head -n 1)" -gt 0 ]
	answers 0 history -o json --since=14:15:52 "$log" orders/3
	[ "$(jq .offset <<<"$output" | head -n 1)" = 870 ]
	# From the evening to the morning.
	answers 0 dump --time=23:00..14:15:22 -o json "$log"
	[ "$(jq .offset <<<"$output" | head -n 1)" = 0 ]
}

@test "a point behind the end is the end, and that is said" {
	for command in dump stat verify "diff $log"; do
		for point in 2000 2030-01-01; do
			# shellcheck disable=SC2086 # words
			answers 0 $command "$log@$point"
			said "$log@$point is behind the end of the log, @1174 at 2026-11-24T14:16:06.093+00:00: this is the end"
			# shellcheck disable=SC2086 # words
			answers 0 $command -q "$log@$point"
			[ -z "$stderr" ]
		done
	done
}

@test "a directory with checkpoints only is its newest one" {
	in=$cases/directory-with-checkpoints-only
	answers 0 stat -o json "$in/in"
	[ "$(jq .records <<<"$output")" -gt 0 ]
	answers 0 dump "$in/in"
	[ "$output" = "$("$KMETA_BIN/kmeta-dump" "$in"/in/__cluster_metadata-0/*300-*.checkpoint)" ]
	answers 0 stat "$in/fresh"
	answers 0 dump "$in/fresh"
	[[ $output == *SNAPSHOT_HEADER* ]]
	answers 2 dump "$in/in@5"
	said "no checkpoint up to @5"
}

@test "what clears no ELR is no event, and costs no look at each partition" {
	# 500 records on 1000 partitions; the fuzzers, which start from this file, have the limit in time.
	answers 0 history -o json "$cases/history-clear-elr" topics
	[ "$(grep -c '"PARTITION_RECORD"' <<<"$output")" = 1000 ]
	[[ $output != *CLEAR_ELR* ]]
	# Where there is one, it is an event.
	answers 0 history -o json "$TESTDATA/generated/image-4.3.1" topics
	[[ $output == *CLEAR_ELR* ]]
}

@test "what a checkpoint brought at the start is the first event" {
	in=$cases/history-of-what-was-there-from-the-start/in
	answers 0 history "$in" scram features
	[[ $output == *"(there at the start)        + scram/alice/SCRAM-SHA-256"* ]]
	[ "$(grep -c "(there at the start)" <<<"$output")" -eq 7 ]
	answers 0 history -o json "$in" scram
	[ "$(jq -c '[.offset, .by, .change]' <<<"$output")" = '[0,null,"added"]' ]
	answers 0 history --since=1 "$in" scram
	[ -z "$output" ]
	# A later checkpoint tells what it holds where nothing else does.
	in=$cases/directory-with-checkpoints-only
	answers 0 history "$in/in" topics features
	[ "$(grep -c "       300 .*(there at the start) " <<<"$output")" -eq 2 ]
	said "what is kept begins at offset 300: what was before is not known"
	answers 0 history "$in/fresh" features
	[ "$(grep -c "(there at the start)" <<<"$output")" -eq 6 ]
}

@test "voters are entities: who was one when, with which directory and endpoints" {
	in=$cases/voters-over-time/in
	answers 0 history -o json "$in" voters
	[ "$(jq -c '[.offset, .by, .change, .key.voter]' <<<"$output" | tr '\n' ' ')" = \
		'[2,"KRAFT_VOTERS","added",1] [2,"KRAFT_VOTERS","added",2] [2,"KRAFT_VOTERS","added",3] [9,"KRAFT_VOTERS","removed",3] [14,"KRAFT_VOTERS","added",3] ' ]
	answers 0 history "$in" voters/1
	[ "${#lines[@]}" -eq 1 ]
	answers 0 image "$in@12" voters
	[ "$(cut -d ' ' -f 1 <<<"$output" | tr '\n' ' ')" = "voters/1 voters/2 " ]
	[[ $output == *"voterDirectoryId=tsbv6NfKCqDYt8AzcLp1JQ endpoints=[CONTROLLER://controller-1.example.net:9093]"* ]]
	answers 0 image -o json "$in"
	[ "$(jq -c '.voters | map_values(.endpoints[0].port)' <<<"$output")" = '{"1":9093,"2":9093,"3":9093}' ]
	answers 0 image "$in"
	[[ $output == *$'\n'"voters            3"$'\n'* ]]
	answers 1 diff "$in@5" "$in@10"
	[[ $output == "- voters/3  voterDirectoryId=ewwhYcKViWZSgbttemTGPw endpoints="* ]]
	answers 1 diff --only=voter "$in@5" "$in@10"
	# Kafka's image has none.
	answers 0 image -o records "$in"
	[[ $output != *VOTER* ]]
}

@test "an election outside of the ISR is found in the whole log" {
	in=$cases/unclean-elections/in
	answers 0 history --unclean "$in"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"        14  2026-11-24T14:15:05.500+00:00  e1    PARTITION_CHANGE            ~ topics/orders/0  isr [1] -> [3], leader none -> 3, "*"  unclean" ]]
	answers 0 history --elections -o json "$in"
	[ "$(jq -c '[.offset, .unclean]' <<<"$output" | tr '\n' ' ')" = '[10,false] [14,true] ' ]
}

@test "a migration that is not finished: which brokers and controllers it waits for" {
	in=$cases/which-broker-is-not-migrated/in
	answers 0 stat "$in"
	[[ $output == *"ZooKeeper          state migration since offset 9, 2026-11-24T14:15:04.000+00:00: the migration is not finished; 1 broker is still registered as migrating (5); 1 controller is not ready (3)"$'\n'* ]]
	answers 0 stat -o json "$in"
	[ "$(jq -c '.zkMigration | [.migratingBrokers, .migratingBrokerIds, .unreadyControllerIds]' <<<"$output")" = '[1,[5],[3]]' ]
	# Before any of them registered again.
	answers 0 stat -o json "$in@12"
	[ "$(jq -c .zkMigration.migratingBrokerIds <<<"$output")" = '[4,5,6]' ]
}

@test "endpoints, and the parts of a quota's entity, have the order of Kafka's maps" {
	answers 0 image -o records "$cases/three-listeners-order"
	[ "$(jq -c 'select(.type == "REGISTER_BROKER_RECORD").data.endPoints | map(.name)' <<<"$output")" = '["SASL","SSL","PLAINTEXT"]' ]
	in=$cases/quota-entity-order-changes-hash
	answers 0 image -o records "$in/1"
	[ "$output" = "$("$KMETA_BIN/kmeta-image" -o records "$in/2")" ]
	[ "$(jq -c 'select(.type == "CLIENT_QUOTA_RECORD").data.entity | map(.entityType)' <<<"$output")" = '["client-id","user"]' ]
	[ "$("$KMETA_BIN/kmeta-image" -o hash "$in/1" | cut -d ' ' -f 1)" = "$("$KMETA_BIN/kmeta-image" -o hash "$in/2" | cut -d ' ' -f 1)" ]
	[ "$("$KMETA_BIN/kmeta-image" "$in/1" quotas)" = "$("$KMETA_BIN/kmeta-image" "$in/2" quotas)" ]
}

@test "another number of replicas than directories: an error, and the state goes on without it" {
	in=$cases/replicas-without-directories
	answers 1 verify "$in"
	[[ $output == *"bad-value           byte 744 (offset 7): PARTITION_CHANGE_RECORD: 3 replicas and 2 directories would be left"* ]]
	answers 2 image -o records "$in"
	[ "$(jq -c 'select(.type == "PARTITION_RECORD").data.replicas | length' <<<"$output")" = 2 ]
}

@test "a checkpoint behind a hole makes the state known again" {
	in=$cases/newer-checkpoint-behind-a-hole/in
	answers 1 verify -o json "$in"
	[ "$(jq -r 'select(.code) | "\(.code) \(.offset)"' <<<"$output")" = "nothing-there 508
unknown-broker 509" ]
	answers 2 history "$in" brokers
	[ "$(awk '{ print $1, $4, $5, $6 }' <<<"$output")" = "508 checkpoint + brokers/2" ]
	[[ $stderr == *"the records 300 to 499 are missing: a checkpoint behind them has the state"* ]]
	[ "$(grep -c "is not registered" <<<"$stderr")" -eq 2 ]
	answers 2 history -o json "$in" brokers
	jq -e '.by == "checkpoint" and .offset == 508 and .epoch == 3' <<<"$output"
	# What damage hides is no different: the checkpoint tells what the records did.
	cp -r "$log" damaged
	printf '\245' | dd of=damaged/00000000000000000310.log bs=1 seek=380 conv=notrunc status=none
	answers 2 history damaged topics
	[ "$(grep -c " checkpoint  " <<<"$output")" -gt 0 ]
	"$KMETA_BIN/kmeta-image" damaged@580 topics >after
	grep -oE ' checkpoint  .* [+] topics/[^/ ]+ ' <<<"$output" | sed 's/.* + //' >told
	[ -s told ]
	while read -r path; do
		grep -q "^$path " after || { echo "$path" && false; }
	done <told
}

@test "settings that Kafka left behind when a topic was deleted are no damage" {
	in=$cases/ghost-config-by-kafka/__cluster_metadata-0
	answers 0 verify -o json "$in"
	jq -es '.[0] | .severity == "note" and .code == "left-behind" and .offset == 1338 and
		(.message | startswith("configs/topic/bulk-1/retention.ms: "))' <<<"$output"
	answers 1 diff --from-log "$in@1338" "$in/00000000000000001338-0000000001.checkpoint"
	[ "$output" = "+ configs/topic/bulk-1/retention.ms  value=5" ]
	# Of a value that the log never set, or of a topic that it does not know, it is damage.
	for new in 'bulk-1\x0dretention.ms\x026' 'bulk-0\x0dretention.ms\x025'; do
		rm -rf other
		cp -r "$in" other
		python3 "$project/tests/cmd/reseal.py" other/00000000000000001338-0000000001.checkpoint \
			'bulk-1\x0dretention.ms\x025' "$new"
		answers 1 verify other
		[[ $output == *"error    checkpoint-differs"*"retention.ms: only in the checkpoint"* ]]
	done
}

@test "--from-log begins with the checkpoint where the log begins" {
	in=$cases/ghost-config-by-kafka/__cluster_metadata-0
	answers 0 image -o hash --from-log "$in@1008"
	[[ $output == *" @1008"* ]]
	# Without the checkpoint there is nothing to begin with.
	mkdir late
	cp "$in"/*.log late
	answers 2 image --from-log late
	[[ $stderr == *"the log begins at offset 1008, and no usable checkpoint tells the state there"* ]]
	# One that is damaged is passed over for the next.
	cp "$in"/*.checkpoint late
	printf '\245' | dd of=late/00000000000000001008-0000000001.checkpoint bs=1 seek=400 conv=notrunc status=none
	answers 2 image --from-log late topics
	[[ $stderr == *"1008-0000000001.checkpoint"* ]]
	[ "$output" = "$("$KMETA_BIN/kmeta-image" "$in" topics)" ]
}

@test "a state that a record of a newer release is missing from is not called whole" {
	for kind in type version; do
		log=$TESTDATA/faults/unknown-record-$kind
		for command in "image $log" "image --output=hash $log" "stat $log" "history $log orders" "diff $log@start $log"; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr "$KMETA_BIN"/kmeta-${command%% *} ${command#* }
			[ "$status" -eq 2 ] || { echo "$command: $status" && false; }
			said 'unknown '
		done
		run --separate-stderr "$KMETA_BIN/kmeta-snapshot" --out="new-$kind" --node-id=1 --cluster-id=abcdefghijklmnopqrstuv "$log"
		[ "$status" -eq 1 ]
		said 'unknown '
	done
}
