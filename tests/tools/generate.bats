#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# generate.bats: tools/generate on a copy of the tree.

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	: "${KMETA_BIN:=$root/build/release}"
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p libkmeta/kmeta
	cp -r "$root/tools" "$root/completions" "$root/man" .
	cp "$root/libkmeta/kmeta/types.h" libkmeta/kmeta
}

@test "the tree has what the tables give" {
	run tools/generate --check "$KMETA_BIN"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "what differs is named by --check and written without it" {
	echo "# by hand" >>completions/bash/kmeta-dump
	sed -i 's/^Only records of these types\.$/Only some records./' man/kmeta-dump.1
	rm completions/fish/kmeta-stat.fish
	run tools/generate --check "$KMETA_BIN"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 3 ]
	for file in completions/bash/kmeta-dump man/kmeta-dump.1 completions/fish/kmeta-stat.fish; do
		grep -q "^$file is not what the table" <<<"$output"
	done
	tools/generate "$KMETA_BIN"
	diff -r completions "$root/completions"
	diff -r man "$root/man"
}

@test "what stands outside the comments stays" {
	sed -i 's/^\.Sh EXAMPLES$/.Sh SOME EXAMPLES/' man/kmeta-dump.1
	run tools/generate --check "$KMETA_BIN"
	[ "$status" -eq 0 ]
	tools/generate "$KMETA_BIN"
	grep -qx '.Sh SOME EXAMPLES' man/kmeta-dump.1
}

@test "a manual without the comments" {
	sed -i '/begin options/d' man/kmeta-diff.1
	run tools/generate --check "$KMETA_BIN"
	[ "$status" -eq 1 ]
	[[ $output == *"man/kmeta-diff.1 does not say where options begin and end" ]]
}

@test "a directory without commands, or none" {
	run tools/generate .
	[ "$status" -eq 1 ]
	[[ $output == *"there is no command in ." ]]
	run tools/generate
	[ "$status" -eq 1 ]
	[[ $output == usage:* ]]
}
