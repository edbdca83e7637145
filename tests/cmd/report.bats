#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# report.bats: events of kmeta-report, held against the records and what was done to the clusters.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support

report_of() {
	run --separate-stderr "$KMETA_BIN/kmeta-report" "$@"
}

# events JQ-EXPRESSION: of all events of the log
events() {
	"$KMETA_BIN/kmeta-report" -o json "$log" | jq -s -c "map(select(.event)) | $1"
}

@test "--help explains every option" {
	report_of --help
	[ "$status" -eq 0 ]
	silent
	for option in time offset only ignore topic broker gap verbose out output dialect quiet utc; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
}

@test "mistakes on the command line" {
	for arguments in "" "--time=5 $log" "--offset=a..b $log" "--offset=.. $log" "--offset=9..5 $log" \
		"--only=fenced $log" "--ignore=x $log" "--broker=-1 $log" "--output=xml $log" \
		"--time=-1h.. --offset=1.. $log"; do
		# shellcheck disable=SC2086 # words
		report_of $arguments
		[ "$status" -eq 2 ] || { echo "$arguments" && false; }
		[ -z "$output" ]
		said "(kmeta-report --help)"
	done
	report_of --only=broker-fence "$log"
	said "did you mean broker-fenced"
}

@test "every record of every real log is part of one event" {
	count=0
	while read -r directory; do
		told=$("$KMETA_BIN/kmeta-report" -q -o json "$directory" |
			jq -s '[.[] | select(.event) | .records] | add')
		total=$("$KMETA_BIN/kmeta-report" -q -o json "$directory" | jq '.summary.records // empty')
		first=$("$KMETA_BIN/kmeta-report" -q -o json "$directory" | jq '.summary.firstOffset // empty')
		records=$("$KMETA_BIN/kmeta-dump" -q -o json --offset="$first.." "$directory" | wc -l)
		[ "$told" -eq "$records" ] && [ "$total" -eq "$records" ] ||
			{ echo "$directory: $told of $records" && false; }
		count=$((count + 1))
	done < <(find "$TESTDATA/real" -type d -name '*metadata-0')
	[ "$count" -ge 8 ]
}

@test "events follow one another without a gap" {
	[ "$(events 'sort_by(.offset) | [range(1; length) as $i | .[$i].offset - .[$i-1].lastOffset] | unique')" = '[1]' ]
}

@test "what was done to the cluster: controllers, brokers, voters, features" {
	[ "$(events 'map(select(.event == "controller-elected") | .broker)')" = '[2,1,3]' ]
	[ "$(events 'map(select(.event == "broker-shutting-down") | .broker)')" = '[12,11,12,11]' ]
	[ "$(events 'map(select(.event == "broker-unregistered") | .broker)')" = '[12]' ]
	[ "$(events 'map(select(.event == "broker-restarted") | .broker)')" = '[11]' ]
	[ "$(events 'map(select(.event == "voters-changed")) | length')" = 2 ]
	[ "$(events 'map(select(.event == "feature") | .about)')" = \
		'["features/metadata.version","features/eligible.leader.replicas.version","features/metadata.version"]' ]
	[ "$(events 'map(select(.event == "topic-deleted") | .about)')" = \
		'["topics/tiny","topics/bulk-3","topics/bulk-4"]' ]
	[ "$(events 'map(select(.event == "broker-fenced" or .event == "other")) | length')" = 0 ]
}

@test "a shutdown has the changes of partitions behind it" {
	[ "$(events '.[] | select(.offset == 378) | [.event, .records, .effects.moved, .effects.lost, .effects.shrunk, .effects.to]')" = \
		'["broker-shutting-down",110,51,1,109,{"11":51}]' ]
	[ "$("$KMETA_BIN/kmeta-dump" -o json --type=PARTITION_CHANGE --offset=379..487 "$log" | wc -l)" = 109 ]
}

