#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# browse_nodes.bats: kmeta-browse with the logs of several nodes: where they part, and their records
# at the offset of the cursor.

# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables come from and go to support.bash and bats
load support
load browse

quorum=testdata/real/kraft-4.3-full

@test "other nodes' logs stand below the log, and follow its cursor" {
	screen nodes '' 100x24 "$quorum/node-1" "$quorum/node-2" "$quorum/node-3"
	press ':870<Enter>' 100x24 "$quorum/node-1" "$quorum/node-2"
	shows '^    = +870 .*PARTITION_CHANGE .*orders/3 isr=\[12\] leader=12'
	shows '^    = +872 '
	shows_no '^    [-!+?] '
	screen help-nodes '<Tab>?' 120x60 "$quorum/node-1" "$quorum/node-2"
}

@test "a log that ends earlier or later, and up to a point" {
	press G 120x24 "$quorum/node-1" "$quorum/node-2@572"
	shows 'ends @572, 602 before this log: the same from offset 0 to 571'
	shows '^    - +1173  is not there'
	press '' 120x24 testdata/cases/nodes-compared-with-first-only/node-1 \
		testdata/cases/nodes-compared-with-first-only/node-2
	shows "ends @22, 6 behind this log's end: the same from offset"
}

@test "logs that part: where, and each record that is another" {
	press '' 120x24 testdata/cases/quota-entity-order-changes-hash/1 testdata/cases/quota-entity-order-changes-hash/2
	shows ': another log from offset [0-9]+ on, epoch 1 and not 1'
	shows '^    ! +2 '
	press '<Tab><Enter>' 120x24 testdata/cases/quota-entity-order-changes-hash/1 testdata/cases/quota-entity-order-changes-hash/2
	shows '^ offset 2 '
}

@test "damage of another log is no missing record" {
	mkdir broken
	cp testdata/real/kraft-4.3-full/node-2/*/*.log broken/
	first=$(echo broken/*.log | awk '{ print $1 }')
	size=$(stat -c %s "$first")
	printf 'XXXXXXXX' | dd of="$first" bs=1 seek=$((size / 2)) conv=notrunc status=none
	bad=$("$KMETA_BIN/kmeta-verify" -o json broken | jq -r 'select(.code == "crc-mismatch") | .offset' | head -1)
	[ -n "$bad" ]
	press ":$bad<Enter>" 120x24 "$quorum/node-1" broken
	shows "^    [?] +$bad  cannot be read: that log is damaged here"
}

@test "secrets of other logs are hidden too" {
	press '' 120x40 "$quorum/node-1" "$quorum/node-2"
	"$KMETA_BIN/kmeta-dump" -o json "$quorum/node-1" --type=USER_SCRAM_CREDENTIAL -n 1 >one
	offset=$(jq -r .offset one)
	press ":$offset<Enter>" 160x40 "$quorum/node-1" "$quorum/node-2"
	shows "^    = +$offset .*USER_SCRAM_CREDENTIAL"
	[ "$(grep -c hidden <<<"$output")" -ge 2 ]
}

@test "what cannot be another log is refused" {
	browse "$node" no-such-log
	[ "$status" -eq 2 ]
	said 'no-such-log: cannot open'
	browse "$node" - </dev/null
	[ "$status" -eq 2 ]
	said 'standard input can be read only once'
	press '=' 80x24 "$node"
	shows 'there is no other log: kmeta-browse LOG OTHER'
}

@test "topics of other clusters, and checkpoints, do no harm" {
	press '3j' 100x24 "$quorum/node-1" testdata/real/kraft-3.0/node-1
	shows ': another log from offset|no batch is in both'
	checkpoint=$(echo testdata/real/kraft-4.3-full/node-1/*/*580*.checkpoint)
	press '3j' 100x24 "$quorum/node-1" "$checkpoint"
	shows '^── other logs'
}
