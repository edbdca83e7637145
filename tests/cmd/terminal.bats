#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# terminal.bats: what is different where standard output is a terminal: lines are cut at its width, and
# what does not fit its screen goes through a pager.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

eval "$(declare -f setup | sed '1s/setup/setup_support/')"

setup() {
	setup_support
	command -v script >/dev/null || skip "no script(1)"
	unset COLUMNS PAGER KMETA_PAGER LESS LV
	PATH=$KMETA_BIN:$PATH
	export NO_COLOR=1 TERM=xterm TESTDATA log segment checkpoint
}

# on_terminal COLUMNS ROWS COMMAND: what a terminal of that size gets of it, in $output; the status
# of the command in $status. No input comes from it.
on_terminal() {
	status=0
	script -qec "stty cols $1 rows $2; $3" /dev/null </dev/null >screen || status=$?
	output=$(tr -d '\r' <screen)
	mapfile -t lines <<<"$output"
}

# The lines of a file, cut as a terminal of so many columns shows them. They have no wide characters.
cut_at() {
	python3 -c '
import sys
width, mark = int(sys.argv[1]), sys.argv[2]
for line in open(sys.argv[3], encoding="utf-8"):
	line = line.rstrip("\n")
	print(line if len(line) <= width else line[:width - 1] + mark)
' "$@"
}

# pager LINE...: a program that is named less, first in the path, and is a shell script of these lines
pager() {
	mkdir -p bin
	printf '%s\n' '#!/bin/sh' "$@" >bin/less
	chmod +x bin/less
	PATH=$PWD/bin:$PATH
}

# ---- lines ----

@test "every command that prints text cuts its lines, and marks them" {
	printf '%s\n' 'kmeta-dump --limit=9 "$log"' 'kmeta-image "$log" "topics/orders/*"' \
		'kmeta-diff --only=partition "$log@900" "$log"' 'kmeta-history "$log" orders/3' 'kmeta-stat "$log"' \
		'kmeta-verify "$TESTDATA"/faults/checkpoint-no-footer/*.checkpoint' >commands
	while read -r command; do
		echo "$command"
		COLUMNS=50 bash -c "$command" >whole || true
		grep -qE '.{51}' whole
		on_terminal 50 0 "$command --no-pager"
		diff <(cut_at 50 … whole) <(echo "$output")
	done <commands
	[ "$(wc -l <commands)" -eq 6 ]
}

@test "a line that just fits is whole" {
	kmeta-dump --limit=20 "$log" >whole
	width=$(awk '{ if (length > most) most = length } END { print most }' whole)
	on_terminal "$width" 0 'kmeta-dump --no-pager --limit=20 "$log"'
	diff whole <(echo "$output")
	on_terminal $((width - 1)) 0 'kmeta-dump --no-pager --limit=20 "$log"'
	[[ $output == *…* ]]
}

@test "the mark is ASCII where the locale is" {
	kmeta-dump --limit=9 "$log" >whole
	on_terminal 50 0 'LC_ALL=C kmeta-dump --no-pager --limit=9 "$log"'
	diff <(cut_at 50 '>' whole) <(echo "$output")
}

