#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# verify.bats: kmeta-verify's command line, its two formats, its checks one by one, and what it
# never does. What it finds in which fault tests/faults/run holds.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

export KMETA_BIN
quorum=$TESTDATA/real/kraft-4.3-full

# verify ARGUMENT...: leaves $status, $output and $stderr
verify() {
	run --separate-stderr "$KMETA_BIN/kmeta-verify" "$@"
}

# refused MESSAGE ARGUMENT...: status 2, one line that says what and where to look, nothing else
refused() {
	local message=$1
	shift
	verify "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "kmeta-verify: "*" (kmeta-verify --help)" ]]
	said "$message"
}

# ends STATUS ARGUMENT...: and says nothing on standard error
ends() {
	local wanted=$1
	shift
	verify "$@"
	[ "$status" -eq "$wanted" ] || {
		echo "status $status: $*: $output"
		return 1
	}
	silent
}

# found ARGUMENT...: the names of findings, each once
found() {
	"$KMETA_BIN/kmeta-verify" -o json "$@" | jq -r 'select(.code).code' | LC_ALL=C sort -u | paste -sd ' '
}

# summary JQ-EXPRESSION ARGUMENT...
summary() {
	local expression=$1
	shift
	"$KMETA_BIN/kmeta-verify" -o json "$@" | tail -n 1 | jq -c ".summary | $expression"
}

# poke FILE BYTE: spoils it
poke() {
	printf '\245' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# node NAME: a copy of the log that may be spoilt
node() {
	mkdir "$1"
	cp "$log/../meta.properties" "$1"
	cp -r "$log" "$1"
	rm "$1"/*/*.dump.txt
}

# A node with a fault of five classes: bytes, order, checkpoint, directory and replay-match.
spoilt_node() {
	node "$1"
	local in=$1/__cluster_metadata-0
	poke "$in/00000000000000001148.log" 100
	cp "$faults/checkpoint-no-footer/"*.checkpoint "$in/00000000000000000580-0000000002.checkpoint"
	mv "$in/00000000000000000310.log" "$in/00000000000000000311.log"
	echo nonsense >"$in/quorum-state"
}

# ---- the command line ----

@test "--help explains every option and class" {
	ends 0 --help
	[[ ${lines[0]} == "usage: kmeta-verify [options] ADDRESS..." ]]
	for option in output only skip checksum-only fail-on max-findings jobs dialect quiet color progress \
		utc show-secrets help version; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
	for class in bytes records order checkpoint directory meaning replay-match nodes; do
		tr -s '\n ' ' ' <<<"$output" | grep -qE "classes of checks: .*${class}(,| )" || { echo "$class" && false; }
	done
	help=$output
	ends 0 -h
	[ "$output" = "$help" ]
}

@test "--version says name, number, commit, codecs and releases" {
	ends 0 --version
	[[ ${output%%$'\n'*} =~ ^kmeta-verify\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[[ ${output#*$'\n'} =~ ^commit\ ([0-9a-f]+|unknown),\ codecs\ gzip.*,\ Kafka\ 2\.8[.0-9]*\ to\ [4-9][.0-9]*$ ]]
	version=$output
	ends 0 -V
	[ "$output" = "$version" ]
}

@test "help and version come before the rest" {
	ends 0 --only=bytes --help nowhere
	[[ $output == usage:* ]]
}

@test "no address" {
	refused "name a segment, a checkpoint or a directory"
	refused "name a segment" --checksum-only
}

@test "unknown options" {
	refused "unknown option '--colour'" --colour "$segment"
	refused "unknown option '--no-such=3'" --no-such=3 "$segment"
	refused "unknown option -x" -qx "$segment"
}

@test "values that are missing, or too many" {
	refused "-j needs a value" -j
	refused "--only needs a value" "$segment" --only
	refused "no value goes with '--quiet=1'" --quiet=1 "$segment"
	refused "no value goes with '--checksum-only=1'" --checksum-only=1 "$segment"
}

@test "values that are none of those" {
	refused "--output takes text, json or prometheus, not 'kafka'" -o kafka "$segment"
	refused "--fail-on takes note, warning or error, not 'errors'" --fail-on=errors "$segment"
	refused "--color takes auto, always or never, not 'yes'" --color=yes "$segment"
	refused "--progress takes auto, always or never, not ''" --progress= "$segment"
	refused "no release '5.7' is known: use 2.8 to" --dialect=5.7 "$segment"
}

@test "classes that are none" {
	for option in only skip; do
		for value in byte '' 'bytes,' ',bytes' bytes,,order BYTES 'bytes, order'; do
			refused "is no class of checks: use bytes, records, order, checkpoint, directory, meaning, " \
				"--$option=$value" "$segment"
		done
	done
	refused "--skip: 'byte' is no class of checks" --skip=order,byte "$segment"
}

@test "nothing left to check" {
	refused "nothing is left to check" "$segment" \
		--skip=bytes,records,order,checkpoint,directory,meaning,replay-match,nodes
	refused "nothing is left to check" --only=bytes --skip=bytes "$segment"
	refused "nothing is left to check" --only=replay-match --skip=meaning "$segment"
}

@test "numbers that are none, or out of range" {
	for number in 0 -1 x 1x '' 1.5 0x10; do
		refused "--jobs takes a number from 1 to 64, not '$number'" --jobs="$number" "$segment"
		refused "--max-findings takes a number from 1 to 1000000, not '$number'" \
			--max-findings="$number" "$segment"
	done
	refused "--jobs takes a number from 1 to 64, not '65'" -j65 "$segment"
	refused "not '99999999999999999999'" --max-findings=99999999999999999999 "$segment"
	ends 0 -j64 --max-findings=1000000 "$segment"
}

@test "a mistake is found before anything is read" {
	refused "--only: 'nothing' is no class" --only=nothing nowhere
}

@test "options stand anywhere, shortened where that is clear; -- ends them" {
	ends 0 "$segment" --checksum -o json
	[ "${#lines[@]}" -eq 1 ]
	cp "$segment" ./--only
	ends 0 -- --only
	ends 1 --fail-on=note -- --only
}

# ---- exit status ----

@test "--explain says what a finding means and what to do" {
	ends 0 --explain=crc-mismatch
	[ "${lines[0]}" = "crc-mismatch (error): stored and computed CRC-32C differ" ]
	[[ $output == *"What to do now:"*"Copy the directory"* ]]
	ends 0 --explain all
	# Every finding of kmeta(7) is there, with its severity.
	[ "$(sed -nE 's/^([a-z-]+) \(([a-z]+)\): .*/\1 \2/p' <<<"$output" | sort)" = \
		"$(sed -nE 's/^\.It Sy ([a-z-]+) Ta (error|warning|note) Ta .*/\1 \2/p' "$project/man/kmeta.7" | sort)" ]
	run -1 grep -E '^  .{82}' <<<"$output"
	refused "'crc-mismach' is no finding, see --explain=all; did you mean crc-mismatch?" --explain=crc-mismach
	refused "--explain checks nothing, but '$segment' is given" --explain=slack "$segment"
}

@test "0 for a clean log: a directory, the one above, a segment, a checkpoint" {
	for address in "$log" "$log/" "$log/.." "$segment" "$checkpoint"; do
		ends 0 "$address"
		[[ ${lines[-1]} == "clean"*": 0 errors, 0 warnings in "* ]]
		[ "$(grep -vc stray-folder <<<"$output")" -le 2 ]
	done
}

@test "1 for an error" {
	ends 1 "$faults/bitflip-crc/00000000000000000000.log"
	[[ ${lines[-1]} == "damaged: 1 error, 0 warnings in 1 file, "* ]]
}

@test "--fail-on says from what on" {
	warned=$faults/zeros-at-end/00000000000000000000.log
	ends 1 "$warned"
	[[ ${lines[-1]} == "whole: 0 errors, 1 warning in 1 file, "* ]]
	ends 0 --fail-on=error "$warned"
	ends 1 --fail-on=warning "$warned"
	ends 1 --fail-on=note "$warned"
	# Alone it begins in the middle: nothing tells the state there.
	noted=$log/00000000000000000310.log
	ends 0 --fail-on=warning "$noted"
	[[ ${lines[-1]} == "clean: 0 errors, 0 warnings in 1 file, "* ]]
	ends 1 --fail-on=note "$noted"
}

@test "2 for what cannot be read, named where it stands" {
	mkdir empty
	for address in nowhere.log "$segment/below" empty; do
		for arguments in "$address" "$address $segment" "$segment $address" "-j2 $address" \
			"-o json $address" "-q $address" "--checksum-only $address"; do
			# shellcheck disable=SC2086 # words
			verify $arguments
			[ "$status" -eq 2 ] || { echo "$arguments: $status" && false; }
			# The report says it, once.
			[ -z "$stderr" ]
			[ "$(grep -c -e 'cannot open' -e 'neither a metadata' -e 'Not a directory' <<<"$output")" -eq 1 ]
		done
	done
	verify nowhere.log
	[ "${lines[0]}" = nowhere.log ]
	[ "${lines[1]}" = "  error    cannot-read         cannot open: No such file or directory" ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "2 beats 1, and the others are checked all the same" {
	damaged=$faults/bitflip-crc/00000000000000000000.log
	mkdir empty
	verify -o json nowhere.log "$damaged" empty "$faults/offset-gap/00000000000000000000.log" --skip=nodes
	[ "$status" -eq 2 ]
	[ "$(jq -r 'select(.severity == "error").code' <<<"$output" | paste -sd ' ')" = \
		"cannot-read crc-mismatch not-a-log offset-gap" ]
	[ "$(tail -n 1 <<<"$output" | jq -c '.summary | [.files, .errors, .unreadable]')" = '[2,4,2]' ]
	[ -z "$stderr" ]
	verify nowhere.log "$segment"
	[[ ${lines[-1]} == "not checked: 1 error, 0 warnings in 1 file, 24565 bytes, "*"; 1 could not be read" ]]
}

@test "a file of a directory that cannot be read: the others are checked" {
	need_nobody
	open_directory
	cp -r "$log" "$log/../meta.properties" "$public"
	chmod -R a=rX "$public"
	chmod 000 "$public"/*/00000000000000000310.log
	run --separate-stderr as_nobody "$KMETA_BIN/kmeta-verify" -o json "$public"
	[ "$status" -eq 2 ]
	[ "$(jq -r 'select(.code).code' <<<"$output" | paste -sd ' ')" = "cannot-read not-checked" ]
	[ "$(jq -c 'select(.summary).summary | [.files, .firstOffset, .lastOffset]' <<<"$output")" = '[5,0,1173]' ]
	[ "$(jq -r 'select(.code == "cannot-read") | .file + ": " + .message' <<<"$output")" = \
		"$public/__cluster_metadata-0/00000000000000000310.log: cannot open: Permission denied" ]
}

# The files of a node that are checked, by their paths in its log directory.
checked_files() {
	local m=__cluster_metadata-0

	printf '%s\n' $m/00000000000000000310.{log,index,timeindex} $m/quorum-state \
		$m/leader-epoch-checkpoint $m/partition.metadata meta.properties \
		$m/00000000000000000580-0000000002.checkpoint
}

# is_unread FILE: the last report says that this file was not looked at, and nothing false of it
is_unread() {
	[ "$status" -eq 2 ] &&
		[ -z "$stderr" ] &&
		[ "$(jq -r --arg f "/${1##*/}" 'select(.severity == "error") | .code, (.file | endswith($f))' \
			<<<"$output" | paste -sd ' ')" = "cannot-read true" ] &&
		[ "$(jq 'select(.summary).summary.unreadable' <<<"$output")" -eq 1 ] && return
	echo "$1: $status $output" >&2
	return 1
}

@test "a file without rights is not clean, whatever file it is" {
	need_nobody
	open_directory
	cp -r "$log/.." "$public/node"
	chmod -R a=rX "$public"
	for file in $(checked_files); do
		chmod 000 "$public/node/$file"
		run --separate-stderr as_nobody "$KMETA_BIN/kmeta-verify" -o json "$public/node"
		is_unread "$file"
		chmod 444 "$public/node/$file"
	done
}

@test "a file that the disk cannot read is not clean, whatever file it is" {
	need_strace
	cp -r "$log/.." node
	for file in $(checked_files); do
		for calls in openat read,pread64; do
			run --separate-stderr strace -qq -f -o /dev/null \
				-P "$PWD/node/$file" -P "$PWD/node/__cluster_metadata-0/../$file" -e "trace=$calls" \
				-e "inject=$calls:error=EIO" "$KMETA_BIN/kmeta-verify" -o json "$PWD/node"
			stderr=$(grep -v '^strace: Requested path' <<<"$stderr" || true)
			is_unread "$file"
		done
	done
}

@test "what is no regular file is not clean, not missing, and never waited for" {
	for file in $(checked_files); do
		for kind in fifo directory link socket loop; do
			rm -rf node
			cp -r "$log/.." node
			rm "node/$file"
			case $kind in
			fifo) mkfifo "node/$file" ;;
			directory) mkdir "node/$file" ;;
			link) ln -s nowhere "node/$file" ;;
			loop) ln -s "${file##*/}" "node/$file" ;;
			socket) python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "node/$file" ;;
			esac
			run --separate-stderr timeout 20 "$KMETA_BIN/kmeta-verify" -o json node
			is_unread "$file"
		done
	done
	rm -rf node
	cp -r "$log/.." node
	rm "node/__cluster_metadata-0/00000000000000000310.log"
	mkfifo "node/__cluster_metadata-0/00000000000000000310.log"
	for command in dump image stat "history topics"; do
		# shellcheck disable=SC2086 # words
		set -- $command
		run --separate-stderr timeout 20 "$KMETA_BIN/kmeta-$1" node ${2:+"$2"}
		[ "$status" -eq 2 ]
		[[ $stderr == *"not a regular file but a FIFO"* ]]
	done
	run --separate-stderr timeout 20 "$KMETA_BIN/kmeta-diff" node@start node
	[ "$status" -eq 2 ]
}

