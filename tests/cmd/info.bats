#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# info.bats: whose disk this is, and how several stand to each other.

# shellcheck disable=SC2154 # variables come from support.bash and bats
load support

cases=$TESTDATA/cases
quorum=$TESTDATA/real/kraft-4.3-full

info() {
	run --separate-stderr "$KMETA_BIN/kmeta-info" --utc "$@"
}

# has TEXT: the output has it
has() {
	[[ $output == *"$1"* ]] || {
		echo "no '$1' in: $output"
		return 1
	}
}

# first TEXT: the last line begins with it
first() {
	[[ ${lines[-1]} == "first: $1"* ]] || {
		echo "the last line is: ${lines[-1]}"
		return 1
	}
}

@test "one directory" {
	info "$quorum/node-3"
	[ "$status" -eq 0 ]
	silent
	has "node          3, directory Cc3Cc3Cc3Cc3Cc3Cc3Cc3A"
	has "cluster       a1B2c3D4e5F6g7H8i9J0kQ (meta.properties version 1)"
	has "quorum-state  epoch 3, leader 3"
	has "offsets 0 to 1173, last epoch 3, 2026-11-24T14:16:06.093Z"
	has "@580, 2026-11-24T14:15:36.220Z; behind it 594 records, "
	has "metadata.version 29 (4.2-IV1), kraft.version 1, 2 brokers, 44 topics, 143 partitions"
	has "3  Cc3Cc3Cc3Cc3Cc3Cc3Cc3A  CONTROLLER://localhost:19107  (this node)"
	first "2 of 2 voters are needed"
	info "$quorum/node-1"
	first "it is no voter and cannot lead"
	# The metadata directory itself says the same.
	info -o json "$quorum/node-3"
	jq -s '.[0] | del(.address)' <<<"$output" >whole
	info -o json "$quorum/node-3/__cluster_metadata-0"
	diff whole <(jq -s '.[0] | del(.address)' <<<"$output")
}

@test "who can be elected, who voted for whom, and what would be lost" {
	info "$cases"/who-can-be-elected/node-{1,2,3}
	[ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^' '+1' '+1' '+16' '+12' '+-' '+3' '+yes' '+no,\ 1\ of\ 3 ]]
	[[ ${lines[2]} =~ ^' '+2' '+4' '+22' '+11' '+-' '+-' '+yes' '+yes,\ 3\ of\ 3 ]]
	[[ ${lines[3]} =~ ^' '+3' '+1' '+26' '+12' '+-' '+3' '+yes' '+yes,\ 2\ of\ 3 ]]
	has "voters [1,2,3] (from quorum-state): 2 votes win, and 3 of the voters are given"
	has "cannot win; if node 1 won: node 2 loses offsets 16..21, which no majority has; node 3 loses offsets 16..25"
	has "if node 2 wins: node 3 loses offsets 16..25, which no majority has"
	has "if node 3 wins: node 2 loses offsets 16..21, which no majority has"
	first "start the voters that are given: node 2 can win"
	# kmeta-diff finds the same place where the logs part.
	run "$KMETA_BIN/kmeta-diff" --log "$cases"/who-can-be-elected/node-{1,2}
	has "in common: offsets 0 to 15"
}

@test "the order of the directories does not matter" {
	info -o json "$cases"/who-can-be-elected/node-{3,1,2}
	jq -se '.[-1].summary | .majority == 2 and .votersGiven == 3 and
		(.elections | map({(.nodeId | tostring): [.votes, .canWin]}) | add) ==
		{"1": [1, false], "2": [3, true], "3": [2, true]}' <<<"$output" >/dev/null
}

@test "without a majority nobody can win, and those that are missing are named" {
	info "$cases"/who-can-be-elected/node-3 "$quorum/node-11"
	[ "$status" -eq 1 ]
	cp -r "$cases"/who-can-be-elected/node-1 one
	sed -i 's/node.id=1/node.id=9/' one/meta.properties
	info "$cases"/who-can-be-elected/node-3 one
	[ "$status" -eq 1 ]
	has "no, 1 of 3"
	first "no majority: 1 of 3 voters are given and 2 are needed; look for node 1, node 2 before"
}

@test "a record that a majority has is told as such" {
	cp -r "$cases"/who-can-be-elected/node-3 two
	sed -i 's/node.id=3/node.id=2/' two/meta.properties
	info "$cases"/who-can-be-elected/node-{1,3} two
	has "cannot win; if node 1 won: node 3 loses offsets 16..25, which a majority has; node 2 loses offsets 16..25, which a majority has"
	info "$cases"/who-can-be-elected/node-{1,3}
	has "cannot win; if node 1 won: node 3 loses offsets 16..25, which a majority may have"
}