@test "what brought a broker back says for how long it was away" {
	[ "$(events '.[] | select(.event == "broker-unfenced" and .endsOffset) | [.broker, .endsOffset, .after]' |
		head -n 1)" = '[12,378,10252]' ]
}

@test "an unclean election is an error" {
	[ "$(events 'map(select(.effects.unclean > 0) | [.event, .severity, .offset])')" = \
		'[["unclean-election","error",610]]' ]
}

@test "unclean elections are those that kmeta-history finds, in every log" {
	found=0
	while read -r directory; do
		told=$("$KMETA_BIN/kmeta-report" -q -o json "$directory" | jq -s '[.[] | .effects.unclean // 0] | add')
		listed=$("$KMETA_BIN/kmeta-history" -q -o json --unclean "$directory" | wc -l)
		[ "$told" -eq "$listed" ] || { echo "$directory: $told, not $listed" && false; }
		found=$((found + told))
	done < <(find "$TESTDATA/real" "$TESTDATA/cases/unclean-elections" -type d -name '*metadata-0')
	[ "$found" -gt 1 ]
}

@test "early releases: fencing has its own records" {
	[ "$("$KMETA_BIN/kmeta-report" -o json "$TESTDATA/real/kraft-3.0/node-1" |
		jq -c 'select(.event == "broker-fenced") | [.broker, .offset, .lastOffset]' | tr '\n' ' ')" = \
		'[12,153,154] [11,339,341] [12,426,510] ' ]
	[ "$("$KMETA_BIN/kmeta-report" -o json "$TESTDATA/real/kraft-2.8-early-access/node-1" |
		jq -s 'map(select(.event == "controller-elected")) | length')" -ge 1 ]
}

@test "text: verdict, figures, story, downtime, problems, commands" {
	report_of --utc "$log"
	[ "$status" -eq 0 ]
	silent
	[[ "${lines[0]}" == "1 election was unclean, 149 times a partition lost its leader, 4 times a broker shut down;"* ]]
	for part in "without leader 0 -> 143, under-replicated 0 -> 143" \
		"! 2026-11-24T14:15:33.348Z  @378       broker-shutting-down  broker 12: 51 leaders moved (11: 51)" \
		"back after 10 s" "Settings changed before the first bad event" "compression.type=zstd" \
		"Without leader" "__transaction_state/0  21 s, and still so for the last 11 s" "after-change-0/0  11 s, still so" "Problems at the end" \
		"kmeta-dump --offset=378..477 $log"; do
		grep -qF -- "$part" <<<"$output" || { echo "$part" && false; }
	done
}

@test "commands that show more stay within what was read" {
	# The first bad event stands a few records before the end.
	report_of --offset=950.. "$log@1020"
	[ "$status" -eq 0 ]
	first=$(sed -nE 's/^  kmeta-dump --offset=([0-9]+)\.\..*/\1/p' <<<"$output")
	[ "$first" -gt 920 ]
	grep -qF "  kmeta-dump --offset=$first..1019 $log" <<<"$output"
	[ "$("$KMETA_BIN/kmeta-dump" -o json --offset="$first..1019" "$log" | wc -l)" = "$((1020 - first))" ]
}

@test "a range begins with the state at its begin" {
	report_of -o json --offset=378..487 "$log"
	[ "$status" -eq 0 ]
	[ "$(jq -c 'select(.summary) | .summary | [.records, .firstOffset, .lastOffset, .before.topics, .after.topics, .after.leaderless]' <<<"$output")" = \
		'[110,378,487,32,32,1]' ]
	report_of -o json --time=2026-11-24T14:15:33.348Z..2026-11-24T14:15:33.348Z "$log"
	[ "$(jq -c 'select(.summary) | .summary.firstOffset' <<<"$output")" = 378 ]
	report_of -o json "$log@378"
	[ "$(jq -c 'select(.summary) | .summary.lastOffset' <<<"$output")" = 377 ]
}