@test "a file, and a directory, that may not be read" {
	need_nobody
	open_directory
	cp "$segment" "$public/closed.log"
	mkdir "$public/closed"
	chmod 000 "$public/closed.log" "$public/closed"
	for name in closed.log closed; do
		run --separate-stderr as_nobody "$KMETA_BIN/kmeta-verify" "$public/$name"
		[ "$status" -eq 2 ]
		[[ $output$stderr == *"Permission denied"* ]]
	done
}

@test "a disk that is full" {
	run --separate-stderr bash -c '"$KMETA_BIN/kmeta-verify" "$1" >/dev/full' - "$segment"
	[ "$status" -eq 2 ]
	said "No space left on device"
}

# ---- addresses ----

@test "standard input: a segment, or a checkpoint by its first record" {
	run --separate-stderr "$KMETA_BIN/kmeta-verify" - <"$segment"
	[ "$status" -eq 0 ]
	[[ $output == "clean: 0 errors, 0 warnings in 1 file, 24565 bytes, 46 batches, 310 records, "* ]]
	run --separate-stderr "$KMETA_BIN/kmeta-verify" -o json - <"$faults/bitflip-crc/00000000000000000000.log"
	[ "$status" -eq 1 ]
	[ "$(jq -r 'select(.code) | .file, .code' <<<"$output" | paste -sd ' ')" = \
		"- crc-mismatch - not-checked" ]
	run --separate-stderr "$KMETA_BIN/kmeta-verify" --fail-on=note - <"$checkpoint"
	[ "$status" -eq 0 ]
	[[ $output == "clean: 0 errors, 0 warnings in 1 file, 15024 bytes, 3 batches, 182 records" ]]
	run --separate-stderr "$KMETA_BIN/kmeta-verify" -o json - <"$(echo "$faults/checkpoint-no-footer/"*.checkpoint)"
	[ "$status" -eq 1 ]
	[ "$(jq -r 'select(.code).code' <<<"$output")" = no-footer ]
}

@test "a checkpoint of any name is one" {
	cp "$checkpoint" backup
	ends 0 backup
	[[ ${lines[1]} == *"  odd-name  "*"a checkpoint is called by its end offset"* ]]
	[[ ${lines[-1]} == "clean: "*" 182 records" ]]
}

@test "a pipe is as good as the file" {
	for name in bitflip-crc garbage-at-end trunc-61-into-batch zeros-at-end offset-gap slack-after-records; do
		file=$faults/$name/00000000000000000000.log
		diff <("$KMETA_BIN/kmeta-verify" -o json "$file" | jq -c 'del(.file)') \
			<("$KMETA_BIN/kmeta-verify" -o json - < <(cat "$file") | jq -c 'del(.file)')
	done
}

@test "files that are compressed whole" {
	for tool in gzip zstd lz4; do
		for file in "$segment" "$faults/bitflip-crc/00000000000000000000.log"; do
			$tool -c "$file" >00000000000000000000.log.$tool
			diff <(found "$file") <(found 00000000000000000000.log.$tool | sed 's/ *odd-name//')
			[ "$(summary .records "$file")" = "$(summary .records 00000000000000000000.log.$tool)" ]
		done
	done
}

@test "an empty file, an empty device, an empty checkpoint" {
	ends 0 /dev/null
	ends 0 "$faults/empty/00000000000000000000.log"
	[ "$(found "$faults/checkpoint-empty/"*.checkpoint)" = no-header ]
}

@test "the directory of a log is found among others" {
	node data
	mkdir data/orders-0
	cp "$segment" data/orders-0/00000000000000000099.log
	ends 0 data
	[ "$(summary .files data)" = 6 ]
}

@test "a file that is not of the log at all" {
	ends 1 "$BATS_TEST_DIRNAME/support.bash"
	ends 1 "$log/quorum-state"
}

# ---- text ----

