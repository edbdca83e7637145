#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_output.bats: what kmeta-dump prints, in which order, and what it never prints.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# ---- text ----

@test "text of a log of 4.4" {
	dump --utc "$TESTDATA/real/kraft-4.4/node-1"
	[ "$status" -eq 0 ]
	silent
	golden text-4.4.txt <<<"$output"
}

@test "text of a log of 2.8" {
	dump --utc "$TESTDATA/real/kraft-2.8-early-access/node-1"
	[ "$status" -eq 0 ]
	silent
	golden text-2.8.txt <<<"$output"
}

@test "text shows no character that a terminal acts on, or that turns text round" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" 00000000000000000000.log '\x1b[2J' '\x9b31m' '\u202eevil' '\u2066' 'é'
	dump --utc 00000000000000000000.log
	[ "$(sed -E 's/.*TOPIC +([^ ]+) .*/\1/' <<<"$output" | tr '\n' ' ')" = \
		'"\u001B[2J" "\u009b31m" "\u202eevil" "\u2066" é ' ]
	run "$KMETA_BIN/kmeta-image" 00000000000000000000.log 'topics/*'
	[[ $output == *'topics/"\u202eevil"  '* ]]
	! LC_ALL=C grep -q "$(printf '\302\233\|\342\200\256\|\342\201\246')" <<<"$output"
}

@test "text of a checkpoint, with batches" {
	cp "$checkpoint" .
	dump --utc --batch 00000000000000000580-0000000002.checkpoint
	[ "$status" -eq 0 ]
	silent
	golden text-checkpoint.txt <<<"$output"
}

@test "text is the default" {
	[ "$("$KMETA_BIN/kmeta-dump" "$log" | md5sum)" = "$("$KMETA_BIN/kmeta-dump" -o text "$log" | md5sum)" ]
}

@test "text has a line for each record, whatever is in it" {
	for file in "$TESTDATA"/generated/gen-*/*.log; do
		release=${file%/*}
		release=${release##*/gen-}
		[ "$("$KMETA_BIN/kmeta-dump" --dialect="$release" "$file" | wc -l)" -eq "$(wc -l <"$file.expected.jsonl")" ]
	done
}

@test "text shows times of the zone, and UTC if asked for" {
	dump --limit=1 "$segment"
	[[ $output == *" 2026-11-24T14:15:21.357+00:00 "* ]]
	TZ=CET-1 dump --limit=1 "$segment"
	[[ $output == *" 2026-11-24T15:15:21.357+01:00 "* ]]
	TZ=EST5 dump --limit=1 "$segment"
	[[ $output == *" 2026-11-24T09:15:21.357-05:00 "* ]]
	TZ=EST5 dump --limit=1 --utc "$segment"
	[[ $output == *" 2026-11-24T14:15:21.357Z "* ]]
}

