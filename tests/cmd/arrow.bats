#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# arrow.bats: -o arrow of kmeta-dump and kmeta-image: the frame of the stream, and its values against those of JSON.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

node=$TESTDATA/real/kraft-4.3-full/node-1

# frame_of COMMAND ARGUMENT...: the messages of the stream in $lines, the command's status in $status
frame_of() {
	status=0
	"$KMETA_BIN/$1" -q -o arrow "${@:2}" >stream 2>stderr || status=$?
	python3 "$BATS_TEST_DIRNAME/arrow_frame.py" <stream >frame
	mapfile -t lines <frame
}

frame() {
	frame_of kmeta-dump "$@"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "a stream is a schema, batches of rows, and the end" {
	frame "$node"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "schema 0" ]
	[ "${lines[1]}" = "batch $("$KMETA_BIN/kmeta-dump" -o json "$node" | wc -l)" ]
	[ "${lines[2]}" = end ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "a batch has no more than 16384 rows" {
	local many=()

	for ((i = 0; i < 15; i++)); do many+=("$node"); done
	frame "${many[@]}"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "batch 16384" ]
	[ "${lines[3]}" = end ]
	[ "$(awk '{ rows += $2 } END { print rows }' frame)" -eq \
		"$((15 * $("$KMETA_BIN/kmeta-dump" -o json "$node" | wc -l)))" ]
}

@test "filters choose rows, and no rows are a table too" {
	frame --type=TOPIC "$node"
	[ "${lines[1]}" = "batch $("$KMETA_BIN/kmeta-dump" -o json --type=TOPIC "$node" | wc -l)" ]
	frame --grep=orders "$node"
	[ "${lines[1]}" = "batch $("$KMETA_BIN/kmeta-dump" -o json --grep=orders "$node" | wc -l)" ]
	frame --limit=3 --reverse "$node"
	[ "${lines[1]}" = "batch 3" ]
	frame --offset=999999999.. "$node"
	[ "$status" -eq 1 ]
	[ "${lines[*]}" = "schema 0 end" ]
}

@test "damage ends the table in its proper form, with status 2" {
	head -c 5000 "$(find "$node" -name '*.log' -size +16k | sort | head -n 1)" >cut.log
	printf '\1\2\3' | dd of=cut.log bs=1 seek=3000 conv=notrunc 2>/dev/null
	frame cut.log
	[ "$status" -eq 2 ]
	[ "${lines[1]}" = "batch $("$KMETA_BIN/kmeta-dump" -q -o json cut.log 2>/dev/null | wc -l)" ]
	[ "${lines[2]}" = end ]
	frame missing.log
	[ "$status" -eq 2 ]
	[ "${lines[*]}" = "schema 0 end" ]
}

@test "secrets are hidden" {
	"$KMETA_BIN/kmeta-dump" -o arrow --type=USER_SCRAM_CREDENTIAL "$node" >hidden
	"$KMETA_BIN/kmeta-dump" -o arrow --type=USER_SCRAM_CREDENTIAL --show-secrets "$node" >shown
	grep -aqF '[hidden]' hidden
	run ! grep -aqF '[hidden]' shown
}

@test "a terminal and --batch are refused" {
	command -v script >/dev/null || skip "no script(1)"
	run script -qec "'$KMETA_BIN/kmeta-dump' -o arrow '$node'" /dev/null </dev/null
	[ "$status" -eq 2 ]
	[[ $output = *"not for a terminal"* ]]
	run "$KMETA_BIN/kmeta-dump" -o arrow --batch "$node"
	[ "$status" -eq 2 ]
	[[ $output = *"--batch does not go with --output=arrow"* ]]
}

@test "the tables have the values of JSON, sound or damaged (with pyarrow)" {
	local python=${KMETA_PYTHON:-python3} files # another Python, if the usual one has no pyarrow

	"$python" -c 'import pyarrow' 2>/dev/null || skip "pyarrow is not installed"
	mapfile -t files < <(find "$TESTDATA/real" "$TESTDATA/faults" -type f \
		\( -name '*.log' -o -name '*.checkpoint' \) | sort)
	run "$python" "$BATS_TEST_DIRNAME/arrow_compare.py" "$KMETA_BIN/kmeta-dump" "${files[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "entities of a kind are a table, chosen by paths and options as elsewhere" {
	frame_of kmeta-image --kind=partition "$node"
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "schema 0 batch 143 end" ]
	frame_of kmeta-image --kind=partition "$node" 'topics/orders/*'
	[ "${lines[1]}" = "batch $("$KMETA_BIN/kmeta-image" "$node" 'topics/orders/*' | wc -l)" ]
	frame_of kmeta-image --kind=partitions --kind=partition --leaderless "$node@1050"
	[ "${lines[1]}" = "batch 62" ]
	frame_of kmeta-image --kind=topic -n 5 "$node"
	[ "${lines[1]}" = "batch 5" ]
	frame_of kmeta-image --kind=topic "$node" topics/none
	[ "$status" -eq 1 ]
	[ "${lines[*]}" = "schema 0 end" ]
	frame_of kmeta-image --kind=scram "$node"
	grep -aqF '[hidden]' stream
	frame_of kmeta-image --kind=scram --show-secrets "$node"
	run ! grep -aqF '[hidden]' stream
}