@test "a node of another cluster, a node id twice, another directory than the voter's" {
	info "$cases"/cluster-id-differs/node-{1,2,3}
	[ "$status" -eq 1 ]
	has "node 3: its cluster.id is CoWQoAeRnmhr0zQd2mS3Yw, that of the others is another one"
	first "do not start $cases/cluster-id-differs/node-3 together with the others"
	cp -r "$cases/cluster-id-differs/node-1" twin
	info "$cases"/cluster-id-differs/node-{1,2} twin
	[ "$status" -eq 1 ]
	has "twin: another directory has node id 1 as well"
	has "2 of the voters are given"
	first "find out which of the directories of node 1"
	info "$cases"/voter-directory-id-differs/node-{1,2,3}
	[ "$status" -eq 1 ]
	has "node 3: its directory.id is rqAkySPAYg03iDcoxoks5g, but the log has voter 3 with ewwhYcKViWZSgbttemTGPw"
	first "node 3 has another directory than its voter"
	info "$cases"/voter-directory-id-differs/node-3
	[ "$status" -eq 1 ]
	has "it only observes"
}

@test "voters that were formatted again may elect one another" {
	for node in 1 2; do
		mkdir -p "blank-$node"
		cp "$cases/who-can-be-elected/node-$node/meta.properties" "blank-$node"
		cp "$quorum/node-1/bootstrap.checkpoint" "blank-$node"
	done
	info blank-1 blank-2 "$cases/who-can-be-elected/node-3"
	has "node 1: its log is empty, as after formatting: it votes for anybody"
	has "if node 1 wins: node 3 loses offsets 0..25"
	first "copy everything: the voters with a log are no majority without the empty ones"
	info "$cases"/who-can-be-elected/node-{2,3} blank-1
	first "start the voters with a log, and those that are empty only when there is a leader; node 2 has"
}

@test "voters that quorum-state and the log name differently" {
	cp -r "$cases"/who-can-be-elected/node-1 one
	sed -i 's/{"voterId":3}/{"voterId":4}/' one/__cluster_metadata-0/quorum-state
	info one
	has "node 1: quorum-state names the voters [1,2,4], the last election in the log [1,2,3]"
}

@test "checkpoints alone, formatted only, bootstrap.checkpoint alone" {
	info "$cases/directory-with-checkpoints-only/in"
	[ "$status" -eq 0 ]
	has "ends @300, last epoch 2, no records behind the checkpoint"
	has "there is no meta.properties: whose it is, is unknown"
	info "$cases/directory-with-checkpoints-only/fresh"
	has "formatted, and without a record of a cluster yet"
	has "metadata.version 33 (4.4-IV2), kraft.version 1"
	first "it was formatted and never had a leader's record"
	mkdir boot empty empty/__cluster_metadata-0
	cp "$quorum"/node-1/{meta.properties,bootstrap.checkpoint} boot
	cp "$quorum"/node-1/meta.properties empty
	for directory in boot empty; do
		info $directory
		[ "$status" -eq 0 ]
		has "formatted, and without a record"
	done
	info "$cases/empty-cluster-id/in"
	[ "$status" -eq 0 ]
	has "node 1: the cluster.id in meta.properties is empty"
	first "start it: it is the only voter"
}

@test "a bare volume, one mounted a level higher, and a log directory without metadata" {
	mkdir -p bare/lost+found volume/data/kafka-log0 jbod/orders-0
	cp "$quorum"/node-1/meta.properties jbod
	cp "$quorum"/node-1/meta.properties volume/data/kafka-log0
	info bare
	[ "$status" -eq 0 ]
	has "nothing of Kafka"
	info volume
	first "look below it: kmeta-info volume/data/kafka-log0"
	info jbod jbod
	first "the metadata log is in another directory of this node"
	info jbod
	has "a log directory without metadata"
	has "partitions    1 directory"
	first "the metadata log is in another directory of this node"
}

@test "a file by itself" {
	info "$checkpoint"
	[ "$status" -eq 0 ]
	has "a file by itself"
	has "ends @580, last epoch 2"
	info "$log/00000000000000000310.log"
	[ "$status" -eq 0 ]
	has "offsets 310 to 729"
	has "the state is unknown"
}

@test "a checkpoint past the end of the log is where Kafka begins" {
	mkdir one
	cp "$log"/00000000000000000000.log "$log"/00000000000000000580-*.checkpoint one
	info -o json one
	jq -se '.[0] | .endOffset == 580 and .lastEpoch == 2' <<<"$output" >/dev/null
}

@test "damage ends the log, and comes first" {
	cp -r "$quorum/node-1" .
	printf '\377' | dd of=node-1/__cluster_metadata-0/00000000000000000730.log bs=1 seek=23950 conv=notrunc status=none
	info node-1
	[ "$status" -eq 1 ]
	has "the log is damaged at offset 1143, where Kafka cuts it"
	has "offsets 0 to 1142"
	first "copy node-1 before Kafka starts on it"
}

@test "files that do not belong there, and names that a terminal would act on" {
	cp -r "$cases"/who-can-be-elected/node-1 one
	touch one/backup.tgz "one/__cluster_metadata-0/$(printf 'a\033[31mb')"
	sed -i "s/cluster.id=.*/cluster.id=x\\\\u001b[31m/" one/meta.properties
	info one
	has "these do not belong there: a?[31mb, backup.tgz"
	[[ $output != *$'\033'* ]]
	[[ $output == *"x?[31m"* ]]
}

