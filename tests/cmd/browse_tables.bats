#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# browse_tables.bats: kmeta-browse's tables of the state, their terms, and the jumps between entities.

# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables come from and go to support.bash and bats
load support
load browse

# rows: how many rows the table on the screen has
rows() {
	sed -n '/^── /,/^ offset /p' <<<"$output" | sed '1,3d;$d' | grep -c .
}

@test "the tables of a log" {
	for table in topics partitions brokers controllers voters configs acls quotas features scram tokens producer-ids; do
		screen "table-$table" ":900<Enter>:$table<Enter>" 80x24
	done
	screen table-wide ':900<Enter>:partitions<Enter>' 250x40
}

@test "a table has every entity that kmeta-image has" {
	for offset in 20 640 900 1173; do
		"$KMETA_BIN/kmeta-image" -o json "$node@$((offset + 1))" >image
		for kind in topics brokers acls; do
			count=$(jq ".$kind | length" image)
			press ":$offset<Enter>:$kind<Enter>z" 200x80
			if [ "$count" = 0 ]; then
				shows '^the state here has none$'
			else
				[ "$(rows)" = "$count" ]
			fi
		done
	done
}

@test "the headline counts what kmeta-image finds" {
	press ':900<Enter>:partitions<Enter>' 120x24
	for what in leaderless under-replicated; do
		count=$("$KMETA_BIN/kmeta-image" "--$what" "$node@901" | grep -c '^topics/')
		shows "^topics .*  $what $count  "
	done
	count=$("$KMETA_BIN/kmeta-image" -o json "$node@901" | jq '[.topics[].partitions | length] | add')
	shows "^topics 43  partitions $count  "
}

@test "words mean kinds as everywhere; others are told" {
	press 'G:partition<Enter>'
	shows '^── partitions ─'
	press 'G:TOPIC<Enter>'
	shows '^── topics ─'
	press 'G:tables<Enter>'
	answers "'tables' is no offset: use :OFFSET, :@TIME, :PERCENT%, :topics, :w FILE, :q"
}

# chosen TERMS: how many partitions meet them at offset 900
chosen() {
	press ":900<Enter>:partitions $1<Enter>" 200x24
	sed -nE 's/^([0-9]+) of 142 rows .*/\1/p' <<<"$output"
}

@test "terms choose rows" {
	"$KMETA_BIN/kmeta-image" -o json "$node@901" |
		jq -r '.topics | to_entries[] | .key as $t | .value.partitions[] |
			[$t, .partitionId, .leader, (.isr | length), (.replicas | length), (.replicas | index(12) != null)] | @tsv' >all
	[ "$(wc -l <all)" -eq 142 ]
	[ "$(chosen leader=none)" = "$(awk '$3 == -1' all | wc -l)" ]
	[ "$(chosen leader!=none)" = "$(awk '$3 != -1' all | wc -l)" ]
	[ "$(chosen leader=12)" = "$(awk '$3 == 12' all | wc -l)" ]
	[ "$(chosen leader=11,none)" = "$(awk '$3 == 11 || $3 == -1' all | wc -l)" ]
	[ "$(chosen 'rf<lt>2')" = "$(awk '$5 < 2' all | wc -l)" ]
	[ "$(chosen 'rf>=2')" = "$(awk '$5 >= 2' all | wc -l)" ]
	[ "$(chosen 'isr<lt>replicas')" = "$(awk '$4 < $5' all | wc -l)" ]
	[ "$(chosen 'isr=replicas')" -lt 142 ]
	[ "$(chosen under-replicated=yes)" = "$(awk '$4 < $5' all | wc -l)" ]
	[ "$(chosen under_replicated=no)" = "$(awk '$4 >= $5' all | wc -l)" ]
	[ "$(chosen 'missing>0')" = "$(awk '$4 < $5' all | wc -l)" ]
	[ "$(chosen replicas=12)" = "$(awk '$6 == "true"' all | wc -l)" ]
	[ "$(chosen replicas!=12)" = "$(awk '$6 == "false"' all | wc -l)" ]
	[ "$(chosen 'topic=bulk-*')" = "$(grep -c ^bulk- all)" ]
	[ "$(chosen topic=bulk-1)" = "$(grep -cw ^bulk-1 all)" ]
	[ "$(chosen topic~ULK)" = "$(grep -c ulk all)" ]
	[ "$(chosen topic!~bulk)" = "$(grep -vc ulk all)" ]
	[ "$(chosen bulk)" = "$(grep -c ulk all)" ]
	[ "$(chosen 'topic~bulk partition=0 isr<lt>replicas')" = "$(awk '/^bulk/ && $2 == 0 && $4 < $5' all | wc -l)" ]
	press ':900<Enter>:partitions topic=no-such<Enter>'
	shows '^0 of 142 rows '
	shows '^no row meets the terms$'
	# Nothing typed shows all again.
	press ':900<Enter>:partitions leader=none<Enter>&<Enter>'
	shows '^topics 43 '
	shows '^── partitions ─'
}

