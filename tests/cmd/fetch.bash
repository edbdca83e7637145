# SPDX-License-Identifier: Apache-2.0
# fetch.bash: what the tests of kmeta-fetch share: controllers in Python, and what a copy is. Loaded, not
# run; support.bash comes first.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # variables come from support.bash and bats, and go to the tests

name=__cluster_metadata-0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	servers=()
}

teardown() {
	[ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true
	[ -z "${follower-}" ] || kill "$follower" 2>/dev/null || true
}

# serve OPTION...: leaves the port in $port and the address in $at, and counts connections in the file
# "served.PORT".
serve() {
	local said=server.${#servers[@]} i
	"${python-python3}" "$BATS_TEST_DIRNAME/fake_controller.py" "$@" "${served:-$log}" >"$said" 2>"$said.err" 3>&- &
	servers+=($!)
	for ((i = 0; i < 200; i++)); do
		[ ! -s "$said" ] || break
		sleep 0.02
	done
	port=$(cat "$said")
	at=localhost:$port
	errors=$said.err
}

fetch() {
	run --separate-stderr timeout 20 "$KMETA_BIN/kmeta-fetch" "$@"
}

# logs_in: with client.properties as it is
logs_in() {
	rm -rf copy
	fetch "$at" --out copy --command-config client.properties
	[ "$status" -eq 0 ] || { echo "$stderr" && false; }
	same_log
}

# refused TEXT...: status 2, one line for the refusal, which has each text, and no log
refused() {
	[ "$status" -eq 2 ] || { echo "status $status: $stderr" && false; }
	[ -z "$output" ]
	local text
	for text in "$@"; do
		said "$text"
	done
	[ ! -e copy/$name ] || [ -z "$(ls copy/$name)" ]
	[[ $stderr != *$'\033'* ]]
}

# all_of DIRECTORY: its segments as one
all_of() {
	cat "$1"/*.log
}

same_log() {
	cmp <(all_of "copy/$name") <(all_of "${1:-$log}")
}

properties() {
	printf '%s\n' "$@" >client.properties
}

jaas() {
	echo "sasl.jaas.config=org.apache.kafka.common.security.$1 required username=\"$2\" password=\"$3\";"
}

# The build may be without TLS, and SCRAM with it.
need_tls() {
	grep -q SSL_connect "$KMETA_BIN/kmeta-fetch" || skip "kmeta-fetch is built without TLS"
}