@test "filters; and that nothing matches" {
	[ "$("$KMETA_BIN/kmeta-report" -o json --only=acl-added,acl-removed "$log" | jq -r '.event // empty' | sort | uniq -c | tr -s ' ')" = \
		$' 6 acl-added\n 1 acl-removed' ]
	report_of -o json --topic=tiny "$log"
	[ "$(jq -r 'select(.event) | .event' <<<"$output" | sort -u | tr '\n' ' ')" = 'directories-assigned topic-deleted topic-made ' ]
	report_of -o json --broker=12 --only=broker-unfenced "$log"
	[ "$(jq -r 'select(.event) | .broker' <<<"$output" | sort -u)" = 12 ]
	report_of -q --topic=nobody "$log"
	[ "$status" -eq 1 ]
}

@test "--gap folds, --verbose does not" {
	[ "$("$KMETA_BIN/kmeta-report" --only=acl-added "$log" | grep -c 'acl-added')" = 1 ]
	[ "$("$KMETA_BIN/kmeta-report" --gap=0 --only=broker-stopped "$log" | grep -c 'broker-stopped')" -gt 2 ]
	[ "$("$KMETA_BIN/kmeta-report" --verbose --only=acl-added "$log" | grep -c ' acl-added ')" = 6 ]
}

@test "secrets are hidden" {
	run "$KMETA_BIN/kmeta-report" -o json "$log"
	run ! grep -qE 'carol-pw|"tokens/[^[]' <<<"$output"
}

@test "markdown has 60 lines at most" {
	report_of -o markdown "$log"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -le 60 ]
	[ "$(wc -l <<<"$output")" -le 60 ]
	[ "${lines[0]}" = '## What happened' ]
}

@test "--out writes a new file, and no other" {
	mkdir "$BATS_TEST_TMPDIR/new"
	report_of -o json --out="$BATS_TEST_TMPDIR/new/story" "$log"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	"$KMETA_BIN/kmeta-report" -o json "$log" | cmp - "$BATS_TEST_TMPDIR/new/story"
	report_of --out="$BATS_TEST_TMPDIR/new/story" "$log"
	[ "$status" -eq 2 ]
	[ "$(ls "$BATS_TEST_TMPDIR/new")" = story ]
}