@test "a term that cannot be is told, and changes nothing" {
	press ':900<Enter>:topics<Enter>&leader=3<Enter>' 140x24
	answers "there is no column 'leader': known are topic, partitions, rf, leaderless, under-replicated, reassigning, overrides, id"
	shows '^── topics ─'
	press ':900<Enter>:topics<Enter>&rf<lt>many<Enter>'
	answers "'many' is neither a number nor a column to compare rf with"
	press ':900<Enter>:topics<Enter>&a b c d e f g h i j k l m n o p q<Enter>'
	answers 'there are more than 16 terms'
	press ':900<Enter>:topics nothing=1<Enter>' 140x24
	shows '^── topics ─'
	answers "there is no column 'nothing': known are topic, partitions, rf, leaderless, under-replicated, reassigning, overrides, id"
	press ':900<Enter>:topics<Enter>+nothing<Enter>' 140x24
	answers "there is no column 'nothing': known are topic, partitions, rf, leaderless, under-replicated, reassigning, overrides, id"
}

# column NUMBER: that column of the rows on the screen
column() {
	sed -n '/^── /,/^ offset /p' <<<"$output" | sed '1,3d;$d' | awk -v n="$1" 'NF { print $n }'
}

@test "sorting by numbers, lists and text, both ways, and equal rows stay" {
	press ':900<Enter>:partitions<Enter><Right><lt>z' 200x160
	column 2 | sort -n -c
	[ "$(column 2 | sort -u | wc -l)" -gt 3 ]
	# Within the same number they are in the order of the names.
	[ "$(column 1 | head -n 5)" = "$(column 1 | head -n 5 | sort)" ]
	press ':900<Enter>:partitions<Enter><Right>>z' 200x160
	column 2 | sort -rn -c
	press ':900<Enter>:partitions<Enter><Right><lt>rz' 200x160
	column 2 | sort -rn -c
	# By leader, and where it is the same by partition.
	press ':900<Enter>:partitions<Enter><Right><lt><Right><lt>z' 200x160
	column 3 | sed 's/none/-1/' | paste - <(column 2) | sort -c -k1,1n -k2,2n
	# A list by how many it has.
	press ':900<Enter>:partitions<Enter>3<Right>>z' 200x160
	column 4 | awk -F, '{ print $0 == "-" ? 0 : NF }' | sort -rn -c
	press ':900<Enter>:configs<Enter>2<Right><lt>z' 200x160
	column 3 | LC_ALL=C sort -c
	press ':900<Enter>:configs<Enter>2<Right>>z' 200x160
	column 3 | LC_ALL=C sort -r -c
	# Without a choice r turns round what is sorted by name.
	press ':900<Enter>:topics<Enter>rz' 200x160
	column 1 | LC_ALL=C sort -r -c
}

@test "columns: hidden, shown again, as they were" {
	press ':900<Enter>:topics<Enter><Right>HH' 140x24
	shows '^topic  +leaderless '
	press ':900<Enter>:topics<Enter><Right>HH+rf<Enter>' 140x24
	shows '^topic  +leaderless  rf  under'
	press ':900<Enter>:topics<Enter><Right>HH+<Enter>' 140x24
	shows '^topic  +partitions  rf  leaderless '
	press ':900<Enter>:topics<Enter>20H' 140x24
	press ":900<Enter>:topics<Enter>$(printf 'H%.0s' {1..20})" 140x24
	answers 'it is the last column'
	press ':900<Enter>:partitions<Enter>+rf<Enter>' 140x24
	shows '^topic +rf  partition  leader '
	# The key stays while the others go by.
	press ':900<Enter>:partitions<Enter>20<Right>'
	shows '^topic +partition +.*topic-id$'
	press ':900<Enter>:partitions<Enter>20<Right>20<Left>'
	shows '^topic +partition +leader '
}