@test "small files that are damaged, missing, or no files" {
	for what in empty array text fifo directory; do
		cp -r "$cases"/who-can-be-elected/node-1 $what
		rm $what/__cluster_metadata-0/quorum-state
		case $what in
		empty) : >$what/__cluster_metadata-0/quorum-state ;;
		array) echo '[1]' >$what/__cluster_metadata-0/quorum-state ;;
		text) printf '\377\376{' >$what/__cluster_metadata-0/quorum-state ;;
		fifo) mkfifo $what/__cluster_metadata-0/quorum-state ;;
		directory) mkdir $what/__cluster_metadata-0/quorum-state ;;
		esac
		run --separate-stderr timeout 10 "$KMETA_BIN/kmeta-info" $what
		[ "$status" -eq 2 ] || { echo "$what: $status $output" && false; }
	done
	info nothing-there
	[ "$status" -eq 2 ]
	said "nothing-there: cannot open"
	mkfifo pipe
	run --separate-stderr timeout 10 "$KMETA_BIN/kmeta-info" pipe
	[ "$status" -eq 2 ]
	info
	[ "$status" -eq 2 ]
}

@test "--partitions: what does not belong to the state" {
	info --partitions "$cases/stray-partition-directories/in"
	[ "$status" -eq 1 ]
	has "no-topic          gone-3  id q9ykOvgQyJV0UudgwZStPw"
	has "other-topic-id    orders-0  id q6useibvWd0iNr7eZ3T4Uw"
	has "created again with the id uExfqA6ecJufAoppHWSDcg"
	info --partitions -o json "$cases/stray-partition-directories/in"
	jq -se 'length == 2 and .[1].is == "other-topic-id"' <<<"$output" >/dev/null
	info --partitions "$cases" 
	[ "$status" -eq 2 ]
}

@test "--partitions: suffixes, missing ones, other brokers and directories" {
	cp -r "$cases/stray-partition-directories/in" .
	rm -r in/gone-3
	sed -i 's/topic_id: .*/topic_id: uExfqA6ecJufAoppHWSDcg/' in/orders-0/partition.metadata
	mkdir in/orders-0.0123456789abcdef0123456789abcdef-delete in/orders-1 in/a.b-7-stray in/no
	info --partitions -o json in
	jq -se 'map({(.directory): .is}) | add ==
		{"orders-0": "sound", "orders-1": "no-partition", "orders-0.0123456789abcdef0123456789abcdef-delete": "being-deleted"}' <<<"$output" >/dev/null || {
		echo "$output"
		false
	}
	rm -r in/orders-1 in/a.b-7-stray
	info --partitions in
	[ "$status" -eq 0 ]
	# The state names the directory of the replica.
	id=$("$KMETA_BIN/kmeta-image" -o json in | jq -r '.topics.orders.partitions["0"].directories[0]')
	echo "directory.id=$id" >>in/meta.properties
	rm -r in/orders-0
	info --partitions in
	[ "$status" -eq 1 ]
	has "missing           orders-0  id uExfqA6ecJufAoppHWSDcg"
	mkdir in/orders-0
	sed -i 's/directory.id=.*/directory.id=q9ykOvgQyJV0UudgwZStPw/' in/meta.properties
	info --partitions in
	has "other-directory   orders-0"
	sed -i 's/node.id=1/node.id=2/' in/meta.properties
	info --partitions in
	has "no-replica        orders-0  the partition has no replica on broker 2"
	echo nothing >in/orders-0/partition.metadata
	info --partitions in
	has "unreadable        orders-0"
}

@test "mistakes on the command line" {
	for arguments in "--output=xml $log" "--partitions $log $log" "--partitions $checkpoint"; do
		# shellcheck disable=SC2086 # words
		info $arguments
		[ "$status" -eq 2 ] || { echo "$arguments" && false; }
	done
}

@test "the releases that start on a directory" {
	run --separate-stderr "$KMETA_BIN/kmeta-info" "$TESTDATA/real/kraft-4.3-full/node-2"
	[[ $output == *"starts on     Kafka 4.2 to 4.4"* ]]
	run --separate-stderr "$KMETA_BIN/kmeta-info" -o json "$TESTDATA/real/kraft-4.3-full/node-2"
	jq -es '.[0] | [.starts, .firstRelease, .lastRelease] == [true, "4.2", "4.4"]' <<<"$output"
	cp -r "$TESTDATA/real/kraft-4.3-full/node-2" a
	chmod -R u+w a
	echo nonsense >a/__cluster_metadata-0/leader-epoch-checkpoint
	run --separate-stderr "$KMETA_BIN/kmeta-info" a
	[[ $output == *"starts on     no Kafka: kmeta-verify --only=start says why"* ]]
}
