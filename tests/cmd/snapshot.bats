#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# snapshot.bats: the checkpoint that kmeta-snapshot writes, the directory around it, and what is there
# after a failure.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

# bats keeps files of its own beside what a test makes.
setup() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return
}

node=$TESTDATA/real/kraft-4.3-full/node-1
own=1@Aa1Aa1Aa1Aa1Aa1Aa1Aa1A@localhost:19093

snapshot() {
	run --separate-stderr "$KMETA_BIN/kmeta-snapshot" "$@"
}

records() {
	"$KMETA_BIN/kmeta-image" -o records --show-secrets "$@"
}

# control FILE: its control records, one a line
control() {
	"$KMETA_BIN/kmeta-dump" -o json --control "$1" | jq -c '[.type, .epoch, .data]'
}

# refused TEXT ARGUMENT...: status 2, nothing printed or made
refused() {
	local text=$1
	shift
	snapshot "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	said "$text"
	[ -z "$(ls -A)" ]
}

# same_state ADDRESS ADDRESS
same_state() {
	diff <(records "$1") <(records "$2")
}

@test "a directory of two files, which is clean and holds the state" {
	snapshot --voters="$own" --out=new "$node@700"
	[ "$status" -eq 0 ]
	silent
	[ "$(find new -printf '%P %y %m\n' | sort)" = " d 700
__cluster_metadata-0 d 700
__cluster_metadata-0/00000000000000000700-0000000002.checkpoint f 600
meta.properties f 600" ]
	[ "$(cat new/meta.properties)" = "version=1
node.id=1
cluster.id=a1B2c3D4e5F6g7H8i9J0kQ
directory.id=Aa1Aa1Aa1Aa1Aa1Aa1Aa1A" ]
	"$KMETA_BIN/kmeta-verify" --fail-on=note new
	same_state "$node@700" new
	[ "$(ls -A)" = new ]
}

@test "points between batches, in one, by time, and the end: all nodes' states" {
	local point n=0
	for point in @1 @580 @700 @@1795529728042 @ "@end"; do
		point=${point%@}
		snapshot -q --out="$((++n)).checkpoint" "$log$point"
		[ "$status" -eq 0 ]
		silent
		[ -z "$output" ]
		same_state "$log$point" "$n.checkpoint"
	done
	"$KMETA_BIN/kmeta-snapshot" -q --out=other.checkpoint "$TESTDATA/real/kraft-4.3-full/node-2"
	cmp other.checkpoint 6.checkpoint
}

@test "what Kafka itself wrote as a checkpoint is written again" {
	local file
	for file in "$TESTDATA"/real/*/node-*/*/*[1-9]-*.checkpoint; do
		snapshot -q --out="${file##*/}" "$file"
		[ "$status" -eq 0 ]
		same_state "$file" "${file##*/}"
		diff <(control "$file" | jq -c '.[0]' | sort -u) <(control "${file##*/}" | jq -c '.[0]' | sort -u)
		rm "${file##*/}"
	done
}

@test "voters: those of the log, none, others" {
	"$KMETA_BIN/kmeta-snapshot" -q --out=keep "$TESTDATA/real/kraft-4.3-full/node-2"
	diff <(control keep/*/*.checkpoint | grep VOTERS | jq -c '.[2].voters') \
		<(control "$log" | grep VOTERS | tail -n 1 | jq -c '.[2].voters')
	"$KMETA_BIN/kmeta-snapshot" -q --voters=static --out=static "$node"
	[ "$(control static/*/*.checkpoint | jq -r '.[0]' | tr '\n' ' ')" = "SNAPSHOT_HEADER SNAPSHOT_FOOTER " ]
	"$KMETA_BIN/kmeta-snapshot" -q --voters="$own,2@localhost:9:Bb2Bb2Bb2Bb2Bb2Bb2Bb2A,3@Cc3Cc3Cc3Cc3Cc3Cc3Cc3A@ODD://[::1]:10" \
		--out=given "$node"
	[ "$(control given/*/*.checkpoint | grep VOTERS | jq -c '.[2].voters[] | [.voterId, .voterDirectoryId, .endpoints[0].name, .endpoints[0].host, .endpoints[0].port]')" = \
		'[1,"Aa1Aa1Aa1Aa1Aa1Aa1Aa1A","CONTROLLER","localhost",19093]
[2,"Bb2Bb2Bb2Bb2Bb2Bb2Bb2A","CONTROLLER","localhost",9]
[3,"Cc3Cc3Cc3Cc3Cc3Cc3Cc3A","ODD","::1",10]' ]
	[ "$(control given/*/*.checkpoint | grep KRAFT_VERSION | jq '.[2].kRaftVersion')" = 1 ]
}

@test "an epoch: in the name, in all batches, and not below the log's" {
	snapshot --epoch=50 --out=new "$TESTDATA/real/kraft-4.3-full/node-2"
	[ "$status" -eq 0 ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json new/*/*-0000000050.checkpoint | jq .epoch | sort -u)" = 50 ]
	rm -r new
	refused "--epoch 2 is below the last batch's, 3" --epoch=2 --out=new "$TESTDATA/real/kraft-4.3-full/node-2"
}

@test "other voters may have had another leader: that is said, with an epoch that helps" {
	snapshot --voters="$own" --out=new "$node"
	[ "$status" -eq 0 ]
	[[ $output == *"since epoch 3"*"use --epoch 103"* ]]
	snapshot --voters="$own" --epoch=103 --out=newer "$node"
	[[ $output != *"use --epoch"* ]]
	snapshot --out=same "$TESTDATA/real/kraft-4.3-full/node-2"
	[[ $output != *"use --epoch"* ]]
	[[ $output == *"the voters are 2 and 3, and 2 of them have to run"* ]]
}

@test "a directory from which no node can lead is refused, unless it has to be" {
	refused "node 1 is not among the voters (2 and 3)" --out=new "$node"
	refused "directory.id of meta.properties is Aa1Aa1Aa1Aa1Aa1Aa1Aa1A" \
		--voters=1@Bb1Aa1Aa1Aa1Aa1Aa1Aa1A@localhost:1 --out=new "$node"
	refused "voter 2 has the directory id" --directory-id=Bb1Aa1Aa1Aa1Aa1Aa1Aa1A --out=new \
		"$TESTDATA/real/kraft-4.3-full/node-2"
	snapshot --force --out=new "$node"
	[ "$status" -eq 0 ]
	said "no node can lead from it: node 1 is not among the voters"
	same_state new "$node"
}

@test "meta.properties: of the source, or as it is asked for" {
	cp -r "$log" copy
	snapshot --voters=static --out=new copy
	[ "$status" -eq 2 ]
	said "there is no meta.properties: name the node with --node-id and the cluster with --cluster-id"
	snapshot -q --voters="$own" --node-id=1 --cluster-id=x:y --out=new copy
	[ "$status" -eq 0 ]
	[ "$(tail -n 3 new/meta.properties)" = 'node.id=1
cluster.id=x\:y
directory.id=Aa1Aa1Aa1Aa1Aa1Aa1Aa1A' ]
	"$KMETA_BIN/kmeta-snapshot" -q --voters=static --node-id=9 --out=nine "$node"
	[ "$(cat nine/meta.properties)" = "version=1
node.id=9
cluster.id=a1B2c3D4e5F6g7H8i9J0kQ" ]
}

@test "what is there is not touched" {
	mkdir there
	echo precious >there.checkpoint
	ln -s nowhere dangling
	for name in there there/ there.checkpoint dangling; do
		snapshot --voters=static --out="$name" "$node"
		[ "$status" -eq 2 ]
		said "it is not touched: File exists"
	done
	[ "$(cat there.checkpoint)" = precious ]
	[ -z "$(ls -A there)" ]
	snapshot --out=no/where "$node"
	[ "$status" -eq 2 ]
	said "no directory to put it into"
}

@test "the input is read only" {
	cp -r "$node" input
	find input -type f -exec md5sum {} + | sort >before
	snapshot --voters=static --out=new input
	[ "$status" -eq 0 ]
	diff before <(find input -type f -exec md5sum {} + | sort)
}

@test "a file alone: any name but the one of another state" {
	snapshot --out=any.checkpoint "$node"
	[ "$status" -eq 0 ]
	[[ $output == *"as 00000000000000001174-0000000003.checkpoint"* ]]
	[ "$(stat -c %a any.checkpoint)" = 600 ]
	rm any.checkpoint
	refused "Kafka takes the name for another state: this one is 00000000000000001174-0000000003" \
		--out=00000000000000001174-0000000004.checkpoint "$node"
	refused "which only a directory has" --node-id=1 --out=any.checkpoint "$node"
}

@test "standard output has the checkpoint, standard error the words" {
	"$KMETA_BIN/kmeta-snapshot" --out=- "$node" >00000000000000001174-0000000003.checkpoint 2>words
	"$KMETA_BIN/kmeta-verify" --fail-on=note 0*.checkpoint
	same_state "$node" 0*.checkpoint
	grep -q "^wrote standard output: the state @1174, epoch 3" words
	snapshot --out=- "$node" --voters=static --dry-run
	[ -z "$output" ]
}

@test "standard input: a checkpoint there has no name, so nothing is known of its end" {
	snapshot --out=x.checkpoint - <"$checkpoint"
	[ "$status" -eq 2 ]
	said "a checkpoint whose name does not tell its end offset"
	cat "$log"/*.log | "$KMETA_BIN/kmeta-snapshot" -q --out=x.checkpoint -
	same_state "$log" x.checkpoint
}

@test "a dry run says all and writes nothing" {
	snapshot --dry-run --voters="$own" --out=new "$node"
	[ "$status" -eq 0 ]
	[ -z "$(ls -A)" ]
	words=$output
	snapshot --voters="$own" --out=new "$node"
	[ "${words/would write/wrote}" = "${output/, read back and verified/}" ]
	refused_now=$(ls -A)
	snapshot --dry-run --out=new "$node"
	[ "$status" -eq 2 ]
	[ "$(ls -A)" = "$refused_now" ]
}

@test "kinds that are left out, and what else goes with them" {
	snapshot --voters=static --ignore=brokers,controller,ACLs --out=some "$node"
	[ "$status" -eq 0 ]
	diff <(records "$node" | grep -vE '"(REGISTER_[A-Z]*|ACCESS_CONTROL_ENTRY)_RECORD"') <(records some)
	[[ $output == *"left out: 2 brokers, 3 controllers, 5 ACLs"* ]]
	[[ $output == *"the replicas of 143 partitions are on brokers that were left out"* ]]
	# metadata.version stays, settings of topics go with the topics
	snapshot --voters=static --ignore=topic,feature --out=none "$node"
	[ "$status" -eq 0 ]
	diff <(records "$node" | grep -vE '"(TOPIC|PARTITION)_RECORD"|"CONFIG_RECORD".*"resourceType":2|"FEATURE_LEVEL') \
		<(records none | grep -v '"FEATURE_LEVEL')
	records none | grep -q '"name":"metadata.version"'
	"$KMETA_BIN/kmeta-verify" none
	snapshot --voters=static --only=topic --out=topics "$node"
	[[ $output == *"44 of the topics then have no partitions"* ]]
	rm -r some none topics
	refused "--voters does" --ignore=voter --out=new "$node"
	refused "do not go together" --ignore=acl --only=topic --out=new "$node"
}

@test "a mode that says more" {
	snapshot -q --voters=static --mode=640 --out=new "$node"
	[ "$(find new -printf '%y%m\n' | sort -u | tr '\n' ' ')" = "d750 f640 " ]
	snapshot -q --mode=44 --out=x.checkpoint "$node"
	[ "$(stat -c %a x.checkpoint)" = 644 ]
	rm -r new x.checkpoint
	refused "--mode takes octal digits" --mode=rw --out=new "$node"
	refused "--mode takes octal digits" --mode=7777 --out=new "$node"
}

@test "mistakes on the command line" {
	refused "--out names" "$node"
	refused "--out names" --out= "$node"
	refused "name one directory" --out=new
	refused "name one directory" --out=new "$node" "$node"
	refused "--voters takes" --voters=1@short@h:1 --out=new "$node"
	refused "--voters takes" --voters="1@Aa1Aa1Aa1Aa1Aa1Aa1Aa1A@h" --out=new "$node"
	refused "--voters takes" --voters="1@Aa1Aa1Aa1Aa1Aa1Aa1Aa1A@h:0" --out=new "$node"
	refused "--voters takes" --voters="1@Aa1Aa1Aa1Aa1Aa1Aa1Aa1A@h:65536" --out=new "$node"
	refused "--voters takes" --voters="$own," --out=new "$node"
	refused "--voters takes" --voters=keep,static --out=new "$node"
	refused "names node 1 twice" --voters="$own,$own" --out=new "$node"
	refused "--directory-id takes" --directory-id=x --out=new "$node"
	refused "--cluster-id takes" --cluster-id= --out=new "$node"
	refused "No such file" --out=new nowhere
	refused "Kafka starts from none at offset 0" --voters=static --out=new "$node@0"
}

@test "what is lost is said, and the status is 1" {
	cp -r "$node" damaged
	# The newest checkpoint has no footer: an older state and the log serve.
	truncate -s -5 damaged/__cluster_metadata-0/00000000000000000580-0000000002.checkpoint
	snapshot --voters=static --out=new damaged
	[ "$status" -eq 1 ]
	said "00000000000000000580-0000000002.checkpoint"
	same_state "$node" new
}

@test "an unknown state is not written" {
	cp -r "$node" damaged
	printf '\377' | dd of=damaged/__cluster_metadata-0/00000000000000000730.log bs=1 seek=20000 conv=notrunc status=none
	snapshot --voters=static --out=new damaged
	[ "$status" -eq 2 ]
	said "the state is known up to @"
	[ ! -e new ]
}

# ---- failures ----

# interrupted SYSCALL RULE WANTED: the command ends with a status while that call is disturbed, and
# nothing but its result is left.
interrupted() {
	run --separate-stderr strace -f -qq -o trace -e trace="$1" -e inject="$1:$2" \
		"$KMETA_BIN/kmeta-snapshot" --voters=static --out=new "$node"
	rm -f trace
	[ "$status" -eq "$3" ]
}

@test "a full disk, and a disk that fails: nothing is left" {
	need_strace
	for rule in write:error=ENOSPC:when=1 write:error=EIO:when=4 fsync:error=EIO:when=1 fsync:error=EIO:when=3 \
		renameat2:error=EACCES mkdir:error=EDQUOT:when=2; do
		interrupted "${rule%%:*}" "${rule#*:}" 2
		said "kmeta-snapshot: new: "
		[ -z "$(ls -A)" ]
	done
}

@test "an interrupt leaves nothing" {
	need_strace
	for rule in fsync:signal=INT:when=1 fsync:signal=TERM:when=2 fsync:signal=HUP:when=4 fchmod:signal=QUIT:when=2; do
		interrupted "${rule%%:*}" "${rule#*:}" $((128 + $(kill -l "$(sed 's/.*signal=\([A-Z]*\).*/\1/' <<<"$rule")")))
		[ -z "$(ls -A)" ]
	done
}

@test "killed at any call: all of it under its name, or nothing" {
	local call at
	need_strace
	for call in mkdir fchmod write fsync renameat2; do
		for at in 1 2 3 4 5; do
			strace -f -qq -o trace -e trace="$call" -e inject="$call:signal=KILL:when=$at" \
				"$KMETA_BIN/kmeta-snapshot" --voters=static --out=new "$node" >words 2>&1 || true
			if [ -e new ]; then
				same_state "$node" new
				"$KMETA_BIN/kmeta-verify" -q new
			fi
			rm -rf new trace words .new.*
		done
	done
}

@test "a place that is taken meanwhile stays as it is" {
	need_strace
	# Another process makes the directory before the last step.
	cat >take <<-'EOF'
		while [ ! -e .new.*/meta.properties ]; do :; done
		mkdir new
	EOF
	sh take 2>/dev/null &
	run --separate-stderr strace -f -qq -o trace -e trace=fsync -e inject=fsync:delay_enter=400000 \
		"$KMETA_BIN/kmeta-snapshot" --voters=static --out=new "$node"
	wait
	[ "$status" -eq 2 ]
	said "File exists"
	[ -z "$(ls -A new)" ]
	[ -z "$(ls -Ad .new.* 2>/dev/null)" ]
}