@test "text: a file's name above its findings, and a summary" {
	poke_at=$((24565 - 1))
	cp "$segment" .
	poke 00000000000000000000.log $poke_at
	ends 1 00000000000000000000.log
	[ "${#lines[@]}" -eq 4 ]
	[ "${lines[0]}" = 00000000000000000000.log ]
	[[ ${lines[1]} =~ ^\ \ error\ \ \ \ crc-mismatch\ +byte\ 2[0-9]{4}\ \(offset\ [0-9]+\):\ . ]]
	[[ ${lines[2]} =~ ^\ \ note\ \ \ \ \ not-checked\ +byte\ 2[0-9]{4}\ \(offset\ [0-9]+\):\ replay\ ends\ here ]]
	[[ ${lines[3]} =~ ^damaged:\ 1\ error,\ 0\ warnings\ in\ 1\ file,\ [0-9]+\ bytes,\ 45\ batches,\ .*\;\ [0-9]+\ bytes\ lost, ]]
}

@test "text: what a clean log holds" {
	ends 0 --utc "$log"
	[ "$output" = "clean, Kafka 4.2 to 4.4 start on it: 0 errors, 0 warnings in 6 files, 90600 bytes, 155 batches, 1360 records, offsets \
0..1173, epochs 1..3, 2026-11-24T14:15:21.357Z to 2026-11-24T14:16:06.093Z" ]
}

@test "text: local time" {
	export TZ=Asia/Kolkata
	ends 0 "$log"
	[[ $output == *"2026-11-24T19:45:21.357+05:30 to 2026-11-24T19:46:06.093+05:30" ]]
}

@test "text: colours only on demand" {
	file=$faults/bitflip-crc/00000000000000000000.log
	plain=$("$KMETA_BIN/kmeta-verify" "$file" || true)
	[[ $plain != *$'\e'* ]]
	ends 1 --color=always "$file"
	[[ $output == *$'\e[31m'* ]]
	[ "$(sed 's/\x1b\[[0-9;]*m//g' <<<"$output")" = "$plain" ]
	NO_COLOR=1 ends 1 --color=never "$file"
	[ "$output" = "$plain" ]
}

@test "--progress does not spoil the output" {
	verify --progress=always "$log"
	[ "$status" -eq 0 ]
	[[ $output == clean* ]]
}

@test "--quiet tells only of what sets the status, and of nothing where there is none" {
	ends 0 -q "$log"
	[ -z "$output" ]
	ends 1 --quiet "$faults/zeros-at-end/00000000000000000000.log"
	[[ $output == *"  warning  zero-tail "* ]]
	ends 0 -q --fail-on=error "$faults/zeros-at-end/00000000000000000000.log"
	[ -z "$output" ]
	spoilt_node a
	ends 1 -q a
	run -1 grep -E '^  note|^(damaged|whole|clean):' <<<"$output"
	ends 1 -q --fail-on=error -o json a
	[ "$(jq -r 'select(.code).severity' <<<"$output" | sort -u)" = error ]
	jq -e .summary <<<"${lines[-1]}"
	# What is not told is counted all the same.
	[ "$(summary '.warnings' a)" = "$(summary '.warnings' -q a)" ]
}

# ---- json ----

@test "json: a line a finding, keys in their order, and a summary" {
	spoilt_node a
	ends 1 -o json a
	[ "$(jq -c 'select(.code) | keys_unsorted - ["position", "offset"]' <<<"$output" | sort -u)" = \
		'["severity","code","file","message"]' ]
	jq -es '.[:-1] | length > 0 and all(.[]; (keys_unsorted as $k |
		["severity", "code", "file", "position", "offset", "message"] - (["severity", "code", "file",
		"position", "offset", "message"] - $k) == $k))' <<<"$output"
	jq -es '.[-1] | keys == ["summary"]' <<<"$output"
	jq -es '(.[:-1] | map(.severity)) as $s | .[-1].summary |
		.errors == ($s | map(select(. == "error")) | length) and
		.warnings == ($s | map(select(. == "warning")) | length) and
		.notes == ($s | map(select(. == "note")) | length)' <<<"$output"
}

@test "json: the summary of a clean log" {
	ends 0 -o json "$log"
	[ "$output" = '{"summary":{"files":6,"batches":155,"records":1360,"bytes":90600,"lostBytes":0,"errors":0,"warnings":0,"notes":0,"firstOffset":0,"lastOffset":1173,"firstEpoch":1,"lastEpoch":3,"firstTimestamp":1795529721357,"lastTimestamp":1795529766093,"starts":true,"firstRelease":"4.2","lastRelease":"4.4"}}' ]
	[ "$(summary 'keys_unsorted[-2:]' "$checkpoint")" = '["warnings","notes"]' ]
}

@test "json: text says the same" {
	spoilt_node a
	diff <("$KMETA_BIN/kmeta-verify" -o json a | jq -r 'select(.code) | .severity + " " + .code') \
		<("$KMETA_BIN/kmeta-verify" a | sed -nE 's/^  (error|warning|note) +([a-z-]+) .*/\1 \2/p')
}

# ---- which checks ----