@test "a damaged log is told up to the damage" {
	cp -r "$log" "$BATS_TEST_TMPDIR/damaged"
	rm -f "$BATS_TEST_TMPDIR"/damaged/*.checkpoint
	segment=$(find "$BATS_TEST_TMPDIR/damaged" -name '*.log' | sort | sed -n 2p)
	printf 'XXXX' | dd of="$segment" bs=1 seek=200 conv=notrunc status=none
	report_of -o json "$BATS_TEST_TMPDIR/damaged"
	[ "$status" -eq 2 ]
	grep -qF "$segment" <<<"$stderr"
	[ "$(jq -c 'select(.summary) | .summary.complete' <<<"$output")" = false ]
	[ "$(jq -c 'select(.summary) | .summary.records' <<<"$output")" -gt 100 ]
}

@test "who has only the report knows of the damage" {
	damaged=$TESTDATA/faults/bitflip-crc
	for format in text markdown html json; do
		report_of -o $format "$damaged"
		[ "$status" -eq 2 ]
		grep -qF 'The log is damaged (crc-mismatch at byte 3690, offset 38), and the story may not be whole.' <<<"$output"
		run -1 grep -qF 'Nothing went wrong' <<<"$output"
	done
	report_of -o json "$damaged"
	[ "$(tail -n 1 <<<"$output" | jq -c .summary.damage)" = '{"code":"crc-mismatch","position":3690,"offset":38}' ]
	for kind in type version; do
		report_of "$TESTDATA/faults/unknown-record-$kind"
		[ "$status" -eq 2 ]
		[[ $output == "A record was not understood ("*" offset 1), and the story may not be whole. "* ]]
		report_of -o json "$TESTDATA/faults/unknown-record-$kind"
		[ "$status" -eq 2 ]
		[ "$(tail -n 1 <<<"$output" | jq -c '[.summary.complete, .summary.damage.offset]')" = '[false,1]' ]
	done
	report_of --topic=no-such-topic "$log"
	[[ $output == "There is no event to tell of."* ]]
}

@test "standard input, and a segment alone" {
	report_of -o json - <"$log/00000000000000000000.log"
	[ "$status" -eq 0 ]
	[ "$(tail -n 1 <<<"$output" | jq -c '.summary | [.records, .firstOffset, .lastOffset]')" = '[310,0,309]' ]
	report_of --offset=5.. - <"$log/00000000000000000000.log"
	[ "$status" -eq 2 ]
	said "standard input is read once"
	report_of "$log/00000000000000001148.log"
	[ "$status" -eq 0 ]
	[[ $output == *'what was before offset 1148 is unknown'* ]]
	[[ $output == *'broker-shutting-down  broker 11: 6 partitions lost their leader'* ]]
}

@test "html: one page without outside parts, whose policy fits its script and style" {
	report_of -o html "$log"
	[ "$status" -eq 0 ]
	silent
	printf '%s' "$output" >page
	[ "$(wc -c <page)" -lt 2000000 ]
	run ! grep -qE 'https?://|src=|href=|@import|url\(| style="| on[a-z]+="' page
	for part in script style; do
		hash=$(tr -d '\n' <page | sed -E "s/.*<$part>(.*)<\/$part>.*/\1/" | tr -d '\n' |
			python3 -c 'import base64, hashlib, sys; print(base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode())')
		grep -qF "$part-src 'sha256-$hash'" page || { echo "$part: $hash" && false; }
	done
	[ "$(grep -c '<tr data-s=' page)" -gt 40 ]
	grep -qF '<td class="error">error</td><td class="what">unclean-election  topics/__transaction_state/0' page
}

@test "hostile names are escaped in every format" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" 00000000000000000000.log '\x1b[2J' '\x9b31m' '\u202eevil' \
		'<script>alert(1)</script>' '"><img src=x onerror=alert(1)>' 'a|b`c*d' 'x\ny' '&lt;'
	for format in text markdown html json; do
		"$KMETA_BIN/kmeta-report" -o "$format" --verbose 00000000000000000000.log >"$format"
		run ! env LC_ALL=C grep -q "$(printf '\302\233\|\342\200\256\|\033')" "$format"
		grep -q evil "$format"
	done
	[ "$(grep -c '<script' html)" = 1 ]
	run ! grep -q '<img' html
	grep -qF 'topics/&#60;script&#62;alert(1)&#60;/script&#62;' html
	run ! grep -qE '(^|[^\])<(script|img)' markdown
	grep -qF 'a\|b\`c\*d' markdown
}

@test "the stories of real incidents are what was done, at its second and with its numbers" {
	judge=$BATS_TEST_DIRNAME/../servers/incident_judge.py
	for incident in "$TESTDATA"/incidents/kraft-*; do
		run python3 -B "$judge" "$KMETA_BIN/kmeta-report" "$incident"
		echo "$output"
		[ "$status" -eq 0 ]
		[ "${lines[-1]}" = told ]
	done
	# The judge sees what is missing, what is wrong, and what is too much.
	cp -r "$incident" "$BATS_TEST_TMPDIR/lie"
	for lie in '.acts += [.acts[] | select(.event == "topic-deleted") | .from += 60 | .to += 60]' \
		'(.acts[] | select(.event == "broker-fenced") | .numbers.shrunk) += 1' \
		'del(.acts[] | select(.event == "controller-elected"))' \
		'.follow = []'; do
		jq "$lie" "$incident/truth.json" >"$BATS_TEST_TMPDIR/lie/truth.json"
		run -1 python3 -B "$judge" "$KMETA_BIN/kmeta-report" "$BATS_TEST_TMPDIR/lie"
		[[ $output == *"NOT TOLD" ]]
	done
}
