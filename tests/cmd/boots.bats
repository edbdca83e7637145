#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# boots.bats: whether Kafka starts on a directory, held against servers that were started on it.
# shellcheck disable=SC2154 # variables come from support.bash and bats
load support

@test "kmeta-verify says of each directory whether the server started" {
	node=$TESTDATA/real/kraft-3.3/node-1
	faults=$(cut -f1 "$TESTDATA/boots/verdicts.tsv" | uniq)
	for fault in $faults; do
		"$BATS_TEST_DIRNAME/boots.py" "$node" "$fault" "$fault"
	done
	wrong=
	while IFS=$'\t' read -r fault release verdict; do
		answer=starts
		"$KMETA_BIN/kmeta-verify" -q --only=start --release="$release" --static-voters=1 "$fault" >said || answer=ends
		[ "$answer" = "$verdict" ] || wrong+="$fault $release: $verdict, but: $(cat said)"$'\n'
	done <"$TESTDATA/boots/verdicts.tsv"
	[ -z "$wrong" ] || { echo "$wrong" && false; }
}
