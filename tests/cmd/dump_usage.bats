#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dump_usage.bats: help, version, and every mistake on kmeta-dump's command line.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# refused MESSAGE ARGUMENT...: status 2, one line that says what and where to look, nothing else
refused() {
	local message=$1
	shift
	dump "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "kmeta-dump: "*" (kmeta-dump --help)" ]]
	said "$message"
}

@test "--help explains every option" {
	dump --help
	[ "$status" -eq 0 ]
	silent
	[[ ${lines[0]} == "usage: kmeta-dump [options] ADDRESS..." ]]
	for option in output type not-type offset time epoch topic partition broker grep control batch limit \
		reverse follow salvage fold dialect quiet color progress utc show-secrets help version; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
	dump -h
	[ "$status" -eq 0 ]
	[[ $output == usage:* ]]
}

@test "--version says name, number, commit, codecs and releases" {
	dump --version
	[ "$status" -eq 0 ]
	silent
	[[ ${output%%$'\n'*} =~ ^kmeta-dump\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[[ ${output#*$'\n'} =~ ^commit\ ([0-9a-f]+|unknown),\ codecs\ gzip.*,\ Kafka\ 2\.8[.0-9]*\ to\ [4-9][.0-9]*$ ]]
	version=$output
	dump -V
	[ "$output" = "$version" ]
}

@test "help and version come before the rest" {
	dump --limit=3 --help nowhere
	[ "$status" -eq 0 ]
	[[ $output == usage:* ]]
}

@test "no address" {
	refused "name a segment, a checkpoint, a directory, or - for standard input"
	refused "name a segment" --reverse
}

@test "unknown options" {
	refused "unknown option '--colour'" --colour "$segment"
	refused "unknown option '--no-such=3'" "$segment" --no-such=3
	refused "unknown option -x" -x "$segment"
	refused "unknown option -x" -qx "$segment"
	refused "unknown option -x" --batch "$segment" -xq
}

@test "values that are missing, or too many" {
	refused "-o needs a value" -o
	refused "--limit needs a value" "$segment" --limit
	refused "no value goes with '--batch=1'" --batch=1 "$segment"
	refused "no value goes with '--quiet=1'" "$segment" --quiet=1
}

@test "values that are none of those" {
	refused "--output takes text, json, kafka or arrow, not 'xml'" -o xml "$segment"
	refused "--color takes auto, always or never, not 'yes'" --color=yes "$segment"
	refused "--progress takes auto, always or never, not ''" --progress= "$segment"
	refused "no release '5.7' is known: use 2.8 to" --dialect=5.7 "$segment"
	refused "no release 'new' is known" --dialect=new "$segment"
}

@test "limits that are no numbers" {
	for limit in x 1x -1 '' 1.5 0x10; do
		refused "--limit takes a number of records, not '$limit'" --limit="$limit" "$segment"
	done
}

@test "ranges that are none" {
	for option in offset epoch partition broker; do
		refused "--$option 'x' is no number or range: use A, A..B, A.. or ..B" --$option=x "$segment"
		refused "--$option '9..1' begins after its end" --$option=9..1 "$segment"
		refused "--$option '..' is no number or range" --$option=.. "$segment"
		refused "--$option needs a value" --$option= "$segment"
	done
}

@test "times that are none" {
	for time in yesterday 25:00 2026-02-30 -10 12..; do
		refused "--time '$time' is no time or range of times: use 2026-11-24T14:05[:00][Z]" \
			--time=$time "$segment"
	done
	refused "--time 'now..-1h' begins after its end" --time=now..-1h "$segment"
}

@test "types that no release knows: the first is named, and what is near" {
	refused "--type: 'TOPICZ' is no record type, see --type=list; did you mean TOPIC?" --type=TOPICZ "$segment"
	refused "--type: 'partitoin' is no record type, see --type=list; did you mean PARTITION?" \
		--type=TOPIC,partitoin,nothing "$segment"
	refused "--type: 'part' is no record type, see --type=list; did you mean PARTITION or PARTITION_CHANGE?" \
		--type=part "$segment"
	refused "--type: 'brokr' is no record type, see --type=list; did you mean broker?" --type=brokr "$segment"
	refused "--not-type: 'x*' is no record type, see --type=list (" --not-type='topic,x*' "$segment"
	refused "--type: '' is no record type, see --type=list (" --type=topic, "$segment"
}

@test "--type=list: every type, its number and what it is for, without an address" {
	for address in "" "$segment" nowhere; do
		# shellcheck disable=SC2086 # none or one
		dump --type=list $address
		[ "$status" -eq 0 ]
		silent
		[ "${lines[0]}" = " 0  REGISTER_BROKER               a broker started: its endpoints, features and log directories" ]
	done
	diff <(awk '{ print $2 }' <<<"$output") <("$KMETA_BIN/kmeta-dump" --print-table-of-options |
		jq -r '.options[] | select(.name == "type").words[][0]')
	run -1 grep -vE '^( -|[ 0-9][0-9])  [A-Z_]+ +[a-zA-Z].{10}' <<<"$output"
	dump --type=LIST
	[ "$status" -eq 0 ]
	refused "name a segment, a checkpoint, a directory, or - for standard input" --type=topic
	refused "--not-type: 'list' is no record type" --not-type=list "$segment"
	# Every number and name is understood.
	while read -r number name _; do
		[ "$number" = - ] || dump -q --type="$number" --limit=0 "$segment"
		[ "$status" -eq 0 ]
		dump -q --type="$name" --limit=0 "$segment"
		[ "$status" -eq 0 ]
	done < <("$KMETA_BIN/kmeta-dump" --type=list)
}

@test "what does not go together" {
	refused "--follow and --reverse do not go together" --follow --reverse "$segment"
	refused "--follow takes one address" -f "$segment" "$segment"
}

@test "options stand anywhere, shortened where that is clear" {
	dump "$segment" --lim=2 -o json
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "what follows -- is an address" {
	cp "$segment" ./--limit
	dump -o json -- --limit
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 310 ]
}

@test "a mistake is found before anything is read" {
	refused "--type: 'nothing' is no record type" --type=nothing nowhere
}
