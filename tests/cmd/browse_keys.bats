#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# browse_keys.bats: the names of kmeta-browse's actions, and keys of one's own.

# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables come from and go to support.bash and bats
load support
load browse

# The names of actions in the sources, a table and a name a line.
names() {
	local file
	for file in "$project"/cmd/browse/actions.c "$project"/cmd/browse/views/*_view.c "$project"/cmd/browse/views/way.h; do
		sed -nE '/binding [a-z]*_keys\[\]|define WAY_KEYS/,/^\};|clang-format on/s/.*"([a-z-]+)" \}.*/\1/p' "$file" |
			sed "s|^|$(basename "$file") |"
	done
}

@test "every action has a name, once in its table, and stands in the manual" {
	names >names
	[ "$(wc -l <names)" -gt 60 ]
	[ -z "$(sort names | uniq -d)" ]
	# What has help has a name: the jumps are in each view.
	helped=$(cat "$project"/cmd/browse/actions.c "$project"/cmd/browse/views/*_view.c | tr '\n' ' ' |
		grep -oE "\{ ('[^']+'|'\\\\''|PRESS_[A-Z0-9_]+|CONTROL\('.'\)), \"[^}]*\}" | grep -cE 'NULL \}$' || true)
	[ "$helped" -eq 0 ]
	cut -d' ' -f2 names | sort -u | while read -r name; do
		grep -qE "(^|[ ,])$name(,|\$)" "$project/man/kmeta-browse.1" || { echo "$name" && false; }
	done
}

@test ": runs an action by its name, and Tab completes it" {
	press ':down<Enter>:down<Enter>'
	shows '^ offset 2 '
	press ':events<Enter>'
	shows '^── .*events'
	press ':next-l<Tab><Enter>'
	shows '^ offset 317 '
	press ':search<Enter>SCRAM<Enter>'
	shows '^ offset 8 '
	press ':mark<Enter>a'
	shows 'mark a is set'
	# The part that has the focus goes first.
	press ':1120<Enter>:partitions<Enter>:reverse<Enter>'
	shows '^── .*partitions'
	press ':reverse<Enter>'
	answers "'reverse' is no offset: use :OFFSET, :@TIME, :PERCENT%, :topics, :w FILE, :q"
}

@test "keys of one's own, by a file" {
	printf '%s\n' '# mine' '' '<C-n> down' $'\t<C-p>\tup  ' 'j events' >keys
	press '<C-n><C-n><C-n><C-p>' 80x24 --keys=keys "$node"
	shows '^ offset 2 '
	press 'j' 80x24 --keys=keys "$node"
	shows '^── .*events'
	# An action that there is not here does nothing.
	echo 'x open' >keys
	press 'x' 80x24 --keys=keys "$node"
	answers 'x does nothing here: ? lists the keys'
	press 'sx' 80x24 --keys=keys "$node"
	shows '^── .*state'
	press '?' 80x24 --keys=keys "$node"
	shows '^  of your own'
	shows '^    x +:open'
	# The last line for a key counts.
	printf 'x up\nx end\n' >keys
	press 'x' 80x24 --keys=keys "$node"
	shows '^ offset 1173 '
}

@test "a file of keys that is wrong is refused, and says where" {
	for line in 'x' 'x evnets' '<Nokey> down' 'xy down' 'x a-name-that-is-far-too-long-to-be-one-of-an-action'; do
		printf 'j down\n%s\n' "$line" >keys
		browse --keys=keys "$node"
		[ "$status" -eq 2 ] || { echo "$line" && false; }
		said 'keys: line 2: '
	done
	browse --keys=no-such-file "$node"
	[ "$status" -eq 2 ]
	said 'no-such-file: No such file'
	browse --keys=. "$node"
	[ "$status" -eq 2 ]
	said 'this is no plain file'
	mkfifo pipe
	browse --keys=pipe "$node"
	[ "$status" -eq 2 ]
	head -c 100000 /dev/urandom >keys
	browse --keys=keys "$node"
	[ "$status" -eq 2 ]
	for _ in {1..200}; do echo 'x down'; done >keys
	browse --keys=keys "$node"
	[ "$status" -eq 2 ]
	said 'line 129: there are too many keys'
}

@test "without --keys, --print has no keys of one's own" {
	mkdir -p config/kmeta
	echo 'j end' >config/kmeta/browse
	XDG_CONFIG_HOME=$PWD/config press j
	shows '^ offset 1 '
}
