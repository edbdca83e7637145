#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# redact.bats: what kmeta-redact replaces and keeps, and that the copy is like the original.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

# bats keeps files of its own beside what a test makes.
setup() {
	[ -x "$KMETA_BIN/kmeta-redact" ] || skip "built without kmeta-redact"
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return
}

node=$TESTDATA/real/kraft-4.3-full/node-1
metadata=__cluster_metadata-0

redact() {
	run --separate-stderr "$KMETA_BIN/kmeta-redact" "$@"
}

# shape FILE: all that stays of a file of batches
shape() {
	"$KMETA_BIN/kmeta-dump" -o json --batch "$1" |
		jq -c '[.offset, .timestamp, .epoch, .type, .version, .batch.position, .batch.size, .batch.codec, (.data | keys)]'
}

# bytes DIR: every byte of it, in which batches are not compressed
bytes() {
	find "$1" -type f -exec cat {} +
}

# names DIR: the names of topics, users, hosts and racks that its log has, four letters or more
names() {
	"$KMETA_BIN/kmeta-dump" -o json --show-secrets "$1" | jq -r '
		(select(.type == "TOPIC_RECORD") | .data.name),
		(select(.type | test("REGISTER_(BROKER|CONTROLLER)_RECORD")) | .data.endPoints[].host, .data.rack // empty),
		(select(.type | test("SCRAM")) | .data.name),
		(select(.type == "ACCESS_CONTROL_ENTRY_RECORD") | .data.principal | sub("^User:"; "")),
		(select(.type == "CLIENT_QUOTA_RECORD") | .data.entity[].entityName // empty),
		(select(.type == "DELEGATION_TOKEN_RECORD") | .data.owner | sub("^User:"; ""))' |
		grep -E '.{4}' | grep -vE '^(__consumer_offsets|__transaction_state)$' | sort -u
}

@test "a directory: same files, offsets, epochs, times, batches and sizes, other names" {
	local file name
	redact --out=copy "$node"
	[ "$status" -eq 0 ]
	silent
	for file in "$log"/*.log "$log"/*.checkpoint; do
		diff <(shape "$file") <(shape "copy/$metadata/${file##*/}")
		[ "$(stat -c %s "$file")" = "$(stat -c %s "copy/$metadata/${file##*/}")" ]
	done
	names "$node" >names
	[ "$(wc -l <names)" -gt 40 ]
	for name in $(cat names); do
		run -1 grep -aF -- "$name" <(bytes copy)
	done
	[ "$(find copy -printf '%y%m\n' | sort -u | tr '\n' ' ')" = "d700 f600 " ]
	diff "$log/leader-epoch-checkpoint" "copy/$metadata/leader-epoch-checkpoint"
	diff "$log/quorum-state" "copy/$metadata/quorum-state"
	grep -qx directory.id=Aa1Aa1Aa1Aa1Aa1Aa1Aa1A copy/meta.properties
}

@test "statistics, differences and verdicts are those of the original" {
	local directory
	for directory in "$TESTDATA"/real/*/node-1 "$TESTDATA"/real/upgrade-chain/final/node-1; do
		rm -rf copy
		"$KMETA_BIN/kmeta-redact" -q --out=copy "$directory"
		diff <("$KMETA_BIN/kmeta-stat" -o json "$directory" | jq 'del(.address, .topics)') \
			<("$KMETA_BIN/kmeta-stat" -o json copy | jq 'del(.address, .topics)')
		diff <("$KMETA_BIN/kmeta-diff" --stat "$directory@start" "$directory") <("$KMETA_BIN/kmeta-diff" --stat copy@start copy)
		diff <("$KMETA_BIN/kmeta-verify" -o json "$directory" | tail -n 1 | jq '.summary | .errors, .warnings, .records') \
			<("$KMETA_BIN/kmeta-verify" -o json copy | tail -n 1 | jq '.summary | .errors, .warnings, .records')
	done
}

@test "the same name is the same everywhere, and two names are two" {
	redact --map=map --out=copy "$node"
	[ "$status" -eq 0 ]
	[ "$(stat -c %a map)" = 600 ]
	jq -se 'length > 50 and (map(.pseudonym) | unique | length) == length and
		all(.[]; (.name | utf8bytelength) == (.pseudonym | utf8bytelength))' map
	# The state under its real names is the original's.
	jq -s 'map({(.pseudonym): .name}) | add' map >back
	paths() {
		"$KMETA_BIN/kmeta-image" -o records "$1" | jq -c "$2" | sort
	}
	expression='select(.type == "CONFIG_RECORD" and .data.resourceType == 2) | [.data.resourceName, .data.name]'
	diff <(paths "$node" "$expression") \
		<(paths copy "$expression" | jq -c --slurpfile back back '[$back[0][.[0]] // .[0], .[1]]' | sort)
}

@test "one key makes nodes fit each other, another does not" {
	local n
	head -c 32 /dev/zero >key
	for n in 1 2 3; do
		"$KMETA_BIN/kmeta-redact" -q --key-file=key --out="copy-$n" "$TESTDATA/real/kraft-4.3-full/node-$n"
	done
	"$KMETA_BIN/kmeta-verify" --only=nodes copy-1 copy-2 copy-3
	[ "$("$KMETA_BIN/kmeta-image" -o hash copy-1@1100 copy-2@1100 | wc -l)" -le 2 ]
	"$KMETA_BIN/kmeta-redact" -q --key-file=key --out=again "$TESTDATA/real/kraft-4.3-full/node-1"
	diff -r copy-1 again
	"$KMETA_BIN/kmeta-redact" -q --out=other "$TESTDATA/real/kraft-4.3-full/node-1"
	run -1 cmp -s other/$metadata/00000000000000000000.log copy-1/$metadata/00000000000000000000.log
	echo short >key
	redact --key-file=key --out=x "$node"
	[ "$status" -eq 2 ]
	said "16 bytes or more"
}

@test "what is valid stays valid: principals, wildcards, addresses, internal topics, settings" {
	redact --out=copy "$node"
	records() {
		"$KMETA_BIN/kmeta-image" -o records --show-secrets "$1"
	}
	records copy | jq -se '
		all(.[] | select(.type == "ACCESS_CONTROL_ENTRY_RECORD").data; (.principal | test("^User:([a-z0-9]+|[*])$")) and .host == "*") and
		any(.[] | select(.type == "ACCESS_CONTROL_ENTRY_RECORD").data; .principal == "User:*") and
		any(.[] | select(.type == "ACCESS_CONTROL_ENTRY_RECORD").data; .resourceName == "kafka-cluster") and
		any(.[] | select(.type == "TOPIC_RECORD").data; .name == "__transaction_state") and
		any(.[] | select(.type == "CONFIG_RECORD").data; .name == "cleanup.policy" and .value == "compact,delete") and
		all(.[] | select(.type == "FEATURE_LEVEL_RECORD").data; .name | test("version$")) and
		all(.[] | select(.type == "CLIENT_QUOTA_RECORD").data.entity[]; .entityType != "ip" or (.entityName | test("^[0-9.]+$")))'
	diff <(records "$node" | jq -c 'select(.type == "USER_SCRAM_CREDENTIAL_RECORD") | .data.iterations' | sort) \
		<(records copy | jq -c 'select(.type == "USER_SCRAM_CREDENTIAL_RECORD") | .data.iterations' | sort)
	run -1 diff -q <(records "$node" | jq -c '.data.salt // empty') <(records copy | jq -c '.data.salt // empty')
}

@test "classes that are kept" {
	redact --keep=topic,host --out=copy "$node"
	[ "$status" -eq 0 ]
	[[ $output == *"kept, as was asked: topics, hosts"* ]]
	grep -aqF localhost <(bytes copy)
	diff <("$KMETA_BIN/kmeta-image" -o records "$node" topics) <("$KMETA_BIN/kmeta-image" -o records copy topics)
	run -1 grep -aF carol <(bytes copy)
}

@test "ids are hidden if asked for, and Kafka's own stay" {
	redact --hide-ids --out=copy "$node"
	[ "$status" -le 1 ]
	run -1 grep -F -f <("$KMETA_BIN/kmeta-image" -o records "$node" topics | jq -r .data.topicId) \
		<("$KMETA_BIN/kmeta-image" -o records copy)
	run -1 grep -q Aa1Aa1Aa1Aa1Aa1Aa1Aa1A copy/meta.properties
	[ ! -e copy/$metadata/quorum-state ]
	diff <("$KMETA_BIN/kmeta-diff" --stat "$node@start" "$node") <("$KMETA_BIN/kmeta-diff" --stat copy@start copy)
}

@test "codecs are kept" {
	local file
	for file in "$TESTDATA"/generated/gen-4.4.0/*.log "$TESTDATA"/generated/gen-4.4.0/*/*.log; do
		[ -e "$file" ] || continue
		rm -f copy.log
		"$KMETA_BIN/kmeta-redact" -q --out=copy.log "$file" || [ $? -eq 1 ]
		diff <("$KMETA_BIN/kmeta-dump" -o json --batch "$file" | jq -c '[.offset, .batch.codec, .timestamp]') \
			<("$KMETA_BIN/kmeta-dump" -o json --batch copy.log | jq -c '[.offset, .batch.codec, .timestamp]')
	done
	[ -e copy.log ]
}

@test "what is not understood is not copied" {
	cp "$log/00000000000000000000.log" damaged.log
	"$project/tests/cmd/spoil.py" damaged.log 5 flip
	printf 'a secret behind the end' >>damaged.log
	redact --out=copy.log damaged.log
	[ "$status" -eq 1 ]
	[[ $output == *"bytes that were not understood"* ]]
	[ "$(stat -c %s damaged.log)" = "$(stat -c %s copy.log)" ]
	run -1 grep -a 'a secret' copy.log
	grep -aq 'kmeta-redact: not understood, and not copied' copy.log
	diff <("$KMETA_BIN/kmeta-dump" --salvage -o json damaged.log 2>/dev/null | jq -c 'select(.batch.valid != false) | .offset' | head -n 5) \
		<("$KMETA_BIN/kmeta-dump" --salvage -o json copy.log 2>/dev/null | jq -c .offset | head -n 5)
	# Zeros are no secret.
	cp "$log/00000000000000000000.log" zeros.log
	head -c 5000 /dev/zero >>zeros.log
	redact --out=zeros-copy.log zeros.log
	[ "$status" -eq 0 ]
	cmp <(tail -c 5000 zeros-copy.log) <(head -c 5000 /dev/zero)
}

@test "every fault: no crash, the same size, and nothing of what could not be read" {
	local fault file
	for fault in "$faults"/*/; do
		for file in "$fault"*.log "$fault"*.checkpoint; do
			[ -s "$file" ] || continue
			rm -f copy.log
			run --separate-stderr "$KMETA_BIN/kmeta-redact" -q --out=copy.log "$file"
			echo "$file: $status $stderr"
			[ "$status" -lt 2 ]
			if ! "$KMETA_BIN/kmeta-dump" -o json --batch "$file" 2>/dev/null | grep -q '"codec":"[gslz]'; then
				[ "$(stat -c %s "$file")" = "$(stat -c %s copy.log)" ]
			fi
		done
	done
}

@test "a record with a tag that nobody knows, or one that is twice" {
	local name
	for name in tag-duplicate unknown-record-type unknown-record-version string-longer-than-record; do
		file=$(ls "$faults/$name"/*.log)
		rm -f copy.log
		redact --out=copy.log "$file"
		echo "$name: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"not understood"* ]]
	done
}

@test "a file, a checkpoint, standard input" {
	redact --out=one.checkpoint "$checkpoint"
	[ "$status" -eq 0 ]
	diff <(shape "$checkpoint") <(shape one.checkpoint)
	gzip -c "$segment" | "$KMETA_BIN/kmeta-redact" -q --out=two.log -
	diff <(shape "$segment") <(shape two.log)
}

@test "a dry run, places that are taken, mistakes" {
	redact --dry-run --map=map --out=copy "$node"
	[ "$status" -eq 0 ]
	[[ $output == "would write copy: 7 files"* ]]
	[ -z "$(ls -A)" ]
	mkdir there
	for arguments in "$node" "--out=there $node" "--out=copy" "--out=- $node" "--out=copy nowhere" "--out=copy $node@500" \
		"--keep=everything --out=copy $node" "--map=there --out=copy $node" "--key-file=nowhere --out=copy $node"; do
		# shellcheck disable=SC2086 # words
		redact $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said "kmeta-redact: "
		[ "$(ls -A)" = there ]
	done
}

@test "a full disk and an interrupt leave neither copy nor map" {
	local rule
	need_strace
	for rule in write:error=ENOSPC:when=3 fsync:error=EIO:when=2 fsync:error=EIO:when=12 renameat2:error=EACCES:when=1; do
		run --separate-stderr strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e trace="${rule%%:*}" -e inject="$rule" \
			"$KMETA_BIN/kmeta-redact" --map=map --out=copy "$node"
		[ "$status" -eq 2 ]
		[ -z "$(ls -A)" ]
	done
	run strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e trace=fsync -e inject=fsync:signal=INT:when=12 \
		"$KMETA_BIN/kmeta-redact" --map=map --out=copy "$node"
	[ "$status" -eq 130 ]
	[ -z "$(ls -A)" ]
}
