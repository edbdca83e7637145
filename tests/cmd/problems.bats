#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# problems.bats: what kmeta-image --problems says is wrong with a state.

# shellcheck disable=SC2154 # variables come from support.bash and bats
load support

cases=$TESTDATA/cases

problems() {
	run --separate-stderr "$KMETA_BIN/kmeta-image" --utc --problems "$@"
}

# has TEXT: a line of the output has it
has() {
	[[ $output == *"$1"* ]] || {
		echo "no '$1' in: $output"
		return 1
	}
}

@test "replicas on brokers that are gone, and in directories that no broker has" {
	problems "$cases/replicas-on-brokers-that-are-gone/in"
	[ "$status" -eq 0 ]
	silent
	has "topics/orders/1  replicas [2,3,7]: broker 3 was unregistered at offset 9, broker 7 was never registered"
	has "topics/pay/0  broker 2 has no directory bLoj9nXZP6dy6yqWGlpc8w"
	has "topics/orders/2  no leader; may lead: broker 7 (ISR, not registered)  since offset 8, 2026-11-24T14:15:02.500Z"
	# The worst comes first, and the sum last.
	[[ ${lines[1]} == error* ]]
	[[ ${lines[-1]} == "5 errors, "*" warnings, "*" note"* ]]
}

@test "who holds metadata.version back, and which controllers are no voters" {
	problems "$cases/controllers-that-are-gone/in"
	has "metadata.version is 19 (3.7-IV4) and can be 19 (3.7-IV4) at most, though others support 21 (3.9-IV0); held back by controller 3 (1 to 19, no voter), controller 4 (1 to 19, no voter), controller 5 (1 to 19, no voter)"
	has "controllers/5  controller 5 is registered, but not among the voters [90,91,92]"
	problems "$cases/old-metadata-version-in-4x/in"
	has "metadata.version is 5 (3.3-IV1): release 4.0 and later do not start, they need 7 (3.3-IV3)"
}

@test "unclean elections, with the ISR before" {
	problems "$cases/unclean-elections/in"
	has "topics/orders/0  broker 3 was elected although it was not in sync; the ISR was [1]"
	has "since offset 14, 2026-11-24T14:15:05.500Z"
}

@test "what a migration from ZooKeeper waits for" {
	problems "$cases/which-broker-is-not-migrated/in"
	has "in the state migration; waits for broker 5, controller 3  since offset 9"
	has "brokers/5  broker 5 is still registered as a broker of ZooKeeper"
}

@test "since when agrees with the history" {
	"$KMETA_BIN/kmeta-image" --problems -o json "$log" >problems
	"$KMETA_BIN/kmeta-history" -o json "$log" topics >history
	# The offset of the last change of each leader to none, where no other leader came after it.
	jq -s 'reduce (.[] | select(.entity == "partition" and (.fields.leader // null) != null)) as $e ({};
		.["topics/\($e.key.topic)/\($e.key.partition)"] = (if $e.fields.leader[1] == -1 then $e.offset else null end))
		| with_entries(select(.value))' history >wanted
	jq -s '[.[] | select(.code == "no-leader") | {(.entity): .since}] | add' problems >found
	[ "$(jq length found)" -eq 143 ]
	diff <(jq -S . wanted) <(jq -S . found)
}

@test "since when is known from before the newest checkpoint, or not before the only one" {
	mkdir whole late
	cp "$log"/*.log "$log"/*.checkpoint whole
	cp "$log"/00000000000000000310.log "$log"/00000000000000000730.log "$log"/00000000000000001148.log \
		"$log"/00000000000000000580-*.checkpoint late
	problems -o json whole@590
	[ "$(jq -s 'map(select(.code == "broker-fenced"))[0].since' <<<"$output")" -eq 577 ]
	problems -o json late@590
	[ "$(jq -s 'map(select(.code == "broker-fenced"))[0] | [.since, .sinceBefore]' -c <<<"$output")" = '[null,580]' ]
	problems late@590
	has "since before @580"
	problems late/*.checkpoint
	has "brokers/12  broker 12 is fenced after its shutdown: it leads nothing until it sends heartbeats and has caught up  since before @580"
}

@test "JSON: a line a problem, and a sum" {
	problems -o json "$log@1050"
	[ "$status" -eq 0 ]
	jq -es 'length == (.[-1].summary | .errors + .warnings + .notes) + 1 and
		all(.[:-1][]; .severity and .code and .message and .next) and
		.[-1].summary.endOffset == 1050 and .[-1].summary.problems["under-min-isr"] == 2' <<<"$output" >/dev/null
}

@test "--severity chooses, --limit cuts each kind, and --strict makes the status" {
	problems --severity=error "$log@1050"
	[ "$status" -eq 0 ]
	[[ $output != *"warning "* ]]
	[ "$(grep -c '^  topics/' <<<"$output")" -eq 22 ]
	has "... 42 more; --limit=N prints N of each kind"
	problems --severity=error --limit=100 "$log@1050"
	[ "$(grep -c '^  topics/' <<<"$output")" -eq 64 ]
	problems --strict --severity=error "$log"
	[ "$status" -eq 1 ]
	problems --strict --severity=error "$cases/controllers-that-are-gone/in"
	[ "$status" -eq 0 ]
	problems --strict --severity=warning "$cases/controllers-that-are-gone/in"
	[ "$status" -eq 1 ]
	problems --limit=0 "$log@1050"
	[ "${#lines[@]}" -eq 2 ]
}

@test "a state without problems says so" {
	problems --strict "$log@1"
	has "no problems: 0 errors, 0 warnings, 0 notes" || has "1 note"
	problems "$TESTDATA"/nothing-there
	[ "$status" -eq 2 ]
}

@test "what a log that begins late does not say is no problem" {
	cp "$log"/00000000000000000730.log .
	problems --partial 00000000000000000730.log
	[ "$status" -eq 0 ]
	has "known in part, from @730 on"
	[[ $output != *without-broker* && $output != *config-without* ]]
}

@test "mistakes on the command line" {
	for arguments in "-o hash" "-o records" "--leaderless" "--newest" "--severity=bad"; do
		# shellcheck disable=SC2086 # words
		problems $arguments "$log"
		[ "$status" -eq 2 ] || { echo "$arguments" && false; }
	done
	problems "$log" topics
	[ "$status" -eq 2 ]
	run "$KMETA_BIN/kmeta-image" --severity=error "$log"
	[ "$status" -eq 2 ]
}

@test "NO_OP records far too often, or none for long" {
	log=00000000000000000000.log
	"$BATS_TEST_DIRNAME/no_op_log.py" $log '500*200'
	problems $log
	[[ $output != *no-op-rate* ]]
	"$BATS_TEST_DIRNAME/no_op_log.py" $log '100*700'
	problems $log
	has "10 NO_OP records a second, where 2 are usual"
	"$BATS_TEST_DIRNAME/no_op_log.py" $log 500 500 90000 500
	problems $log
	has "no record came for 90 s behind offset 2"
	has "next: kmeta-stat $log"$'\n'
}

@test "settings that releases do not know, or not any more" {
	log=00000000000000000000.log
	while read -r level code; do
		"$BATS_TEST_DIRNAME/hostile_log.py" $log "level $level" a \
			log.message.format.version=2.8 plugin.of.ours=1
		problems $log
		[[ $output != *"no known release"* ]]
		has "$code"
		has "3.9 knew log.message.format.version last: Kafka 4.0 and later pass over it"
		has "--entity-type brokers --entity-name 1 --alter --delete-config log.message.format.version"
	done <<-'END'
		20 note setting-removed
		25 warning setting-unknown
	END
}
