# SPDX-License-Identifier: Apache-2.0
# browse.bash: what the tests of kmeta-browse share beside support.bash. Loaded, not run.
# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of bats and support.bash

# The same address wherever the test data lies, as its end stands on every screen.
node=testdata/real/kraft-4.3-full/node-1

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "$TESTDATA" testdata
	[ -x "$KMETA_BIN/kmeta-browse" ] || skip "built without kmeta-browse"
}

# browse ARGUMENT...: leaves $status, $output and $stderr
browse() {
	run --separate-stderr timeout 20 "$KMETA_BIN/kmeta-browse" --print --utc "$@"
}

# press KEYS [SIZE [ARGUMENT...]]: the screen when they were pressed; of the quorum's log unless
# arguments name another
press() {
	local keys=$1 size=${2:-80x24}
	shift $(($# < 2 ? $# : 2))
	browse --command "$keys" --size "$size" "${@:-$node}"
	[ "$status" -eq 0 ] || {
		echo "status $status: $stderr"
		return 1
	}
	silent
}

# shows REGEX: a line of the screen matches
shows() {
	grep -qE -e "$1" <<<"$output" || {
		echo "no line matches: $1"
		echo "$output"
		return 1
	}
}

shows_no() {
	! grep -qE -e "$1" <<<"$output" || {
		echo "a line matches: $1"
		echo "$output"
		return 1
	}
}

# answers TEXT: the last line of the screen is that, as messages are
answers() {
	[ "${output##*$'\n'}" = "$1" ] || {
		echo "the last line is not: $1"
		echo "$output"
		return 1
	}
}

# screen NAME KEYS [SIZE [ARGUMENT...]]: the screen is as it was approved, in golden/browse/NAME.txt
screen() {
	local name=$1
	shift
	press "$@"
	golden "browse/$name.txt" <<<"$output"
}

# long_log FILE: what comes before the first topic of the quorum's log, so often that its index takes
# half a second, and then the rest of that log. Names of topics are known only when the index is at the end.
long_log() {
	python3 - "$log" "$1" <<'PYTHON'
import glob, struct, sys

COUNT, END = 10000, 20
batches = []
for path in sorted(glob.glob(sys.argv[1] + '/*.log')):
    data, at = open(path, 'rb').read(), 0
    while at < len(data):
        base, length = struct.unpack_from('>qi', data, at)
        batches.append((base, data[at + 8:at + 12 + length]))
        at += 12 + length


def moved(chosen, by):
    return b''.join(struct.pack('>q', base + by) + rest for base, rest in chosen)


with open(sys.argv[2], 'wb') as out:
    for i in range(COUNT):
        out.write(moved([b for b in batches if b[0] < END], i * END))
    out.write(moved([b for b in batches if b[0] >= END], (COUNT - 1) * END))
PYTHON
}