@test "search goes through the rows, on from the end, and backwards" {
	press ':900<Enter>:partitions<Enter>/^orders<Enter>o'
	shows 'history of topics/orders/0 ─'
	press ':900<Enter>:partitions<Enter>/^orders<Enter>nno'
	shows 'history of topics/orders/2 ─'
	press ':900<Enter>:partitions<Enter>/^orders<Enter>nnNo'
	shows 'history of topics/orders/1 ─'
	press ':900<Enter>:partitions<Enter>/__trans<Enter>n'
	answers 'found again from the other end'
	press ':900<Enter>:partitions<Enter>G/after-change-0<Enter>o'
	shows 'history of topics/after-change-0/0 ─'
	press ':900<Enter>:partitions<Enter>/no-such<Enter>'
	answers 'not found: no-such'
	# In the columns that are shown, and the rows that are chosen.
	press ':900<Enter>:partitions topic=orders<Enter>/bulk<Enter>'
	answers 'not found: bulk'
}

@test "a table goes along with the log, and stays on its entity" {
	press ':880<Enter>:partitions<Enter>/^orders<Enter>nn20J'
	shows '^ offset 900  '
	press ':880<Enter>:partitions<Enter>/^orders<Enter>nn20Jo'
	shows 'history of topics/orders/2 ─'
	press ':880<Enter>:partitions leader=none<Enter>'
	before=$(sed -nE 's/^([0-9]+) of.*/\1/p' <<<"$output")
	press ':880<Enter>:partitions leader=none<Enter>300J'
	after=$(sed -nE 's/^([0-9]+) of.*/\1/p' <<<"$output")
	[ "$after" -gt "$before" ]
	press ':partitions<Enter>'
	shows '^the state here has none$'
	press ':partitions<Enter>G900J'
	shows 'partitions 142 '
}

@test "jumps: to the leader, to partitions, to the last change, to the history, and back" {
	local way='900' keys=':900<Enter>:partitions<Enter>/^orders<Enter>'
	press "$keys" 100x24
	shows '^── partitions ─'
	leader=$(grep '^orders  *0 ' <<<"$output" | awk '{ print $3 }')
	[ "$leader" -ge 11 ]
	press "${keys}b" 100x24
	shows '^── partitions > brokers ─'
	press "${keys}bl" 100x24
	answers "$(printf 'brokers/%s: change %s; Backspace goes back' "$leader" "$(changes "brokers/$leader")")"
	press "${keys}bp" 100x24
	shows "^── partitions > brokers > partitions replicas=$leader ─"
	press "${keys}bp<Backspace>" 100x24
	shows '^── partitions > brokers ─'
	press "${keys}bp<Backspace><Backspace>o" 100x24
	shows '^── partitions > history of topics/orders/0 ─'
	press "${keys}l" 100x24
	shows "^ offset $("$KMETA_BIN/kmeta-history" -o json "$node@901" orders/0 | jq .offset | tail -n 1)  "
	shows '^── partitions > record ─'
	press "${keys}l<Backspace>" 100x24
	shows '^ offset 900  '
	shows '^── partitions ─'
	press "${keys}l<Backspace><Backspace>" 100x24
	shows '^ offset 900  '
	shows '^. help  Enter record'
	press "${keys}l<Backspace><Backspace><Backspace>" 100x24
	shows '^ offset 0  '
	press "${keys}l<Backspace><Backspace><Backspace><Backspace>" 100x24
	answers 'there is no way back: nothing was jumped to'
	# From the tree of the state, too.
	press ':900<Enter>s/^topics<Enter><Enter>/^orders<Enter><Enter>jb' 100x24
	shows '^── state > state ─|^── state ─'
	shows "^  - $leader  "
	press ':900<Enter>s/^topics<Enter><Enter>/^orders<Enter>p' 100x24
	shows '^── state > partitions topic=orders ─'
	press ':900<Enter>:configs<Enter>b'
	answers "b goes from a partition to its leader's broker"
	press ':900<Enter>:configs<Enter>p'
	answers 'p goes from a broker or a topic to its partitions'
	press ':900<Enter>:partitions leader=none<Enter>b'
	answers "$(column 1 | head -n 1 | sed 's/^/topics\//')/$(column 2 | head -n 1) has no leader"
}

# changes PATH: "N of M" of the last change up to offset 900
changes() {
	"$KMETA_BIN/kmeta-history" -o json "$node" "$1" | jq .offset | sort -nu >offsets
	echo "$(awk '$1 <= 900' offsets | wc -l) of $(wc -l <offsets)"
}

