#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# prometheus.bats: the metrics of kmeta-verify, held against its JSON and a parser of Prometheus.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

node=$TESTDATA/real/kraft-4.3-full/node-1

# metrics ARGUMENT...: leaves $status, $output and $stderr
metrics() {
	run --separate-stderr "$KMETA_BIN/kmeta-verify" -o prometheus "$@"
}

# value NAME[{LABELS}]: of a sample; LABELS begins with log=
value() {
	grep -F "$1" <<<"$output" | awk 'NR > 1 { exit 1 } { print $NF }'
}

# as_json JQ-EXPRESSION ADDRESS: of the summary
as_json() {
	"$KMETA_BIN/kmeta-verify" -o json --skip=nodes "$2" | tail -n 1 | jq -r ".summary | $1"
}

@test "samples are those of the summary" {
	local address
	for address in "$node" "$log" "$checkpoint" "$faults"/{bitflip-crc,offset-gap,garbage-at-end,epoch-backwards,empty}/*.log; do
		metrics "$address"
		[ "$(value "kmeta_verify_status{log=\"$address\"}")" = "$status" ]
		for severity in error warning note; do
			[ "$(value "kmeta_verify_findings{log=\"$address\",severity=\"$severity\"}")" = "$(as_json ".${severity}s" "$address")" ]
		done
		[ "$(value "kmeta_verify_lost_bytes{log=\"$address\"}")" = "$(as_json .lostBytes "$address")" ]
		[ "$(value "kmeta_log_bytes{log=\"$address\"}")" = "$(as_json .bytes "$address")" ]
		[ "$(value "kmeta_log_end_offset{log=\"$address\"}")" = "$(as_json 'if .lastOffset then .lastOffset + 1 else "" end' "$address")" ]
		diff <(grep '^kmeta_verify_findings_by_code{' <<<"$output" | sed 's/.*code="//; s/"} / /' | sort) \
			<("$KMETA_BIN/kmeta-verify" -o json --skip=nodes "$address" | jq -r 'select(.code).code' | sort | uniq -c | awk '{ print $2, $1 }' | sort)
	done
}

@test "times, epochs and checkpoints" {
	metrics "$node"
	[ "$status" -eq 0 ]
	silent
	[ "$(value 'kmeta_log_epoch{')" = 3 ]
	[ "$(value 'kmeta_log_last_timestamp_seconds{')" = 1795529766.093 ]
	[ "$(value 'kmeta_checkpoint_end_offset{')" = 580 ]
	time=$("$KMETA_BIN/kmeta-dump" -o json --limit=1 "$checkpoint" | jq .data.lastContainedLogTimestamp)
	[ "$(value 'kmeta_checkpoint_timestamp_seconds{' | awk '{ printf "%.0f", $1 * 1000 }')" = "$time" ]
	[ "$(value 'kmeta_verify_timestamp_seconds{' | cut -d. -f1)" -ge "$(($(date +%s) - 60))" ]
	metrics "$log@500"
	[ "$(value 'kmeta_checkpoint_end_offset{')" = 0 ]
	metrics "$segment"
	[ "$(value 'kmeta_checkpoint_end_offset{')" = "" ]
}

@test "nodes are held against each other, and each address has one sample" {
	metrics "$log" "$TESTDATA/real/kraft-4.4/node-1" "$log"
	[ "$(grep -c '^kmeta_verify_status{' <<<"$output")" -eq 2 ]
	[ "$(value "kmeta_verify_findings_by_code{log=\"$TESTDATA/real/kraft-4.4/node-1\",code=\"nodes-differ\"}")" -ge 1 ]
	[ "$status" -eq 1 ]
	metrics --skip=nodes "$log" "$TESTDATA/real/kraft-4.4/node-1"
	run -1 grep -q nodes-differ <<<"$output"
}

@test "what cannot be read has status 2, and is said" {
	metrics "$log" nothing "$log@what"
	[ "$status" -eq 2 ]
	said "nothing: "
	said "what"
	[ "$(value 'kmeta_verify_status{log="nothing"}')" = 2 ]
	[ "$(value "kmeta_verify_status{log=\"$log@what\"}")" = 2 ]
	[ "$(value "kmeta_verify_status{log=\"$log\"}")" = 0 ]
	run -1 grep -qF 'kmeta_log_bytes{log="nothing"}' <<<"$output"
}

@test "labels are escaped, and the form is that of Prometheus" {
	name=$'a "quoted\\name"\nand\xff.log'
	cp "$segment" "$name"
	metrics "$name" "$node" "$faults"/bitflip-crc/*.log nothing
	grep -qF 'kmeta_verify_status{log="a \"quoted\\name\"\nand'$'\xef\xbf\xbd''.log"} 0' <<<"$output"
	# A HELP and a TYPE line before the samples of each metric, which stand together, and none is there twice.
	awk '
		/^# HELP kmeta_[a-z_]+ ./ { help = $3; next }
		/^# TYPE kmeta_[a-z_]+ gauge$/ { type = $3; if (type != help || type in seen) exit 1; seen[type] = 1; next }
		/^kmeta_[a-z_]+\{log="([^"\\]|\\["\\n])*"(,[a-z]+="[a-z-]+")?\} [0-9.e+-]+$/ {
			name = $0; sub(/\{.*/, "", name); sample = $0; sub(/ [^ ]*$/, "", sample)
			if (name != type || sample in samples) exit 1
			samples[sample] = 1; next
		}
		{ print "not understood: " $0; exit 1 }' <<<"$output"
}

@test "the parser of Prometheus understands it" {
	local python
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import prometheus_client' 2>/dev/null && break
		python=
	done
	[ -n "$python" ] || skip "there is no Python with prometheus-client (from PyPI)"
	cp "$segment" $'odd "name"\\ of\na log.log'
	metrics $'odd "name"\\ of\na log.log' "$node" "$faults"/bitflip-crc/*.log nothing
	printf '%s\n' "$output" >metrics.prom
	"$python" - metrics.prom <<-'END'
		import sys
		from prometheus_client.parser import text_string_to_metric_families
		families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
		assert len({family.name for family in families}) == len(families) == 12, len(families)
		samples = [(s.name, tuple(sorted(s.labels.items()))) for family in families for s in family.samples]
		assert len(set(samples)) == len(samples) > 30
		assert all(family.documentation and family.type == 'gauge' for family in families)
		logs = {dict(labels)['log'] for _, labels in samples}
		assert 'odd "name"\\ of\na log.log' in logs and 'nothing' in logs, logs
	END
}