@test "a state that is unknown ends the table of entities in its proper form, with status 2" {
	cp "$(find "$node" -name '*310.log')" 00000000000000000310.log
	frame_of kmeta-image --kind=partition 00000000000000000310.log
	[ "$status" -eq 2 ]
	[ "${lines[*]}" = "schema 0 end" ]
	grep -q '^kmeta-image: .*310' stderr
	frame_of kmeta-image --kind=partition missing.log
	[ "$status" -eq 2 ]
	[ "${lines[*]}" = "schema 0 end" ]
	frame_of kmeta-image --kind=partition --partial 00000000000000000310.log
	[ "$status" -eq 0 ]
	grep -aqF unknown stream
}

@test "--kind takes kinds by their names; a table is of one kind" {
	run "$KMETA_BIN/kmeta-image" --kind=broker,controller "$node"
	[ "$status" -eq 0 ]
	[ "$output" = "$("$KMETA_BIN/kmeta-image" "$node" brokers controllers)" ]
	run "$KMETA_BIN/kmeta-image" -o json --kind=topic "$node"
	[ "$(jq '.topics | length' <<<"$output")" = 44 ]
	[ "$(jq '[.topics[] | select(.partitions)] | length' <<<"$output")" = 0 ]
	for kinds in "" --kind=broker,topic; do
		run "$KMETA_BIN/kmeta-image" -o arrow $kinds "$node"
		[ "$status" -eq 2 ]
		[[ $output = *"--output=arrow is a table of one kind of entity: name it, as in --kind=partition"* ]]
	done
	run "$KMETA_BIN/kmeta-image" --kind=nothing "$node"
	[ "$status" -eq 2 ]
	run "$KMETA_BIN/kmeta-image" -o hash --kind=topic "$node"
	[ "$status" -eq 2 ]
	run "$KMETA_BIN/kmeta-image" --problems --kind=topic "$node"
	[ "$status" -eq 2 ]
}

@test "the tables of entities have the values of JSON, sound or damaged (with pyarrow)" {
	local python=${KMETA_PYTHON:-python3} paths

	"$python" -c 'import pyarrow' 2>/dev/null || skip "pyarrow is not installed"
	mapfile -t paths < <(find "$TESTDATA/real" -type d -name '*metadata-0'
		find "$TESTDATA/real" "$TESTDATA/generated/image-4.3.1" "$TESTDATA/faults" -type f -name '*.checkpoint')
	run "$python" "$BATS_TEST_DIRNAME/arrow_compare_state.py" "$KMETA_BIN/kmeta-image" "${paths[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
}