@test "the history of an entity is that of kmeta-history, and leads to its records" {
	screen history ':900<Enter>:partitions<Enter>/^orders<Enter>o' 120x30
	"$KMETA_BIN/kmeta-history" -o json "$node" orders/0 | jq .offset >offsets
	answers "$(wc -l <offsets) changes"
	sed -n '/^── /,/^ offset /p' <<<"$output" | sed '1d;$d' | awk 'NF { print $1 }' | diff offsets -
	press ':900<Enter>:partitions<Enter>/^orders<Enter>og<Enter>'
	shows "^ offset $(head -n 1 offsets)  "
	shows '^── partitions > history of topics/orders/0 > record ─'
	press ':900<Enter>:partitions<Enter>/^orders<Enter>og<Enter><Backspace><Backspace>'
	shows '^── partitions ─'
	shows '^ offset 900  '
	# What the log does not tell from its start.
	press 's/^topics<Enter>o' 100x24 "$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0/00000000000000000580-0000000002.checkpoint"
	answers 'go to a topic, a partition, a broker ... first'
	press ':topics<Enter>o<Enter>' 100x24 "$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0/00000000000000000580-0000000002.checkpoint"
	shows '[(]there at the start[)]'
	answers 'no record of this log did that'
}

@test "the way is cut at its beginning where the screen is narrow" {
	press ':900<Enter>:partitions<Enter>/^orders<Enter>bpobpbp' 60x20
	shows '^──.*partitions replicas='
	[ "$(grep -c '^──' <<<"$output")" -eq 1 ]
	[ "$(grep '^──' <<<"$output" | wc -m)" -le 61 ]
}

@test "secrets are hidden in tables, and shown when they are asked for" {
	press ':900<Enter>:tokens<Enter>' 200x24
	shows '\[hidden\]'
	press ':900<Enter>:scram<Enter>+stored-key<Enter>' 200x24
	shows '\[hidden\]'
	press ':900<Enter>:scram<Enter>+stored-key<Enter>X' 200x24
	shows_no '\[hidden\]'
}

@test "hostile names are tame in tables, terms, jumps and the way" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" hostile.log '\x1b[2J\x1b[31m' '\u202eevil' 'a b,c*' '日本語のトピック' '\x9b31m' 'tab\there' 'a/3'
	mv hostile.log 00000000000000000000.log
	for keys in 'G:topics<Enter>' 'G:topics<Enter>rp' 'G:topics<Enter>jjjp' 'G:topics<Enter>jo' 'G:topics<Enter>jj<Enter>' 'G:topics<Enter>o<Enter>'; do
		press "$keys" 100x24 00000000000000000000.log
		[ "$(LC_ALL=C grep -c $'[\x01-\x08\x0b-\x1f]' <<<"$output")" -eq 0 ]
		shows_no $'\u202e'
	done
	# The terms of a jump mean each name as it is.
	for row in 0 1 2 3 4 5 6; do
		press "G:topics<Enter>${row/#0/}jkj${row/#[1-9]*/}p" 100x24 00000000000000000000.log
		shows 'topics > partitions topic='
		shows_no 'there is no column'
	done
}

@test "states of which nothing is known, and files that are none" {
	cp "$log/00000000000000000310.log" .
	press ':topics<Enter>' 100x24 00000000000000000310.log
	answers "the table cannot be made: 00000000000000000310.log begins at offset 310, and there is no checkpoint at or behind it" ||
		shows '^the table cannot be made: '
	press ':topics<Enter>' 100x24 "$faults/bitflip-crc/00000000000000000000.log"
	shows '^── topics ─'
	: >empty.log
	press ':topics<Enter>' 100x24 empty.log
	shows '^there is no table here'
	press ':topics<Enter><Enter>jkblpo<lt>>rH' 100x24 empty.log
}

@test "from a record to the state of what it names" {
	# Offset 900 is of after-change-2/2, 323 a new partition of brokers 12 and 11.
	press ':900<Enter><Enter>e' 100x24
	shows '^── record @900 > state ─'
	shows '^        partitionId=2$'
	press ':900<Enter><Enter>3je' 100x24
	shows '^  - after-change-2  '
	shows_no '^        partitionId='
	press ':900<Enter><Enter>5je' 100x24
	shows '^      brokerId=12$'
	press ':323<Enter><Enter>4je' 100x24
	shows '^── record @323 > brokers broker=12,11 ─'
	[ "$(rows)" -eq 2 ]
	press ':323<Enter><Enter>4je<Backspace>' 100x24
	shows '^── record ─'
	press ':11<Enter><Enter>e' 100x24
	shows '^- brokers [(]1[)]'
	press ':6<Enter><Enter>e' 100x24
	shows '^── record @6 > state ─'
	press '<Enter>e'
	answers 'this record names no entity of the state'
}

