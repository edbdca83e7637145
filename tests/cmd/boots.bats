#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# boots.bats: whether Kafka starts on a directory, held against servers that were started on it.
# shellcheck disable=SC2154 # variables come from support.bash and bats
load support

@test "kmeta-verify says of each directory whether the server started" {
	wrong='' made=''
	while IFS=$'\t' read -r node fault voters release verdict; do
		if [ "$node $fault" != "$made" ]; then
			rm -rf directory
			"$BATS_TEST_DIRNAME/boots.py" "$TESTDATA/$node" "$fault" directory
			made="$node $fault"
		fi
		configured=()
		[ "$voters" = log ] || configured=(--static-voters="$voters")
		answer=starts
		"$KMETA_BIN/kmeta-verify" -q --only=start --release="$release" "${configured[@]}" directory >said ||
			answer=ends
		[ "$answer" = "$verdict" ] ||
			wrong+="$node $fault $voters $release: $verdict, but: $(cat said)"$'\n'
	done <"$TESTDATA/boots/verdicts.tsv"
	[ -z "$wrong" ] || { echo "$wrong" && false; }
}
