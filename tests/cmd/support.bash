# SPDX-License-Identifier: Apache-2.0
# support.bash: what the tests of the commands share. Loaded, not run.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

project=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
: "${KMETA_BIN:=$project/build/release}"
: "${TESTDATA:=$project/testdata}"
export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR

# A quorum of 4.3: four segments, a checkpoint in the middle.
log=$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0
segment=$log/00000000000000000000.log
checkpoint=$log/00000000000000000580-0000000002.checkpoint
faults=$TESTDATA/faults

# Each test has a directory of its own.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# dump ARGUMENT...: leaves $status, $output and $stderr
dump() {
	run --separate-stderr "$KMETA_BIN/kmeta-dump" "$@"
}

# said TEXT: standard error has it
said() {
	[[ $stderr == *"$1"* ]] || {
		echo "standard error: $stderr"
		return 1
	}
}

silent() {
	[ -z "$stderr" ] || {
		echo "standard error: $stderr"
		return 1
	}
}

# offsets ARGUMENT...: the offsets of the records that are printed, one a line
offsets() {
	"$KMETA_BIN/kmeta-dump" -o json "$@" | jq .offset
}

# all_json JQ-EXPRESSION ARGUMENT...: true of each record that is printed, and there is one
all_json() {
	local expression=$1
	shift
	"$KMETA_BIN/kmeta-dump" -o json "$@" | jq -es "length > 0 and all(.[]; $expression)" >/dev/null
}

# same_as_jq JQ-EXPRESSION ARGUMENT...: exactly those records of the log are printed of which it is true
same_as_jq() {
	local expression=$1
	shift
	diff <("$KMETA_BIN/kmeta-dump" -o json "$log" | jq -c "select($expression).offset") \
		<(offsets "$@" "$log")
}

# The address sanitizer takes more address space than any limit allows.
is_sanitized() {
	grep -q __asan_init "$KMETA_BIN/kmeta-dump"
}

# The leak sanitizer does not work in a process that is traced.
need_strace() {
	command -v strace >/dev/null || skip "needs strace"
	export ASAN_OPTIONS=detect_leaks=0
}

# A build with --coverage writes files of its own: what ran, beside its objects.
is_counted() {
	grep -q __gcov_ "$KMETA_BIN/kmeta-dump"
}

# golden NAME: standard input is as it was when it was last approved. KMETA_UPDATE_GOLDEN=1 approves
# it anew: look at what git shows to be different then.
golden() {
	local file=$BATS_TEST_DIRNAME/golden/$1
	if [ "${KMETA_UPDATE_GOLDEN-}" = 1 ]; then
		cat >"$file"
	else
		diff "$file" -
	fi
}

# as_nobody COMMAND...: without root's right to read and write everything
as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# Skips where another user could not get at the commands, as in a closed home directory.
need_nobody() {
	as_nobody test -x "$KMETA_BIN/kmeta-dump" || skip "only root gets at the commands here"
}

# A directory that every user gets to; bats removes only its own.
open_directory() {
	public=$(mktemp -d)
	chmod 755 "$public"
}

teardown() {
	[ -z "${follower-}" ] || kill "$follower" 2>/dev/null || true
	[ -z "${public-}" ] || { chmod -R u+rwX "$public" && rm -rf "$public"; }
}

# eventually COMMAND...: becomes true within 20 seconds
eventually() {
	local i
	for ((i = 0; i < 400; i++)); do
		! "$@" || return 0
		sleep 0.05
	done
	echo "never became true: $*"
	return 1
}

# records_of ADDRESS: the state, as kmeta-diff and kmeta-history compare it
records_of() {
	"$KMETA_BIN/kmeta-image" --show-secrets --newest -o records "$1"
}

# fold: what each entity holds after the records and changes on standard input
fold() {
	jq -nS -f "$BATS_TEST_DIRNAME/fold.jq"
}