@test "sorting begins at the first row, choosing keeps the entity" {
	press ':900<Enter>:partitions<Enter>/^orders<Enter><Right>>o' 100x24
	shows 'history of topics/orders/8 ─'
	press ':900<Enter>:partitions<Enter>/^orders<Enter>nn&topic~o<Enter>o' 100x24
	shows 'history of topics/orders/2 ─'
}

@test "[ and ] step through the changes of a row, and stay on it" {
	local keys=':900<Enter>:partitions<Enter>/^orders<Enter>' offset
	"$KMETA_BIN/kmeta-history" -o json "$node" orders/0 | jq .offset | sort -nu >offsets
	offset=$(awk '$1 < 900' offsets | tail -n 1)
	press "${keys}["
	shows "^ offset $offset  "
	answers "topics/orders/0: change $(awk '$1 < 900' offsets | wc -l) of $(wc -l <offsets)"
	shows '^── partitions ─'
	press "${keys}[o"
	shows 'history of topics/orders/0 ─'
	# Back to where it is not there yet, and to where it is again.
	press "${keys}$(printf '[%.0s' {1..20})"
	answers "topics/orders/0: no change before offset $(head -n 1 offsets)"
	press "${keys}$(printf '[%.0s' {1..20})]]]o"
	shows 'history of topics/orders/0 ─'
	# Another row is another entity.
	press "${keys}[j["
	shows '^topics/orders/1: change '
}

# ---- prompts ----

# completes KEYS TEXT: what the prompt shows then
completes() {
	press "$1" 100x24
	answers "$2"
}

@test "Tab completes commands, columns, terms, types, topics, paths and files" {
	completes ':par<Tab>' ':partitions'
	completes ':qu<Tab>' ':qu  quotas  quit  quit-at-once'
	completes ':qu<Tab><Tab>' ':quotas  quotas  quit  quit-at-once'
	completes ':qu<Tab><Tab><Tab>' ':quit  quotas  quit  quit-at-once'
	completes ':qu<Tab><Tab><Tab><Tab><Tab>' ':quotas  quotas  quit  quit-at-once'
	completes ':nosuch<Tab>' ':nosuch'
	completes '/x<Tab>' '/x'
	completes ':topics under<Tab>' ':topics under-replicated'
	completes ':PARTITIONS last<Tab>=no<Tab>' ':PARTITIONS last-elr=no  none  no'
	completes '&ty<Tab>' '&type='
	completes '&type=TOPIC,PARTITION_C<Tab> to<Tab>' '&type=TOPIC,PARTITION_CHANGE topic='
	completes '&type=leader_c<Tab>' '&type=LEADER_CHANGE'
	completes 'G:topics<Enter>&le<Tab>' '&leaderless'
	completes 'G:topics<Enter>&topic=after-change-1,or<Tab>' '&topic=after-change-1,orders  orders  orders2'
	completes 'G:topics<Enter>&topic=after-change-1,or<Tab><Tab><Tab>' '&topic=after-change-1,orders2  orders  orders2'
	completes 'G:topics<Enter>+ov<Tab>' 'column +overrides'
	completes 'Gs:brokers/1<Tab>' ':brokers/1  brokers/11  brokers/12'
	completes 'Gs:topics/orders2/<Tab>' ':topics/orders2/  topics/orders2/0  topics/orders2/1'
	# Without a state nothing is known of it.
	completes '&topic=or<Tab>' '&topic=or'
	: >'a file'
	mkdir 'a dir' && : >'a dir/[x]*y'
	completes ':w a<Tab>' ':w a   a dir/  a file'
	completes ':w a d<Tab>' ':w a dir/'
	completes 'wa dir/[<Tab>' 'write what is shown to the file: a dir/[x]*y'
	# What stands behind the cursor stays.
	press ':par leader=none<Home><Right><Right><Right><Tab><Enter>'
	shows '^── partitions leader=none ─'
}

@test "a path leads to its entity" {
	press 'G:brokers/12<Enter>'
	shows '^── state ─'
	shows '^      brokerId=12$'
	press 'G:topic/orders/3<Enter>'
	shows '^        partitionId=3$'
	press 'G:brokers/99<Enter>'
	answers 'the state here does not have brokers/99'
	press 'G:nothing/99<Enter>'
	answers "'nothing/99' is no offset: use :OFFSET, :@TIME, :PERCENT%, :topics, :w FILE, :q"
}
