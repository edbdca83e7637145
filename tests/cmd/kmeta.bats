#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# kmeta.bats: kmeta NAME runs kmeta-NAME.

# shellcheck disable=SC2154,SC2030,SC2031 # variables come from and go to support.bash and bats
load support

project=$BATS_TEST_DIRNAME/../..

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

kmeta() {
	run --separate-stderr "$KMETA_BIN/kmeta" "$@"
}

@test "a command runs with its arguments and its exit status" {
	kmeta dump --limit=3 "$log"
	[ "$status" -eq 0 ]
	[ "$output" = "$("$KMETA_BIN/kmeta-dump" --limit=3 "$log")" ]
	kmeta diff "$log@100" "$log@700"
	[ "$status" -eq 1 ]
	kmeta dump nowhere
	[ "$status" -eq 2 ]
	said "kmeta-dump: nowhere:"
}

@test "help lists every command that is built, and the manual has it" {
	kmeta help
	[ "$status" -eq 0 ]
	list=$output
	for command in "$KMETA_BIN"/kmeta-*; do
		name=${command##*/kmeta-}
		grep -qE "^  $name +[a-z]" <<<"$list" || { echo "$name is not in kmeta help" && false; }
		grep -q "^.Xr kmeta-$name 1" "$project/man/kmeta.1" || { echo "$name is not in kmeta(1)" && false; }
	done
	kmeta --help
	[ "$output" = "$list" ]
	kmeta
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "$list" ]
}

@test "help NAME is that of the command" {
	kmeta help stat
	[ "$status" -eq 0 ]
	[ "$output" = "$("$KMETA_BIN/kmeta-stat" --help)" ]
}

@test "a name that is none" {
	kmeta dmup
	[ "$status" -eq 2 ]
	[ "$stderr" = "kmeta: there is no command 'dmup'; did you mean dump? (kmeta help)" ]
	kmeta help $'x\033[31m'
	[ "$status" -eq 2 ]
	[ "$stderr" = "kmeta: there is no command 'x?[31m' (kmeta help)" ]
	for name in ../kmeta-dump '' . kmeta-dump; do
		kmeta "$name"
		[ "$status" -eq 2 ]
	done
}

@test "a command in PATH, and the version" {
	printf '#!/bin/sh\necho mine "$@"\n' >kmeta-mine
	chmod +x kmeta-mine
	PATH=$PWD:$PATH kmeta mine a b
	[ "$output" = 'mine a b' ]
	kmeta --version
	[ "${output#kmeta }" = "$("$KMETA_BIN/kmeta-dump" --version | sed 's/^kmeta-dump //')" ]
}

@test "bash completes names, and what the command completes" {
	complete_words() {
		# shellcheck disable=SC2016 # for the other bash
		PATH=$KMETA_BIN:$PATH bash -c '
			. "$0"
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_kmeta
			printf "%s\n" "${COMPREPLY[@]}"
		' "$project/completions/bash/kmeta" "$@"
	}
	[ "$(complete_words kmeta hi)" = history ]
	[ "$(complete_words kmeta help sal)" = salvage ]
	[ "$(complete_words kmeta stat --out)" = --output= ]
	[ "$(complete_words kmeta nonsense x)" = '' ]
}