@test "wide characters are whole, and count for two columns" {
	mkdir 漢字漢字é漢字
	cp "$faults"/checkpoint-no-footer/*.checkpoint 漢字漢字é漢字
	name=$(echo 漢字漢字é漢字/*)
	for width in $(seq 2 13); do
		on_terminal "$width" 0 'kmeta-verify --no-pager 漢字漢字é漢字'
		python3 - "$width" "$name" "${lines[0]}" <<-'END'
			import sys, unicodedata
			width, name, shown = int(sys.argv[1]), sys.argv[2], sys.argv[3]
			columns = sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for c in shown)
			assert shown.endswith("…") and name.startswith(shown[:-1]), shown
			assert width - 1 <= columns <= width, (columns, width)
		END
	done
}

@test "colours take no room, and end at the mark" {
	kmeta-dump --limit=9 "$log" >whole
	unset NO_COLOR
	on_terminal 50 0 'kmeta-dump --no-pager --limit=9 "$log"'
	[[ ${lines[0]} == *$'\e['*$'\e[0;2m…\e[0m' ]]
	diff <(cut_at 50 … whole) <(sed 's/\x1b\[[0-9;]*m//g' <<<"$output")
	on_terminal 50 0 'kmeta-dump --color=never --no-pager --limit=9 "$log"'
	[[ $output == *…* && $output != *$'\e'* ]]
}

@test "what is never cut: --wide, other formats, pipes and files, a terminal without a width" {
	for command in 'kmeta-dump --wide --limit=9 "$log"' 'kmeta-dump -o json --limit=9 "$log"' \
		'kmeta-dump -o kafka --limit=9 "$segment"' 'kmeta-image -o records "$log" topics' \
		'kmeta-image -o hash "$log"' 'kmeta-image -o json "$checkpoint" topics/orders' \
		'kmeta-verify -o json "$log"' 'kmeta-dump --limit=9 "$log" | cat'; do
		echo "$command"
		bash -c "$command" >whole
		grep -qE '.{51}' whole
		on_terminal 50 0 "export PAGER=; $command"
		[[ $command == *cat ]] || diff whole <(echo "$output")
		[[ $output != *…* ]]
	done
	kmeta-dump --limit=9 "$log" >whole
	on_terminal 0 0 'kmeta-dump --limit=9 --no-pager "$log"'
	diff whole <(echo "$output")
	on_terminal 0 0 'COLUMNS=50 kmeta-dump --limit=9 --no-pager "$log"'
	diff <(cut_at 50 … whole) <(echo "$output")
}

@test "messages are whole" {
	on_terminal 40 20 'kmeta-dump --no-pager "$TESTDATA"/faults/trailing-bytes/*.log'
	[ "$status" -eq 2 ]
	[[ $output == *"2 bytes after its last field"* ]]
	[ "$(grep -c …$ <<<"$output")" -eq 3 ]
}

# ---- the pager ----

@test "what does not fit the screen goes through the pager, whole" {
	pager 'cat >paged' 'echo "$LESS $LV" >told'
	on_terminal 50 10 'kmeta-dump --limit=9 "$log"'
	[ ! -e paged ]
	[ "${#lines[@]}" -eq 9 ]
	on_terminal 50 10 'kmeta-dump --limit=10 "$log"'
	[ -z "$output" ]
	diff <(kmeta-dump --limit=10 "$log") paged
	[ "$(cat told)" = "FRSX -c" ]
}

@test "a terminal that does not know its size has 24 rows" {
	pager 'cat >paged'
	on_terminal 0 0 'kmeta-dump --limit=23 "$log"'
	[ "${#lines[@]}" -eq 23 ]
	[ ! -e paged ]
	on_terminal 0 0 'kmeta-dump --limit=24 "$log"'
	[ "$(wc -l <paged)" -eq 24 ]
}

@test "long lines fill more than one row where they are not cut" {
	pager 'cat >paged' 'echo "$LESS" >told'
	on_terminal 40 10 'kmeta-dump --wide --limit=5 "$log"'
	[ -s paged ]
	[ "$(cat told)" = FRX ]
	on_terminal 1000 10 'kmeta-dump --wide --limit=9 "$log"'
	[ "${#lines[@]}" -eq 9 ]
	on_terminal 200 10 'kmeta-dump -o json "$log"'
	diff <(kmeta-dump -o json "$log") paged
	[ "$(cat told)" = FRX ]
}

@test "which pager: KMETA_PAGER, PAGER, less; with words, and as a shell reads it" {
	pager 'cat >paged-by-less'
	paged_by() {
		rm -f paged-by*
		on_terminal 50 10 "$1 kmeta-dump \"\$log\""
		[ "$status" -eq 0 ]
		ls paged-by* || { echo "$output" && false; }
		[ "$(echo paged-by*)" = "$2" ]
		diff <(kmeta-dump "$log") "$2"
	}
	paged_by "" paged-by-less
	paged_by "PAGER='tee paged-by-words'" paged-by-words
	paged_by "PAGER='cat >paged-by-PAGER'" paged-by-PAGER
	paged_by "PAGER='cat >paged-by-PAGER' KMETA_PAGER='cat > paged-by-ours'" paged-by-ours
	paged_by "TERM=dumb KMETA_PAGER='cat > paged-by-ours'" paged-by-ours
}

@test "no pager: --no-pager, cat, nothing, a dumb terminal, --follow, --help" {
	pager 'cat >paged'
	for command in 'kmeta-dump --no-pager' 'PAGER=cat kmeta-dump' 'PAGER=less KMETA_PAGER=cat kmeta-dump' \
		'PAGER= kmeta-dump' 'KMETA_PAGER= PAGER=less kmeta-dump' 'TERM=dumb kmeta-dump' 'TERM= kmeta-dump' \
		'kmeta-dump --follow --limit=50'; do
		on_terminal 50 10 "$command \"\$log\" | cat; $command --limit=20 \"\$log\""
		[ "$status" -eq 0 ]
		[ ! -e paged ] || { echo "$command" && false; }
		[ "${#lines[@]}" -ge 20 ]
	done
	on_terminal 50 10 'kmeta-dump --help'
	[[ $output == usage* ]]
	on_terminal 50 10 'kmeta-diff -q "$log@100" "$log"'
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ ! -e paged ]
}

@test "what is set for less and lv already stays" {
	pager 'cat >paged' 'echo "$LESS $LV" >told'
	on_terminal 50 10 'LESS=R LV= kmeta-dump "$log"'
	[ "$(cat told)" = "R " ]
}

@test "a pager that cannot be started is named, and the output printed" {
	on_terminal 50 10 'PAGER=no-such-pager kmeta-dump --limit=30 "$log"'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "kmeta-dump: cannot start the pager 'no-such-pager': No such file or directory" ]
	kmeta-dump --limit=30 "$log" >whole
	diff <(cut_at 50 … whole) <(tail -n +2 <<<"$output")
}

@test "messages go through the pager, where they belong, if standard error is a terminal" {
	pager 'cat >paged'
	on_terminal 50 10 'kmeta-dump "$TESTDATA"/faults/trailing-bytes/*.log "$log"'
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $(sed -n 2p paged) == "kmeta-dump: "*"2 bytes after its last field" ]]
	on_terminal 50 10 'kmeta-dump "$TESTDATA"/faults/trailing-bytes/*.log "$log" 2>messages'
	[ "$status" -eq 2 ]
	diff <(kmeta-dump "$TESTDATA"/faults/trailing-bytes/*.log "$log" 2>/dev/null) paged
	[[ $(cat messages) == "kmeta-dump: "*"2 bytes after its last field" ]]
}

@test "a command that has nothing to page says why on the terminal" {
	pager 'cat >paged'
	on_terminal 50 10 'kmeta-dump nowhere'
	[ "$status" -eq 2 ]
	[[ $output == "kmeta-dump: nowhere: "* ]]
	[ ! -e paged ]
}

@test "the exit status is the command's, and a pager that is left early ends it quietly" {
	pager 'head -n 1 >paged'
	for ((i = 0; i < 300; i++)); do cat "$segment"; done >long.log
	on_terminal 50 10 'kmeta-dump -o json long.log 2>/dev/null'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(wc -l <paged)" -eq 1 ]
	pager 'cat >paged; exit 3'
	on_terminal 50 10 'kmeta-diff "$log@100" "$log"'
	[ "$status" -eq 1 ]
}

@test "an interrupted command leaves the terminal to the pager, and ends by the signal" {
	pager 'trap "" INT' 'head -n 1 >paged' 'kill -INT $PPID' 'sleep 0.5' 'echo left >>paged' 'cat >>rest'
	cp "$log"/*.log .
	on_terminal 50 10 '(cat 00000000000000000000.log; sleep 3) | kmeta-dump -o json - ; echo "status $?" >ended'
	[ "$(tail -n 1 paged)" = left ]
	[ "$(cat ended)" = "status 130" ]
}

@test "no progress line while the pager runs" {
	pager 'cat >paged'
	on_terminal 50 10 'kmeta-dump --progress=always -o json "$log"'
	diff <(kmeta-dump -o json "$log") paged
}