@test "--only makes one class alone, --skip leaves it out" {
	spoilt_node a
	[ "$(found --only=bytes a)" = crc-mismatch ]
	# What hides records from the others is told by all.
	[ "$(found --only=order a)" = "crc-mismatch other-name" ]
	[ "$(found --only=checkpoint a)" = "crc-mismatch no-footer" ]
	[ "$(found --only=directory a)" = "bad-quorum-state crc-mismatch" ]
	[ "$(found --only=records a)" = crc-mismatch ]
	head -c 100 /dev/zero >>a/__cluster_metadata-0/00000000000000001148.log
	for pair in bytes=zero-tail order=other-name checkpoint=no-footer directory=bad-quorum-state; do
		class=${pair%=*} code=${pair#*=}
		# In a segment's name and a checkpoint's: another class has it, too.
		[[ " $(found --skip="$class" a) " != *" $code "* ]] || { echo "$pair" && false; }
		[[ " $(found a) " == *" $code "* ]]
	done
}

@test "--only and --skip take several classes; the last --only counts" {
	spoilt_node a
	[ "$(found --only=bytes,order a)" = "crc-mismatch other-name" ]
	[ "$(found --only=order --only=bytes a)" = crc-mismatch ]
	[ "$(found --only=bytes,order --skip=order a)" = crc-mismatch ]
	poke a/__cluster_metadata-0/00000000000000001148.log 100
	ends 1 a --skip=bytes,order,checkpoint,directory,meaning,nodes
}

@test "nothing is called clean that could not be looked at, whatever was asked for" {
	for class in bytes records order checkpoint directory meaning replay-match nodes; do
		for name in bitflip-crc bitflip-magic trunc-61-into-batch gzip-spoilt; do
			ends 1 --only=$class "$faults/$name/00000000000000000000.log"
			ends 1 --skip=$class "$faults/$name/00000000000000000000.log"
		done
	done
	# A record that cannot be decoded hides nothing from who does not ask what it says.
	broken=$faults/int-cut/00000000000000000000.log
	ends 1 --only=records "$broken"
	ends 1 --only=meaning "$broken"
	[ "$(found --only=meaning "$broken")" = "$(found --only=records "$broken") not-checked" ]
	ends 0 --only=order "$broken"
}

@test "meaning and replay-match" {
	unknown=00000000000000000000.log
	cat "$TESTDATA/generated/image-4.3.1/__cluster_metadata-0/$unknown" \
		"$TESTDATA/faults-dir/remove-unknown-topic/$unknown.tail" >"$unknown"
	[ "$(found --only=meaning "$unknown")" = "open-transaction unknown-topic" ]
	ends 0 --skip=meaning "$unknown"
	node a
	cp "$TESTDATA/faults-dir/checkpoint-differs/__cluster_metadata-0/"*.checkpoint a/__cluster_metadata-0
	[ "$(found a)" = checkpoint-differs ]
	[ "$(found --only=replay-match a)" = checkpoint-differs ]
	ends 0 --skip=replay-match a
	ends 0 --skip=meaning a
}

@test "--checksum-only looks at checksums, and at no record" {
	[ "$(summary '[.batches, .records, .errors]' --checksum-only "$log")" = '[155,0,0]' ]
	for name in bitflip-crc bitflip-payload-0 trunc-61-into-batch bitflip-magic length-is-48 gzip-spoilt; do
		ends 1 --checksum-only "$faults/$name/00000000000000000000.log"
	done
	# Wrong inside, but the checksum is right.
	for name in int-cut record-length-negative value-null; do
		ends 1 "$faults/$name/00000000000000000000.log"
		ends 0 --checksum-only "$faults/$name/00000000000000000000.log"
	done
	node a
	rm a/__cluster_metadata-0/00000000000000000310.log
	[[ $(found --checksum-only a) == offset-gap ]]
}

@test "--max-findings tells of so many in each file, and counts the others" {
	file=$TESTDATA/generated/gen-4.3.1/00000000000000000000.log
	all=$(summary '[.errors, .warnings, .notes]' "$file")
	for most in 1 2 5; do
		ends 1 -o json --max-findings=$most "$file"
		[ "${#lines[@]}" -eq $((most + 1)) ]
		[ "$(summary '[.errors, .warnings, .notes]' --max-findings=$most "$file")" = "$all" ]
		diff <("$KMETA_BIN/kmeta-verify" -o json "$file" | head -n $most) <(head -n $most <<<"$output")
	done
	cp "$file" 00000000000000000000.log
	ends 1 -o json --max-findings=1 "$file" 00000000000000000000.log --skip=nodes
	[ "${#lines[@]}" -eq 3 ]
	more=$(($(jq -s 'map(select(.summary | not)) | length' < <("$KMETA_BIN/kmeta-verify" -o json "$file")) - 1))
	run -1 --separate-stderr "$KMETA_BIN/kmeta-verify" --max-findings=1 "$file"
	[ "$stderr" = "kmeta-verify: $more more are not shown" ]
	run -1 --separate-stderr "$KMETA_BIN/kmeta-verify" -q --max-findings=1 "$file"
	silent
}

@test "--jobs changes nothing" {
	spoilt_node a
	cp -r a b
	poke b/__cluster_metadata-0/00000000000000000730.log 9000
	for options in "" --checksum-only --skip=meaning --max-findings=1 "-o json"; do
		# shellcheck disable=SC2086 # words
		for jobs in 2 3 64; do
			diff <("$KMETA_BIN/kmeta-verify" -j1 $options a b) <("$KMETA_BIN/kmeta-verify" -j$jobs $options a b)
		done
	done
}

@test "--dialect reads by another release's layouts" {
	file=$TESTDATA/generated/gen-2.8.2/00000000000000000000.log
	ends 0 --skip=meaning --dialect=2.8 "$file"
	ends 1 --skip=meaning --dialect=4.3 "$file"
}

@test "secrets are never shown" {
	for options in "" --show-secrets; do
		# shellcheck disable=SC2086 # words
		"$KMETA_BIN/kmeta-verify" $options "$TESTDATA"/generated/gen-4.3.1/*.log >out || true
		run -1 grep -iE 'password=|salt=|storedKey=' out
	done
}

# ---- damage ----

@test "what is lost at the end counts" {
	for pair in trunc-61-into-batch=61 garbage-at-end=777 bitflip-magic=112; do
		[ "$(summary .lostBytes "$faults/${pair%=*}/00000000000000000000.log")" = "${pair#*=}" ]
	done
	head -c 15000 "$checkpoint" >cut.checkpoint
	[ "$(summary .lostBytes cut.checkpoint)" = 51 ]
	size=$(stat -c %s "$BATS_TEST_DIRNAME/support.bash")
	[ "$(summary .lostBytes "$BATS_TEST_DIRNAME/support.bash")" = "$size" ]
	# Zeros at the end hold nothing that could be lost; others do.
	[ "$(summary .lostBytes "$faults/zeros-at-end/00000000000000000000.log")" = 0 ]
	head -c 24565 "$segment" >00000000000000000000.log
	dd if=/dev/zero of=00000000000000000000.log bs=1 seek=95 count=200 conv=notrunc status=none
	[ "$(summary '.lostBytes >= 200' 00000000000000000000.log)" = true ]
}

@test "which offsets are lost: in the middle, at the end of a file, at the end of the log" {
	node a
	in=a/__cluster_metadata-0
	ends 1 "$faults/bitflip-crc/00000000000000000000.log"
	[[ ${lines[1]} == *"; 6647 bytes lost, offsets 38..117" ]]
	[[ ${lines[-1]} == *"; 6647 bytes lost, offsets 38..117" ]]
	ends 1 "$faults/bitflip-magic/00000000000000000000.log"
	[[ ${lines[-1]} == *"; 112 bytes lost, offset 283" ]]
	truncate -s -1 $in/00000000000000001148.log
	ends 1 a
	[[ ${lines[-1]} == *"; 71 bytes lost, offsets from 1173 on" ]]
	[ "$(summary '[.firstLostOffset, .lastLostOffset]' a)" = '[1173,null]' ]
	truncate -s -1 $in/00000000000000000000.log
	ends 1 a
	[[ ${lines[-1]} =~ \;\ [0-9]+\ bytes\ lost\ in\ 2\ places,\ among\ offsets\ from\ 309\ on$ ]]
	cp "$log/00000000000000001148.log" $in
	ends 1 a
	[[ ${lines[-1]} == *" bytes lost, offset 309" ]]
	[ "$(summary '[.firstLostOffset, .lastLostOffset]' a)" = '[309,309]' ]
	{ head -c 292 "$segment"; printf 'between batches'; tail -c +293 "$segment"; } >00000000000000000000.log
	ends 1 00000000000000000000.log
	[[ ${lines[1]} == *"; 15 bytes lost, no offset is missing" ]]
	[[ ${lines[-1]} == *"; 15 bytes lost" ]]
}

@test "where replay ends is said once, and not again" {
	node a
	poke a/__cluster_metadata-0/00000000000000000310.log 380
	poke a/__cluster_metadata-0/00000000000000000730.log 400
	verify -o json a
	jq -es 'map(select(.code == "not-checked")) | length == 3 and (.[0] |
		.message == "replay ends here (crc-mismatch): what follows may build on what is lost" and
		(.file | endswith("310.log")) and .position == 316 and .offset == 316) and (.[1] |
		.message == "replay goes on here, with the state of the checkpoint @580" and
		(.file | endswith("310.log")) and .offset == 580) and (.[2] |
		.message == "replay ends here (crc-mismatch): what follows may build on what is lost" and
		(.file | endswith("730.log")))' <<<"$output"
	# Without replay there is nothing to be said.
	[ "$(found --skip=meaning a)" = crc-mismatch ]
	[ "$(found --only=replay-match a)" = "crc-mismatch not-checked" ]
	# What is lost below the checkpoint that replay begins with is in that.
	mkdir b
	cp a/__cluster_metadata-0/*{310,730,1148}.log a/__cluster_metadata-0/*580-*.checkpoint b
	cp "$log/00000000000000000730.log" b
	[ "$(found b)" = "crc-mismatch not-checked" ]
	[ "$(found --skip=start b)" = crc-mismatch ]
	# A record of a kind that is not known, too, may be what others build on.
	unknown=$faults/unknown-record-type/00000000000000000000.log
	[[ " $(found "$unknown") " == *" not-checked "* ]]
}

@test "a checkpoint that replay needs, and cannot have" {
	mkdir b
	cp "$log"/*{310,730,1148}.log "$log"/*580-*.checkpoint b
	ends 0 --fail-on=note --skip=start b
	poke b/*.checkpoint 400
	ends 1 b
	[[ $output == *"  not-checked         replay: it tells the state at @580, and cannot be used: "* ]]
}

@test "numbers go with what they count" {
	head -c 316 "$log/00000000000000000310.log" | tail -c 72 >00000000000000000315.log
	ends 0 00000000000000000315.log
	[[ $output == *"clean: 0 errors, 0 warnings in 1 file, 72 bytes, 1 batch, 1 record, "* ]]
	printf '\0' >>00000000000000000315.log
	ends 1 00000000000000000315.log
	[[ $output == *"): the file ends 1 byte into a batch header, all zeros; 1 byte lost, "* ]]
	head -c 60 /dev/zero >>00000000000000000315.log
	ends 1 00000000000000000315.log
	[[ $output == *"): 61 zero bytes up to the end"*"whole: 0 errors, 1 warning in"* ]]
	printf '\0' >0.log
	ends 1 0.log
	head -c 300 /dev/zero >0.log
	ends 1 0.log
	[[ $output == *"byte 0: the file is 300 zero bytes and nothing else"* ]]
	node a
	touch a/__cluster_metadata-0/00000000000000000000.log.deleted
	ends 0 a
	[[ $output == *"  1 file of an interrupted write"* ]]
}

# ---- order and epochs ----

@test "findings stand in the order of files, those of indexes behind their segment's" {
	spoilt_node a
	in=a/__cluster_metadata-0
	cp "$TESTDATA/faults-dir/checkpoint-differs/__cluster_metadata-0/"*.checkpoint $in
	cp "$log/00000000000000000310.log" $in
	rm $in/00000000000000000311.log
	cp "$log/00000000000000001148.log" $in
	truncate -s -1 $in/00000000000000000000.log
	printf '\0\0\0\1\0\0\0\1' >$in/00000000000000000000.index
	printf '\0\0\0\0\0\0\0\1\177\0\0\0' >$in/00000000000000000000.timeindex
	poke $in/00000000000000000730.log 400
	"$KMETA_BIN/kmeta-verify" -o json --only=bytes,directory a |
		jq -r 'select(.code) | .file / "/" | .[-1]' | uniq >files
	[ "$(paste -sd ' ' files)" = "00000000000000000000.log 00000000000000000000.index 00000000000000000730.log quorum-state" ]
	# Held against the log while that is read, and told with the other checkpoints.
	node b
	cp "$TESTDATA/faults-dir/checkpoint-differs/__cluster_metadata-0/"*.checkpoint b/__cluster_metadata-0
	poke b/__cluster_metadata-0/00000000000000001148.log 100
	[ "$("$KMETA_BIN/kmeta-verify" -o json b | jq -r 'select(.code).code' | paste -sd ' ')" = \
		"crc-mismatch not-checked$(printf ' checkpoint-differs%.0s' {1..11})" ]
}

@test "an entity that differs is called by what it is" {
	node a
	cp "$TESTDATA/faults-dir/checkpoint-differs/__cluster_metadata-0/"*.checkpoint a/__cluster_metadata-0
	verify a
	[[ $output == *": 10 entities differ from the state that the log makes at @580, shown by: kmeta-diff "* ]]
	[[ $output == *": topics/after-change-0/3: only in the log"* ]]
	[[ $output == *": topics/aqter-change-0: only in the checkpoint"* ]]
	# The command is there to be copied.
	command=${output#*shown by: kmeta-diff }
	# shellcheck disable=SC2086 # words
	[ "$("$KMETA_BIN/kmeta-diff" ${command%%$'\n'*} | wc -l)" -eq 10 ]
	# Behind ten of them the others are counted.
	cp "$checkpoint" a/__cluster_metadata-0/00000000000000001148-0000000003.checkpoint
	verify a
	[ "$(grep -c 'offset 1148): .*: only in the log' <<<"$output")" -le 10 ]
}

@test "replay goes on from a checkpoint behind lost records" {
	node a
	rm a/__cluster_metadata-0/00000000000000000310.log
	ends 1 a
	[[ $output == *"not-checked "*"replay ends here: records are missing"* ]]
	# Between the lost records and a checkpoint, none may be missing.
	[[ $output != *"replay goes on"* ]]
	cp "$checkpoint" a/__cluster_metadata-0/00000000000000000740-0000000002.checkpoint
	verify -o json a
	jq -es 'map(select(.code == "not-checked").message) == ["replay ends here: records are missing, on which what follows may build",
		"replay goes on here, with the state of the checkpoint @740"]' <<<"$output"
}

@test "leader-epoch-checkpoint has every epoch up to the last batch's" {
	node a
	in=a/__cluster_metadata-0/leader-epoch-checkpoint
	last=$(tail -n 1 $in)
	{ echo 0; echo 2; sed -n '3,4p' $in; } >new
	cp new $in
	ends 1 a
	[[ $output == *"  other-epochs        byte 0: it ends with epoch 2, but a batch at offset ${last#* } has 3"* ]]
	# Kafka makes the file empty, before there is a batch.
	for content in '' '0\n0\n'; do
		# shellcheck disable=SC2059 # is the format
		printf "$content" >$in
		ends 1 a
		[[ $output == *"  other-epochs        byte 0: it is empty, but a batch at offset ${last#* } has epoch 3"* ]]
	done
	mkdir new-node
	touch new-node/00000000000000000000.log new-node/leader-epoch-checkpoint
	ends 0 --fail-on=note --skip=start new-node
	# An epoch that has no batch yet stands there before its first one.
	{ echo 0; echo 4; sed -n '3,$p' "$log/leader-epoch-checkpoint"; echo 4 1174; } >$in
	ends 0 a
}

@test "leader-epoch-checkpoint of a log that was cut begins at a checkpoint" {
	node a
	in=a/__cluster_metadata-0
	rm $in/*{000,310}.log $in/*0-0000000000.checkpoint
	cp "$log"/00000000000000000310.log $in
	printf '0\n2\n2 580\n3 833\n' >$in/leader-epoch-checkpoint
	ends 0 --fail-on=note a
	printf '0\n2\n2 581\n3 833\n' >$in/leader-epoch-checkpoint
	ends 1 a
	[[ $output == *"epoch 2 begins at offset 581, but its first batch is at 317"* ]]
	# A newer one, if the node deletes the oldest while this is read.
	cp $in/*580-*.checkpoint $in/00000000000000000570-0000000002.checkpoint
	printf '0\n2\n2 580\n3 833\n' >$in/leader-epoch-checkpoint
	ends 0 --only=directory a
}

# ---- nodes ----

@test "nodes that agree, one of them behind" {
	ends 0 "$quorum"/node-1 "$quorum"/node-2 "$quorum"/node-3 "$quorum"/node-11 "$quorum"/node-12
	[[ ${lines[-1]} == "clean, Kafka 4.2 to 4.4 start on it: "* ]]
	[ "$(summary '[.files, .firstOffset, .lastOffset]' "$quorum"/node-1 "$quorum"/node-2)" = '[11,0,1173]' ]
}

@test "nodes that differ: the first batch, and what they have in common" {
	node a
	node b
	cp "$TESTDATA/faults-dir/nodes-differ/b/__cluster_metadata-0/"*.log b/__cluster_metadata-0
	ends 1 a b
	[[ $output == *"b/__cluster_metadata-0/00000000000000000310.log"* ]]
	[[ $output == *"  error    nodes-differ        byte 316 (offset 316): differs from a/__cluster_metadata-0/"* ]]
	[[ $output == *"in common up to offset 315, epoch 1"* ]]
	# The batch that differs does so by a time that no Kafka writes.
	[ "$(found a b)" = "bad-time nodes-differ same-directory" ]
	[ "$(found b a)" = "bad-time nodes-differ same-directory" ]
	[ "$(found --only=nodes a b)" = "nodes-differ same-directory" ]
	[ "$(found --checksum-only a b)" = "nodes-differ same-directory" ]
	ends 0 a a
	ends 1 b b
	[ "$(found b b)" = bad-time ]
	# One difference is reported once, and the order of the nodes does not matter.
	[ "$(summary .errors a b b)" = 1 ]
	[ "$(summary .errors a a b)" = 1 ]
	[ "$(summary .errors b a b)" = 1 ]
	[ "$("$KMETA_BIN/kmeta-verify" a b)" = "$("$KMETA_BIN/kmeta-verify" b a)" ]
}

@test "nodes: two of one id, of two clusters, of another directory than the voter's" {
	for name in a b c; do
		cp -r "$quorum/node-2" $name
		chmod -R u+w $name
	done
	ends 0 a b
	[[ $output == *"b/meta.properties"*"  note     same-directory "*"one is a copy of the other"* ]]
	sed -i 's/^directory.id=.*/directory.id=Aa1Aa1Aa1Aa1Aa1Aa1Aa1A/' b/meta.properties
	ends 1 a b
	[[ $output == *"  warning  same-node-id  "*"node.id is 2, as in a/"* ]]
	# By itself, it is the directory that is not the voter's.
	ends 1 b
	[[ $output == *"  warning  other-directory-id  voter 2 of the quorum has directory Bb2Bb2Bb2Bb2Bb2Bb2Bb2A, but directory.id is Aa1Aa1Aa1Aa1Aa1Aa1Aa1A"* ]]
	sed -i '/^directory.id=/d' b/meta.properties
	ends 0 b
	[ "$(found a b)" = same-node-id ]
	# The one that most nodes do not agree with is named, wherever it stands.
	sed -i 's/^cluster.id=.*/cluster.id=other/' b/meta.properties
	for order in "a b c" "b a c" "c a b"; do
		# shellcheck disable=SC2086 # words
		ends 1 --only=nodes $order
		[ "$(grep -c " other-cluster " <<<"$output")" -eq 1 ]
		[[ $output == *"b/meta.properties"*"cluster.id is other, but the other nodes have a1B2c3D4e5F6g7H8i9J0kQ"* ]]
	done
	# Without meta.properties, nothing is known.
	rm b/meta.properties
	ends 0 --only=nodes a b
}

@test "nodes with one log and two states" {
	node a
	node b
	python3 "$project/tests/cmd/reseal.py" b/__cluster_metadata-0/00000000000000000580-0000000002.checkpoint \
		'retention.ms\x081234567' 'retention.ms\x081234568'
	ends 1 --only=nodes a b
	[[ $output == *"  warning  states-differ  "*"(offset 1174): configs/broker/(default)/log.retention.ms: not the same as at a"* ]]
	[[ $output == *" shown by: kmeta-diff a@1174 b@1174"* ]]
	run -1 "$KMETA_BIN/kmeta-diff" a@1174 b@1174
	[ -n "$output" ]
	# At the last offset that both have the checkpoint is not reached.
	[ "$(found --only=nodes a@500 b)" = same-directory ]
	# A node whose log differs has another state, which is not said again.
	poke b/__cluster_metadata-0/00000000000000000000.log 12
	[ "$(found --only=nodes a b)" = "nodes-differ same-directory" ]
}

@test "--skip=nodes takes several logs for what they are" {
	other=$TESTDATA/real/kraft-3.0/node-1
	[ "$(found "$log" "$other")" = "nodes-differ same-node-id" ]
	ends 0 --skip=nodes "$log" "$other"
}

@test "the segments of one log are no nodes that differ" {
	ends 0 "$log"/*.log
}

@test "nodes with nothing in common: not told as alike" {
	mkdir early late
	cp "$log/00000000000000000000.log" early
	cp "$log/00000000000000000730.log" late
	ends 0 --only=nodes early late
	[ "${lines[0]}" = late ]
	[[ ${lines[1]} == "  note     not-checked         not compared with early: they have no offset in common" ]]
	ends 1 --only=nodes --fail-on=note early late
	# Other clusters differ at their first batch.
	ends 1 --only=nodes "$log" "$TESTDATA/real/kraft-3.0/node-1"
	[[ $output == *"  nodes-differ        byte 0 (offset 0): differs from $TESTDATA/real/kraft-3.0/"*" byte 0; nothing in common"* ]]
}

@test "nodes that cannot be compared: said, and the others are" {
	ends 0 --only=nodes - "$quorum/node-1" "$quorum/node-2" <"$segment"
	[ "$(grep -c not-checked <<<"$output")" -eq 1 ]
	[[ ${lines[1]} == *"not compared with the others: standard input can be read only once" ]]
	mkdir new
	cp "$checkpoint" new
	ends 0 --only=nodes "$quorum/node-1" new "$quorum/node-2"
	[ "$(grep not-checked <<<"$output")" = "  note     not-checked         not compared with the others: it holds no segment" ]
	ends 0 --only=nodes --fail-on=note new
	node b
	poke b/__cluster_metadata-0/00000000000000000730.log 12
	verify -o json --only=nodes nowhere "$log" b
	[ "$status" -eq 2 ]
	[ "$(jq -r 'select(.code).code' <<<"$output" | paste -sd ' ')" = "cannot-read same-directory nodes-differ" ]
}

@test "nodes: offsets and epochs are compared, which no checksum covers" {
	node a
	in=__cluster_metadata-0/00000000000000000310.log
	size=$((16#$(od -An -tx1 -j8 -N4 "a/$in" | tr -d ' ') + 12))
	# Of the second batch: the base offset up, down; the epoch.
	for at in 3 7 15; do
		rm -rf b
		cp -r a b
		poke "b/$in" $((size + at))
		ends 1 --only=nodes a b
		[[ $output == *"  nodes-differ        byte $size (offset "*"in common up to offset "* ]] ||
			{ echo "$at: $output" && false; }
		ends 1 --only=nodes b a
	done
}

# ---- a directory in use ----

# grow DIRECTORY: begins to write the log to it, as a node would; $follower
grow() {
	mkdir -p "$1"
	cp "$log/../meta.properties" "$1/.."
	python3 -B "$BATS_TEST_DIRNAME/grow_log.py" "$log" "$1" &
	follower=$!
	eventually test -s "$1/00000000000000000000.log"
}

# watched ARGUMENT...: as long as the log grows it is whole; says how often that was found
watched() {
	local times=0
	while kill -0 "$follower" 2>/dev/null; do
		verify -q "$@"
		if [ "$status" -ne 0 ] || [ -n "$output$stderr" ]; then
			"$KMETA_BIN/kmeta-verify" -q "$@" >again 2>&1 || true
			echo "after $times: status $status: $output $stderr; again: $(cat again)"
			return 1
		fi
		times=$((times + 1))
	done
	wait "$follower"
	follower=
	[ $times -ge 3 ]
}

@test "while the log is written, rolls, and loses its old segments" {
	grow live/__cluster_metadata-0
	watched live
	ends 0 --fail-on=note live
	[ "$(summary '[.files, .firstOffset, .lastOffset]' live)" = '[4,310,1173]' ]
}

@test "the same quickly, several files at once, and node against node" {
	grow live/__cluster_metadata-0
	watched --checksum-only -j2 "$log" live
	[ "$(summary '[.files, .firstOffset, .lastOffset]' --checksum-only live)" = '[4,310,1173]' ]
}

# verify_slowly [OPTION...]: verifies the current directory in the background, and returns when it is
# about to open the first segment, for which it takes a second; $follower is its process
verify_slowly() {
	need_strace
	strace -qq -f -o ../trace -P "$PWD/00000000000000000000.log" -e trace=openat \
		-e inject=openat:delay_enter=1000000 \
		"$KMETA_BIN/kmeta-verify" -o json "$@" "$PWD" >../out 2>../err &
	follower=$!
	for i in {1..500}; do
		! grep -q openat ../trace 2>/dev/null || return 0
		sleep 0.01
	done
	return 1
}

@test "a directory in which files go away meanwhile is read again" {
	node a
	cd a/__cluster_metadata-0
	rm leader-epoch-checkpoint
	verify_slowly --fail-on=warning
	# It is about to open the first segment when that and more of what it has listed goes away.
	for file in 00000000000000000000.log *0-0000000000.checkpoint; do
		mv "$file" "$file.deleted"
	done
	wait "$follower"
	[ ! -s ../err ]
	[ "$(jq -c 'select(.summary).summary | [.files, .firstOffset, .lastOffset]' ../out)" = '[4,310,1173]' ]
	[ "$(jq -r 'select(.code).code' ../out)" = leftover ]
}

@test "a checkpoint of a segment that was begun meanwhile is not ahead of the log" {
	node a
	cd a/__cluster_metadata-0
	rm leader-epoch-checkpoint
	mkdir ../later
	mv *{310,730,1148}.log ../later
	[ "$(found --only=directory .)" = "log-behind log-was-longer past-log" ]
	verify_slowly --only=directory
	mv ../later/*310.log .
	wait "$follower"
	[ "$(jq -c '.summary | [.files, .lastOffset, .warnings]' ../out)" = '[3,309,0]' ]
}

@test "a batch that stays cut off is no batch that is being written" {
	node a
	truncate -s -1 a/__cluster_metadata-0/00000000000000001148.log
	ends 1 a
	[[ ${lines[1]} == "  error    truncated  "* ]]
	# Only the newest segment is written to.
	node b
	truncate -s -1 b/__cluster_metadata-0/00000000000000000730.log
	(for i in {1..40}; do printf '\0' >>b/__cluster_metadata-0/00000000000000001148.log && sleep 0.01; done) &
	[[ " $(found b) " == *" truncated "* ]]
	wait
}

# ---- what it leaves alone ----

# listing DIRECTORY: all that could change in it, but when it was read
listing() {
	find "$1" -printf '%p %y %m %u %g %s %i %n %T@ %C@\n' | LC_ALL=C sort
	find "$1" -type f -exec sha256sum {} + | LC_ALL=C sort
}

@test "nothing is written: not in a directory that is read-only, nor in one that is not" {
	spoilt_node a
	node b
	gzip b/__cluster_metadata-0/00000000000000000730.log
	touch b/__cluster_metadata-0/00000000000000000000.log.deleted
	chmod -R a-w a
	listing . >../before
	for options in "" --checksum-only "-j2 --skip=meaning" "-o json" --only=directory; do
		# shellcheck disable=SC2086 # words
		"$KMETA_BIN/kmeta-verify" $options a b a/__cluster_metadata-0/*.log >/dev/null || true
	done
	listing . | diff ../before -
	chmod -R u+w a
}

@test "no file is opened for writing, created or locked" {
	need_strace
	! is_counted || skip "this build writes what it counts"
	strace -f -qq -e trace=file,desc -o trace "$KMETA_BIN/kmeta-verify" "$log" >/dev/null || skip "cannot trace here"
	run -1 grep -E 'O_WRONLY|O_RDWR|O_CREAT|flock|F_SETLK|^[0-9]+ +(unlink|rename|mkdir|chmod|utime|truncate)' trace
}

@test "a directory that another user owns will do" {
	need_nobody
	open_directory
	cp -r "$log" "$log/../meta.properties" "$public"
	chmod -R a=rX "$public"
	run --separate-stderr as_nobody "$KMETA_BIN/kmeta-verify" "$public"
	[ "$status" -eq 0 ]
	silent
}

# ---- every bit ----

# unfound FILE BATCHES [NAME=BESIDE...]: which flipped bits are not found
unfound() {
	mkdir flipped
	(cd flipped && python3 -B "$BATS_TEST_DIRNAME/flip_bits.py" "$@")
	rm -r flipped
}

@test "every bit of a segment that flips is found, but in the epoch of the first and last batch" {
	# Checksums do not cover the epoch: lowered at the beginning or raised at the end it may be true.
	run unfound "$segment" 3
	[ "$output" = "0 partitionLeaderEpoch down
2 partitionLeaderEpoch up
12136" ]
}

@test "there, the files beside the segment tell" {
	printf '0\n1\n1 0\n' >epochs
	echo '{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}' >state
	run unfound "$segment" 3 leader-epoch-checkpoint="$PWD/epochs" quorum-state="$PWD/state"
	[ "$output" = 96 ]
}

@test "every bit of a checkpoint that flips is found" {
	run unfound "$log/00000000000000000000-0000000000.checkpoint" 9
	[ "$output" = 2752 ]
}

@test "a log that begins late is not replayed from nothing" {
	verify -o json --skip=directory - <"$log/00000000000000000730.log"
	[ "$status" -eq 0 ]
	[[ $output == *'"code":"not-checked"'* ]]
	cp "$log/00000000000000000730.log" odd.log
	verify -q odd.log
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "behind missing records the state is not guessed at" {
	mkdir gap
	cp "$log"/*.log gap/
	rm -f gap/*310.log
	verify -o json gap
	[ "$status" -eq 1 ]
	[ "$(jq -r 'select(.severity == "error").code' <<<"$output")" = offset-gap ]
}

@test "two checkpoints are no two nodes" {
	verify "$log"/*.checkpoint
	[ "$status" -eq 0 ]
}

@test "findings that are not told count for the status" {
	verify --max-findings=1 "$TESTDATA/generated/gen-4.3.1/00000000000000000000.log"
	[ "$status" -eq 1 ]
}

@test "--checksum-only goes with no choice of checks" {
	for option in --only=meaning --skip=bytes; do
		verify --checksum-only $option "$segment"
		[ "$status" -eq 2 ]
		said "neither --only nor --skip goes with it"
	done
}

@test "what could not be read is said once, with its name, and nothing is called clean" {
	verify nowhere.log
	[ "$status" -eq 2 ]
	[ "$output" = "nowhere.log
  error    cannot-read         cannot open: No such file or directory
not checked: 1 error, 0 warnings in 0 files, 0 bytes, 0 batches; 1 could not be read" ]
	[ -z "$stderr" ]
	mkdir empty
	verify empty
	[ "$status" -eq 2 ]
	[ "$(grep -c "neither a metadata directory nor a log directory" <<<"$output")" -eq 1 ]
	[ -z "$stderr" ]
	[ "${lines[-1]}" = "not checked: 1 error, 0 warnings in 0 files, 0 bytes, 0 batches; 1 could not be read" ]
}

@test "bootstrap.checkpoint beside meta.properties is a checkpoint like others" {
	cp -r "${log%/*}" node
	verify node
	[ "$status" -eq 0 ]
	bootstrap=node/bootstrap.checkpoint
	cp "$bootstrap" sound
	for fault in 'head -c 400 /dev/zero' 'head -c -20 sound' 'tail -c +62 sound' ':'; do
		eval "$fault" >"$bootstrap"
		for address in node node/__cluster_metadata-0; do
			verify "$address"
			[ "$status" -eq 1 ]
			[[ $output == *"bootstrap.checkpoint"* ]]
		done
	done
	# A level that no release knows, and none at all.
	cp sound "$bootstrap"
	"$BATS_TEST_DIRNAME/reseal.py" "$bootstrap" 'metadata.version\x00\x1b' 'metadata.version\x03\xe7'
	verify node
	[ "$status" -eq 1 ]
	[[ $output == *"bad-value"*"no release is known that starts on its metadata.version 999"* ]]
	cp sound "$bootstrap"
	"$BATS_TEST_DIRNAME/reseal.py" "$bootstrap" metadata.version metadata.versiom
	verify node
	[ "$status" -eq 1 ]
	[[ $output == *"it holds no metadata.version"* ]]
	# What cannot be looked at is not clean; a point in the log asks for the log alone.
	rm "$bootstrap"
	mkfifo "$bootstrap"
	verify node
	[ "$status" -eq 2 ]
	verify node@500
	[ "$status" -eq 0 ]
}

@test "headers of batches, and leaders, that no Kafka writes" {
	reseal() {
		python3 "$BATS_TEST_DIRNAME/reseal.py" "$@"
	}
	cp "$segment" 00000000000000000000.log
	# The producer id, epoch and sequence of all batches; then a leader that is no voter.
	reseal 00000000000000000000.log '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' '\xff\xff\xff\xff\xff\xff\xff\x05\xff\xff\xff\xff\xff\xff'
	verify 00000000000000000000.log
	[[ $output == *"bad-attributes"*"producer id -251, producer epoch -1, base sequence -1: Kafka writes -1 here"* ]]
	cp "$segment" 00000000000000000000.log
	reseal 00000000000000000000.log '\x00\x00\x00\x00\x02\x04\x00\x00\x00\x01' '\x00\x00\x00\x00\x63\x04\x00\x00\x00\x01'
	verify 00000000000000000000.log
	[[ $output == *"odd-value"*"LEADER_CHANGE: leader 99 is none of its voters"* ]]
}

@test "producer snapshots: their checksum, and what their names say of the end" {
	node a
	in=a/__cluster_metadata-0
	: >$in/00000000000000000310.snapshot
	ends 1 a
	[[ $output == *"00000000000000000310.snapshot"*"  warning  bad-producer-state  byte 0: it is cut off"* ]]
	for fault in '\0\2 its version is not 1' '\0\1\0 its checksum is wrong'; do
		cp "$log/00000000000000000310.snapshot" $in
		printf '%b' "${fault%% *}" | dd of=$in/00000000000000000310.snapshot conv=notrunc status=none
		ends 1 a
		[[ $output == *"  bad-producer-state  byte 0: ${fault#* }"* ]]
	done
	printf '\0\1\xfa\xf3\x97\x01\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' \
		>$in/00000000000000000310.snapshot
	[ "$(found a)" = bad-producer-state ]
	cp "$log/00000000000000000310.snapshot" $in
	ends 0 a
	# The last segment is gone, and files beside it are not.
	rm $in/00000000000000001148.log
	ends 1 a
	[[ $output == *"1148.index"*"  error    past-log  "*"(offset 1148): its segment is gone"* ]]
	[[ $output == *"1174.snapshot"*"  note     log-was-longer      (offset 1174): the log went on to offset 1174, but ends at 1148"* ]]
	# Up to a point, nothing is said of what lies behind.
	ends 0 a@1000
	rm $in/00000000000000001148.*
	ends 0 a
	[ "$(found a)" = log-was-longer ]
}

@test "quorum-state: leader and vote are voters, and the leader is the log's" {
	state=__cluster_metadata-0/quorum-state
	cp -r "$quorum/node-2" a
	chmod -R u+w a
	for fault in leaderId:99 votedId:99 votedId:1 leaderId:2; do
		sed -E "s/\"${fault%:*}\":-?[0-9]+/\"${fault%:*}\":${fault#*:}/" "$quorum/node-2/$state" >a/$state
		ends 1 a
		[[ $output == *"  warning  odd-value  "*"${fault%:*} ${fault#*:} is no voter"* ||
			$output == *"  warning  odd-value  "*"the leader of epoch 3 is 2, but in the log 3"* ]] ||
			{ echo "$fault: $output" && false; }
	done
	# Of a later epoch, this log does not know the voters.
	echo '{"leaderId":9,"leaderEpoch":4,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}' >a/$state
	ends 0 a
	echo '{"clusterId":"","leaderId":9,"leaderEpoch":4,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}' >a/$state
	[ "$(found a)" = odd-value ]
}

# altered FILE OLD NEW: a copy of the node in which bytes of one file are others, checksums right
altered() {
	rm -rf a
	node a
	python3 "$project/tests/cmd/reseal.py" "a/__cluster_metadata-0/$1" "$2" "$3"
}

@test "control records against those before them" {
	first=00000000000000000000.log
	altered 00000000000000000580-0000000002.checkpoint '\0\0\0\1\1\xad\x40\x6b' '\0\0\0\x09\1\xad\x40\x6b'
	ends 1 a
	[[ $output == *"  error    checkpoint-differs  "*"voters/9: only in the checkpoint"* ]]
	altered 00000000000000000580-0000000002.checkpoint '\0\0\0\5\x0a\0\0\0\1' '\0\0\0\5\x0a\0\0\0\0'
	ends 1 a
	[[ $output == *"kraft.version is 0 in the checkpoint, but 1 in the log"* ]]
	# Of another directory than in the checkpoint at offset 0, and twice.
	altered $first '\0\0\0\1\1\xad\x40\x6b\x50' '\0\0\0\1\1\xad\x40\x6b\x51'
	ends 1 a
	[[ $output == *"(offset 2): KRAFT_VOTERS: the checkpoint at offset 0, from which these voters come, has no voter 1 with this directory"* ]]
	altered $first '\0\0\0\1\1\xad\x40\x6b' '\0\0\0\2\1\xad\x40\x6b'
	ends 1 a
	[[ $output == *"(offset 2): KRAFT_VOTERS: a voter is named twice"* ]]
	altered $first '\0\0\0\5\x0a\0\0\0\1' '\0\0\0\5\x0a\0\0\0\2'
	ends 1 a
	[[ $output == *"  error    bad-value           "*"(offset 1): KRAFT_VERSION: no release knows kraft.version 2"* ]]
	altered $first '\0\0\0\5\x0a\0\0\0\1' '\0\0\0\5\x0a\0\0\0\0'
	ends 1 a
	[[ $output == *"(offset 1): KRAFT_VERSION: kraft.version goes back from 1 to 0"* ]]
	[[ $output == *"(offset 2): KRAFT_VOTERS: kraft.version 0 has none"* ]]
	# The time of a header, and the epoch of a name.
	time=$("$KMETA_BIN/kmeta-dump" -o json --limit=1 "$checkpoint" | jq .data.lastContainedLogTimestamp)
	bytes=$(printf '%016x' "$time" | sed 's/../\\x&/g')
	altered 00000000000000000580-0000000002.checkpoint "\\0\\0$bytes" "\\0\\0${bytes%??}01"
	ends 1 a
	[[ $output == *"  warning  bad-time  "*"the header says that the last batch is of "*", but it is of $time"* ]]
	rm -r a
	node a
	cp "$log/00000000000000000580-0000000002.checkpoint" a/__cluster_metadata-0/00000000000000000580-0000000001.checkpoint
	rm a/__cluster_metadata-0/00000000000000000580-0000000002.checkpoint
	[[ " $(found a) " == *" other-name "* ]]
}

@test "values that no Kafka writes" {
	while IFS='|' read -r old new said; do
		altered 00000000000000000000.log "$old" "$new" || { echo "$old" && false; }
		verify a
		[ "$status" -eq 1 ]
		[[ $output == *"  warning  odd-value  "*"$said"* ]] || { echo "$old: $output" && false; }
	done <<-'EOF'
		metadata.version\x00|metadata.versiom\x00|FEATURE_LEVEL_RECORD: name should be a feature that a release has
		group.version\x00\x01|group.version\x00\x03|no release is known that has group.version 3
		\x07orders|\x07or ers|TOPIC_RECORD: name should be a name that Kafka takes
		User:|Usur:|principal should be TYPE:NAME
		10.1.2.3|10.1,2.3|CLIENT_QUOTA_RECORD: 10.1,2.3 is no address
		request_percentage|request_percentege|CLIENT_QUOTA_RECORD: key should be a quota that Kafka has
		retention.ms|retention.mr|CONFIG_RECORD: retention.mr is no setting of Kafka, but retention.ms is
	EOF
	# A log that a test made up holds anything, and is left alone.
	ends 0 --fail-on=error "$TESTDATA/generated/image-4.3.1/__cluster_metadata-0"
}

@test "whether Kafka starts, and which releases" {
	cp -r "$quorum/node-2" a
	chmod -R u+w a
	rm -rf a/expected-images
	ends 0 --fail-on=note a
	[[ $output == "clean, Kafka 4.2 to 4.4 start on it: "* ]]
	ends 0 --release 4.2.1 a
	[[ $output == "clean, Kafka 4.2.1 starts on it: "* ]]
	ends 1 --release 3.9 a
	[[ $output == *"  error    wrong-release       Kafka 3.9: No MetadataVersion with feature level 29. Valid feature levels are from 1 to 23."* ]]
	[[ ${lines[-1]} == "damaged, and Kafka 3.9 does not start on it: "* ]]
	refused "--release: no release '9.9' is known that could start" --release 9.9 a
	ends 0 "$TESTDATA/real/kraft-3.0/node-1"
	[[ ${lines[-1]} == "clean, Kafka 3.3 to 3.9 start on it: "* ]]
	# A folder that is no partition, which a broker does not like.
	mkdir a/lost+found a/orders-0 a/orders.dotted-11 a/orders-0.0123456789abcdef0123456789abcdef-delete
	ends 0 a
	[ "$(grep -c stray-folder <<<"$output")" -eq 1 ]
	[[ $output == *"'lost+found'"* ]]
	# Where meta.properties belongs it has to be.
	mv a/meta.properties kept
	ends 1 a
	[[ $output == *"  error    no-properties "*"No readable meta.properties files found."* ]]
	[[ ${lines[-1]} == "damaged, and no Kafka starts on it: "* ]]
	ends 0 a/__cluster_metadata-0
	[[ $output == *"  note     not-checked         start: meta.properties is not here"* ]]
	mv kept a/meta.properties
	# Damage is cut without a word.
	poke a/__cluster_metadata-0/00000000000000001148.log 100
	ends 1 a
	[[ ${lines[-1]} == "damaged, and Kafka cuts the log at offset 1148 when it starts, without a word: copy it first: "* ]]
	[ "$(summary .starts a)" = null ]
}

@test "what Kafka reads at its start, and what it does not" {
	node a
	in=a/__cluster_metadata-0
	# A fault before the newest checkpoint is passed over; one behind it is not.
	python3 "$project/tests/cmd/reseal.py" $in/00000000000000000000.log 'metadata.version\x00\x1b' 'metadata.version\x00\x63'
	ends 1 a
	[[ ${lines[-1]} == "whole, Kafka 4.2 to 4.4 start on it: "* ]]
	rm -r a
	node a
	# The newest checkpoint is loaded, whole or not.
	poke $in/00000000000000000580-0000000002.checkpoint 2000
	ends 1 a
	[[ ${lines[-1]} == "damaged, and no Kafka starts on it: "* ]]
	rm $in/*580-*
	ends 0 a
	# A log that begins late needs a checkpoint at or behind its start.
	rm $in/00000000000000000000.log $in/00000000000000000000.*index
	ends 1 a
	[[ $output == *"  error    no-checkpoint       (offset 310): the log starts at offset 310, and no checkpoint reaches there: "* ]]
	[[ ${lines[-1]} == "damaged, and no Kafka starts on it: "* ]]
	# One that ends inside of a batch makes Kafka read records twice.
	rm -r a
	node a
	mv $in/*580-*.checkpoint $in/00000000000000000022-0000000001.checkpoint
	verify a
	[[ $output == *"  error    inside-batch        (offset 22): end offset 22 is inside the batch with offsets "* ]]
	# --only=start tells nothing but what keeps it from starting.
	rm -r a
	node a
	poke $in/00000000000000001148.log 100
	: >$in/00000000000000000310.snapshot
	ends 0 --only=start a
	[ "${#lines[@]}" -eq 1 ]
	printf nonsense >$in/leader-epoch-checkpoint
	[ "$(found --only=start a)" = bad-epochs ]
	ends 1 --only=start --release=4.3 a
	[[ ${lines[-1]} == "damaged, and Kafka 4.3 does not start on it: 1 error, 0 warnings in "* ]]
}

@test "the voters that servers are configured with, and the only voter" {
	node a
	echo '{"clusterId":"","leaderId":-1,"leaderEpoch":3,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":3},{"voterId":1}],"data_version":0}' \
		>a/__cluster_metadata-0/quorum-state
	ends 0 --only=start a
	ends 0 --only=start --static-voters=1,3 a
	cp -r "$TESTDATA/real/kraft-3.3/node-1" b
	chmod -R u+w b
	cp a/__cluster_metadata-0/quorum-state b/__cluster_metadata-0
	ends 1 --only=start --static-voters=1 b
	[[ $output == *"  error    other-voters "*"Configured voter set is different from the voter set read from the state file"* ]]
	[[ ${lines[-1]} == "damaged, Kafka 3.9 to 4.4 start on it: "* ]]
	ends 1 --only=start --release=3.6 --static-voters=1 b
	[[ ${lines[-1]} == "damaged, and Kafka 3.6 does not start on it: "* ]]
	ends 0 --only=start --release=4.3 --static-voters=1 b
	ends 0 --only=start --release=3.6 --static-voters=3,1 b
	refused "--static-voters takes ids as 1,2,3, not '1,'" --static-voters=1, b
	# The only voter, by its log, is another directory: the node waits for ever.
	cp -r "$TESTDATA/real/kraft-4.4/node-1" c
	chmod -R u+w c
	ends 0 --only=start c
	sed -i 's/^directory.id=.*/directory.id=Zz1Zz1Zz1Zz1Zz1Zz1Zz1A/' c/meta.properties
	ends 1 --only=start c
	[[ $output == *"  error    never-leads "*"the only voter is node 1 with directory AA1AA1AA1AA1AA1AA1AA1A, and this is node 1 with directory Zz1Zz1Zz1Zz1Zz1Zz1Zz1A"* ]]
}

@test "whether Kafka starts on a directory in which no log has begun" {
	mkdir new empty
	cp "$TESTDATA/boots/dynamic-4.3"/{meta.properties,bootstrap.checkpoint} new
	ends 2 new
	ends 0 --only=start new
	[[ $output == *"the log is empty and names no voter, so controller.quorum.voters has to"* ]]
	[[ ${lines[-1]} == "clean, Kafka 4.3 to 4.4 start on it: 0 errors, 0 warnings in 0 files, "* ]]
	mkdir new/__cluster_metadata-0
	for address in new new/__cluster_metadata-0; do
		ends 0 --only=start --static-voters=1 "$address"
		[[ $output != *"names no voter"* ]]
		ends 1 --only=start --release=4.0 "$address"
	done
	sed -i /node.id/d new/meta.properties
	ends 1 --only=start new
	ends 2 --only=start empty
}