@test "colours only where they are wanted" {
	escape=$'\e'
	dump --limit=1 "$segment"
	[[ $output != *$escape* ]]
	dump --limit=1 --color=always "$segment"
	[[ $output == *$escape\[* ]]
	dump --limit=1 --color=never "$segment"
	[[ $output != *$escape* ]]
	dump --color=always -o json --limit=1 "$segment"
	[[ $output != *$escape* ]]
	dump --color=always -o kafka --limit=1 "$segment"
	[[ $output != *$escape* ]]
}

@test "what is wrong has a colour, and nothing else changes" {
	escape=$'\e'
	dump "$log"
	plain=$(sed 's/ *$//' <<<"$output")
	dump --color=always "$log"
	[ "$(sed "s/$escape\[[0-9;]*m//g; s/ *\$//" <<<"$output")" = "$plain" ]
	for word in leader=none fenced=fence leaderRecoveryState=recovering; do
		count=$(grep -c -e " $word\b" <<<"$plain")
		[ "$count" -gt 0 ]
		[ "$(grep -cF -e "${escape}[31m$word${escape}[0m" <<<"$output")" -eq "$count" ]
	done
	[ "$(grep -cE -e "$escape\[31m" <<<"$output")" -eq "$(grep -cE 'leader=none|fenced=fence|=recovering' <<<"$plain")" ]
	dump --color=always "$checkpoint"
	grep -qF -e "replicas=[12,11] ${escape}[33misr=[11]${escape}[0m leader=11" <<<"$output"
}

@test "colours on a terminal, unless NO_COLOR says no" {
	command -v script >/dev/null || skip "no script(1)"
	on_terminal() {
		script -qec "$* '$KMETA_BIN/kmeta-dump' --limit=1 '$segment'" /dev/null </dev/null
	}
	[[ $(on_terminal TERM=xterm) == *$'\e['* ]]
	[[ $(on_terminal TERM=xterm NO_COLOR=1) != *$'\e['* ]]
	[[ $(on_terminal TERM=xterm NO_COLOR=) == *$'\e['* ]]
	[[ $(on_terminal TERM=dumb) != *$'\e['* ]]
}

# ---- json ----

@test "json has its keys in order, with and without the batch" {
	run -0 "$KMETA_BIN/kmeta-dump" -o json --limit=1 "$segment"
	[ "$(jq -c keys_unsorted <<<"$output")" = '["offset","timestamp","epoch","type","version","data"]' ]
	run -0 "$KMETA_BIN/kmeta-dump" -o json --batch --limit=1 "$segment"
	[ "$(jq -c keys_unsorted <<<"$output")" = '["offset","timestamp","epoch","type","version","batch","data"]' ]
	[ "$(jq -r .batch.file <<<"$output")" = "$segment" ]
	[ "$(jq -c '[.batch.position, .batch.count, .batch.codec, .batch.valid]' <<<"$output")" = '[0,3,"none",true]' ]
}

@test "json of what cannot be decoded has an error and the bytes" {
	run -2 --separate-stderr "$KMETA_BIN/kmeta-dump" -o json "$faults"/trailing-bytes/*.log
	[ "${#lines[@]}" -eq 3 ]
	[ "$(jq -c 'keys_unsorted' <<<"${lines[1]}")" = '["offset","timestamp","epoch","type","version","error","code","value"]' ]
	[ "$(jq -r .value <<<"${lines[1]}" | base64 -d | tail -c 2 | od -An -tx1)" = " de ad" ]
}

@test "json does not depend on the zone" {
	[ "$(TZ=EST5 "$KMETA_BIN/kmeta-dump" -o json "$segment" | md5sum)" = "$("$KMETA_BIN/kmeta-dump" -o json "$segment" | md5sum)" ]
}

# ---- kafka ----

@test "kafka is what kafka-dump-log prints" {
	cd "$log" || return
	for file in *.log *.checkpoint; do
		diff <(grep -v -e '^# exit' -e '^Non-consecutive' -e '^  -*[0-9]* is followed by' "$file.dump.txt") \
			<("$KMETA_BIN/kmeta-dump" -o kafka --show-secrets "$file")
	done
}

# ---- batches ----

@test "--batch announces each batch in text" {
	batches=$("$KMETA_BIN/kmeta-dump" -o kafka "$segment" | grep -c '^baseOffset')
	dump --batch "$segment"
	[ "$(grep -c '^batch ' <<<"$output")" -eq "$batches" ]
	[ "$(grep -vc '^batch ' <<<"$output")" -eq 310 ]
	[[ ${lines[0]} == "batch 0..2: 3 records, "*" bytes at $segment:0, epoch 1, none, crc "*" right, control" ]]
}

# ---- how many, and in which order ----

@test "--limit" {
	for n in 0 1 2 309 310 311 1174 99999999999; do
		wanted=$n
		[ "$n" -le 1174 ] || wanted=1174
		[ "$(offsets --limit="$n" "$log" | wc -l)" -eq "$wanted" ]
	done
	[ "$("$KMETA_BIN/kmeta-dump" -o kafka -n 7 "$log" | grep -c '^| ')" -eq 7 ]
	[ "$("$KMETA_BIN/kmeta-dump" -n 7 "$log" | wc -l)" -eq 7 ]
}

@test "--limit counts what is printed, not what is read" {
	[ "$(offsets --limit=3 --type=topic "$log")" = "$(offsets --type=topic "$log" | head -n 3)" ]
	[ "$(offsets --limit=3 "$segment" "$segment" | wc -l)" -eq 3 ]
	[ "$(offsets --limit=312 "$segment" "$segment" | tail -n 1)" -eq 1 ]
}

@test "--reverse is the same from the end" {
	diff <("$KMETA_BIN/kmeta-dump" -o json "$log" | tac) <("$KMETA_BIN/kmeta-dump" -o json --reverse "$log")
	diff <("$KMETA_BIN/kmeta-dump" --offset=100..900 "$log" | tac | sed 's/  *//' | cut -c 1-40) \
		<("$KMETA_BIN/kmeta-dump" --offset=100..900 --reverse "$log" | sed 's/  *//' | cut -c 1-40)
	[ "$(offsets --reverse --limit=3 "$log" | paste -sd ' ')" = "1173 1172 1171" ]
}

@test "--fold hides no-ops, and says how many" {
	noops=$(offsets --type=no_op "$log" | wc -l)
	[ "$noops" -gt 50 ]
	dump --fold "$log"
	silent
	[ "$(grep ' folded, up to offset ' <<<"$output" | awk '{ n += $5 } END { print n }')" -eq "$noops" ]
	[ "$(grep -vc ' folded, up to offset ' <<<"$output")" -eq $((1174 - noops)) ]
	[ "$(grep -v ' folded, ' <<<"$output" | grep -c NO_OP)" -eq 0 ]
}

@test "--fold in json and kafka says so at the end" {
	noops=$(offsets --type=no_op "$log" | wc -l)
	for format in json kafka; do
		dump --fold -o $format "$log"
		[ "$(grep -c NO_OP_RECORD <<<"$output")" -eq 0 ]
		[ "$stderr" = "kmeta-dump: $noops no-op records folded" ]
		dump --fold -o $format --quiet "$log"
		silent
	done
}

# ---- several addresses ----

@test "several addresses, one after another" {
	diff <(cat <(offsets "$segment") <(offsets "$checkpoint")) <(offsets "$segment" "$checkpoint")
	[ "$("$KMETA_BIN/kmeta-dump" -o kafka "$segment" "$checkpoint" | grep -c ^Dumping)" -eq 2 ]
}

@test "one that cannot be read does not keep the others from it" {
	dump -o json nowhere "$segment" neither
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 310 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	said "kmeta-dump: nowhere: cannot open: No such file or directory"
	said "kmeta-dump: neither: cannot open: No such file or directory"
}

# ---- secrets ----

@test "secrets are in no format, unless they are asked for" {
	nodes=("$TESTDATA"/real/kraft-4*/node-1 "$TESTDATA/real/upgrade-chain/final/node-1")
	"$KMETA_BIN/kmeta-dump" -o json --show-secrets --type=user_scram_credential,delegation_token "${nodes[@]}" |
		jq -r '.data | .salt, .storedKey, .serverKey, .tokenId | select(. != null)' | sort -u >secrets
	[ "$(wc -l <secrets)" -gt 20 ]
	for format in text json kafka; do
		"$KMETA_BIN/kmeta-dump" -o $format --batch "${nodes[@]}" >hidden
		run -1 grep -cFf secrets hidden
		grep -q '\[hidden\]' hidden
		"$KMETA_BIN/kmeta-dump" -o $format --show-secrets "${nodes[@]}" >shown
		run -1 grep -F '[hidden]' shown
		while read -r secret; do
			grep -qF -- "$secret" shown || { echo "$format: $secret" && false; }
		done <secrets
	done
}

@test "a password in a config, and one whose record is damaged" {
	python3 - <<-'END'
		import struct, zlib
		def crc32c(data):
		    crc = 0xffffffff
		    for byte in data:
		        crc ^= byte
		        for _ in range(8):
		            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
		    return crc ^ 0xffffffff
		def record(value, delta):
		    body = bytes([0, 0, delta * 2, 1, len(value) * 2]) + value + b'\0'
		    return bytes([len(body) * 2]) + body
		def compact(text):
		    return bytes([len(text) + 1]) + text
		config = b'\1\4\0\4' + compact(b'1') + compact(b'ssl.key.password') + compact(b'hunter2')
		records = record(config + b'\0', 0) + record(config + b'\0\0', 1) + record(config[:-1], 2)
		tail = struct.pack('>hiqqqhii', 0, 2, 0, 0, -1, -1, -1, 3) + records
		open('secret.log', 'wb').write(struct.pack('>qiibI', 0, len(tail) + 9, 1, 2, crc32c(tail)) + tail)
	END
	for format in text json kafka; do
		dump -o $format secret.log
		[ "$status" -eq 2 ]
		[[ $output != *hunter* && $output != *aHVudGVy* && $output != *odW50ZX* && $output != *1bnRlc* ]]
		[[ $stderr != *hunter* ]]
		[[ $output == *"[hidden]"* ]]
	done
	dump --show-secrets secret.log
	[[ $output == *ssl.key.password=hunter2* ]]
}

# ---- what is said beside ----

@test "--quiet says nothing but errors" {
	dump "$faults"/zeros-at-end/*.log
	said "zero bytes up to the end"
	dump --quiet "$faults"/zeros-at-end/*.log
	[ "$status" -eq 0 ]
	silent
	dump -q "$faults"/bitflip-crc/*.log
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	said "CRC-32C is"
}

@test "no progress where nobody looks" {
	dump --progress=auto "$log"
	silent
	dump --progress=never "$log"
	silent
}

# The line comes after a second of work, so something has to hold the work up: a reader, or a writer.

@test "--progress=always says how much of a file is done, and wipes it away" {
	for ((i = 0; i < 100; i++)); do cat "$segment"; done >long.log
	"$KMETA_BIN/kmeta-dump" -o json --quiet --progress=always long.log 2>err | {
		sleep 1.2
		wc -l
	} >count
	[ "$(cat count)" -eq 31000 ]
	tr '\r' '\n' <err | grep -qE $'^kmeta-dump: \\[[#.]{24}\\] +[0-9]+ % of 2 MiB, [0-9]+ s left\x1b\\[K$'
	[ "$(tail -c 4 err | od -An -tx1)" = " 0d 1b 5b 4b" ]
}

@test "--progress=always of a pipe, whose size nobody knows" {
	{
		head -c 12000 "$segment"
		sleep 1.2
		tail -c +12001 "$segment"
	} | "$KMETA_BIN/kmeta-dump" -o json --progress=always - >out 2>err
	[ "$(wc -l <out)" -eq 310 ]
	[ "$(tr '\r\033' '\n@' <err | sort -u | tr '\n' ' ')" = " @[K kmeta-dump: 0 MiB@[K " ]
}

@test "a message is not written into the line of progress" {
	{
		head -c 12000 "$segment"
		sleep 1.2
		tail -c +12001 "$segment"
		cat "$faults"/bitflip-crc/*.log
	} | "$KMETA_BIN/kmeta-dump" -o json --progress=always - >out 2>err || [ $? -eq 2 ]
	# Whatever is drawn is wiped away before the message begins.
	tr '\r\033' '\n@' <err | grep -q '^@\[Kkmeta-dump: -: byte .*: follows offset 309$'
}

@test "--progress=always says nothing of work that is soon done" {
	dump --progress=always "$log"
	[ "$status" -eq 0 ]
	silent
}
