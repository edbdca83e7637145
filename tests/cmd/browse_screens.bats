#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# browse_screens.bats: what kmeta-browse shows, pressed by --command and printed by --print.
#
# Whole screens are kept in golden/browse/, one a file. KMETA_UPDATE_GOLDEN=1 makes them anew: look at
# each that git shows to be different before it becomes what is expected.

# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables come from and go to support.bash and bats
load support
load browse

# ---- the command line ----

refused() {
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	said "$1"
}

@test "--help explains every option" {
	run --separate-stderr "$KMETA_BIN/kmeta-browse" --help
	[ "$status" -eq 0 ]
	silent
	for option in command print size theme dialect quiet color utc show-secrets; do
		grep -qE -- "--$option( |=)" <<<"$output" || { echo "$option" && false; }
	done
}

@test "mistakes on the command line are told" {
	browse --no-such-option "$node"
	refused "(kmeta-browse --help)"
	browse
	refused "name a segment, checkpoint or directory"
	for size in 80 80x x24 0x24 80x0 -1x24 80x24x1 1001x24 80x1001 wide ''; do
		browse --size="$size" "$node"
		refused "--size: '$size' is not like 80x24"
	done
	browse --theme=blue "$node"
	refused "--theme takes auto, dark, light or none, not 'blue'"
	browse --command 'j<NoSuchKey>' "$node"
	refused "--command: there is no key '<NoSuchKey>'"
	browse "$node@soon"
	refused soon
}

@test "what is not there, or no directory of a log, is refused, and said why" {
	mkdir empty
	browse no-such-file
	refused "no-such-file: "
	browse empty
	refused "empty: "
}

@test "what is no log is damage from end to end; an empty file has no record" {
	echo 'just text, and no log at all, however long it goes on; kmeta cannot read it' >text
	press '' 80x24 text
	shows 'DAMAGE at byte 0: .*magic'
	run --separate-stderr "$KMETA_BIN/kmeta-browse" --print --utc - <text
	[ "$status" -eq 0 ]
	shows 'DAMAGE at byte 0: .*magic'
	: >none
	for keys in '' G j '<Enter>' s mad t '/x<Enter>' '&type=TOPIC<Enter>' 'y' '5%' ':7<Enter>'; do
		press "$keys" 80x24 none
		shows '^  (there is no record|no record matches)'
	done
}

@test "without --print, and without a terminal, --print is named" {
	run --separate-stderr "$KMETA_BIN/kmeta-browse" "$node" </dev/null
	refused "use --print"
}

# ---- the log ----

@test "the log: its start, its end, wide and narrow" {
	screen log ''
	shows '^ +0  14:15:21.357 e1 +LEADER_CHANGE '
	screen log-end G 100x30
	shows "^ +$(offsets "$node" | tail -n 1)  .* NO_OP$"
	screen log-wide '' 200x60
	screen log-narrow '' 20x4
}

@test "the log holds the records of kmeta-dump, in their order" {
	press f 200x1000
	[ "$(awk '$1 ~ /^[0-9]+$/ { print $1 }' <<<"$output")" = "$(offsets "$node" | head -n 997)" ]
	press fG 200x1000
	[ "$(awk '$1 ~ /^[0-9]+$/ { print $1 }' <<<"$output")" = "$(offsets "$node" | tail -n 997)" ]
}

@test "no-ops fold, and f shows each" {
	press '' 100x30
	shows '^ +18 .* NO_OP +2 folded, up to offset 19$'
	shows_no '^ +19 '
	press f 100x30
	shows '^ +18 .* NO_OP$'
	shows '^ +19 .* NO_OP$'
	answers "no-ops are shown"
	press ff 100x30
	shows_no '^ +19 '
	answers "no-ops are folded"
}

@test "a screen that is too small says so, and any that is not shows something" {
	press s 19x10
	[ "$(tail -n 1 <<<"$output")" = "too small" ]
	press s 30x3
	[ "$(tail -n 1 <<<"$output")" = "too small" ]
	press s 1x1
	for view in '' '<Enter>' s mad t '?'; do
		press "$view" 20x4
		shows_no '^too small'
		[ "$(wc -L <<<"$output")" -le 20 ]
		[ "$(wc -l <<<"$output")" -eq 4 ]
	done
}

@test "counts, percent, offsets, times" {
	press 30j
	shows '^ offset 31  ' # 18 and 19 are one line
	press 30j5k
	shows '^ offset 26  '
	press '50%'
	shows '^ offset [0-9]+  .*  (4[0-9]|5[0-9])%'
	press ':50%<Enter>'
	shows '^ offset [0-9]+  .*  (4[0-9]|5[0-9])%'
	press '100%'
	shows '^ offset 1173  '
	press ':100%<Enter>'
	shows '^ offset 1173  '
	press 'G:0%<Enter>'
	shows '^ offset 0  '
	press ':1017<Enter>'
	shows '^ offset 1017  '
	press ':99999<Enter>'
	shows '^ offset 1173  '
	press ':@2026-11-24T14:15:55.049Z<Enter>'
	shows "^ offset $("$KMETA_BIN/kmeta-dump" -o json --time=2026-11-24T14:15:55.049Z.. "$node" | jq -n 'input.offset')  "
	press ':@start<Enter>'
	shows '^ offset 0  '
	press ':@end<Enter>'
	shows '^ offset 1173  '
}

@test "what is typed wrong is told, and changes nothing" {
	press '5j:here<Enter>'
	answers "'here' is no offset: use :OFFSET, :@TIME, :PERCENT%, :topics, :w FILE, :q"
	shows '^ offset 5  '
	press '5j:-3<Enter>'
	shows "^'-3' is no offset"
	press '5j:@soon<Enter>'
	shows '^ offset 5  '
	shows soon
	press '5j:99999999999999999999<Enter>'
	shows 'is no offset'
	press 'Z'
	answers 'Z does nothing here: ? lists the keys'
	press '5j:1017<Esc>'
	shows '^ offset 5  '
	press ':10<Left><Left>9<Right>7<Home><Delete>8<End><Backspace><Enter>'
	shows '^ offset 817  '
}

@test "Up and Down recall what was entered at the same prompt" {
	press '/orders<Enter>/tiny<Enter>/<Up>'
	shows '^/tiny$'
	press '/orders<Enter>/tiny<Enter>/dr<Up><Up><Up>'
	shows '^/orders$'
	press '/orders<Enter>/tiny<Enter>/dr<Up><Up><Down><Down><Down>'
	shows '^/dr$'
	press '/orders<Enter>:5<Enter>&type=TOPIC<Enter>/<Up>'
	shows '^/orders$'
	press '/orders<Enter>:5<Enter>:<Up><Backspace>7<Enter>'
	shows '^ offset 7  '
	press '/orders<Enter>/tiny<Enter>/tiny<Enter>/<Up><Up>'
	shows '^/orders$'
	press '/<Up><Down>a<Down>'
	shows '^/a$'
	# Of more than are kept, the newest are.
	press "$(for i in {100..199}; do printf ':%s<Enter>' "$i"; done):$(printf '<Up>%.0s' {1..90})"
	shows '^:136$'
}

@test "q asks where marks would be lost" {
	press 'ma5jq'
	answers 'marks are lost: q again ends kmeta-browse'
	shows '^ offset 5  '
	# Another key takes it back.
	press 'maqjq'
	answers 'marks are lost: q again ends kmeta-browse'
	press 'maqqj'
	shows '^ offset 0  '
	press 'maqQj'
	shows '^ offset 0  '
	press 'qj'
	shows '^ offset 0  '
}

@test "marks" {
	press "10jma5jmbgg'a"
	shows '^ offset 10  .*  mark b'
	press "10jma5jmb'a'b"
	shows '^ offset 15  '
	press "'c"
	answers 'there is no such mark'
	press 'm5'
	answers 'a mark is a letter from a to z'
	press 'ma'
	answers "mark a is set: 'a comes back, d shows what changed since"
}

@test "from one leader change to the next are all that kmeta-dump has" {
	local seen=''
	press ''
	for offset in $("$KMETA_BIN/kmeta-dump" -o json --control --type=LEADER_CHANGE "$node" | jq .offset); do
		if [ "$offset" -gt 0 ]; then
			seen="$seen}"
			press "$seen"
			shows "^ offset $offset  "
		fi
	done
	[ ${#seen} -ge 2 ]
	press "$seen}"
	answers 'no leader change behind here'
	press "$seen{"
	shows_no "^ offset $offset  "
	press '{'
	answers 'no leader change before here'
}

@test "from one damage to the next" {
	cp "$faults/bitflip-crc/00000000000000000000.log" .
	press ')' 80x24 00000000000000000000.log
	shows '  DAMAGE at byte 3690: crc-mismatch: '
	shows '^ offset 38  '
	press '))' 80x24 00000000000000000000.log
	answers 'no damage behind here'
	press 'G(' 80x24 00000000000000000000.log
	shows '^ offset 38  '
	press '(' 80x24 00000000000000000000.log
	answers 'no damage before here'
	press ')'
	answers 'no damage behind here'
	screen damage ')<Enter>' 100x30 00000000000000000000.log
}

# ---- searching and filtering ----

@test "search: forwards, backwards, over the end, in vain, and what is no expression" {
	found=$("$KMETA_BIN/kmeta-dump" --grep 'orders/3' "$node" | awk '{ print $1 }')
	first=$(head -n 1 <<<"$found") last=$(tail -n 1 <<<"$found")
	[ "$first" -lt "$last" ]
	press '/orders/3<Enter>'
	shows "^ offset $first  "
	press '\orders/3<Enter>'
	shows "^ offset $last  "
	answers 'found again from the other end'
	press 'G\orders/3<Enter>'
	shows "^ offset $last  "
	press '/orders/3<Enter>nnN'
	shows '^ offset 123  '
	press '\orders/3<Enter>N'
	shows "^ offset $first  "
	press '/orders/3<Enter>N'
	shows "^ offset $last  "
	press 'G/orders/3<Enter>'
	shows "^ offset $first  "
	answers 'found again from the other end'
	press '5j/no such thing<Enter>'
	shows '^ offset 5  '
	answers 'not found: no such thing'
	press '5j/(<Enter>'
	shows '^ offset 5  '
	shows '^\(: .*parenthesis'
	press n
	answers 'nothing was searched for yet: / asks what'
	press '/orders/3<Enter>/<Enter>'
	shows '^ offset 123  '
	press '/leader=none.*ratio|PARTITION_CHANGE +orders/3 +isr=\[]<Enter>'
	shows '^ offset 1017  '
}

@test "search in the views" {
	press 'G<Enter>/frame<Enter>'
	shows '^  frame 1, type 20'
	press ':1017<Enter><Enter>/lastKnown<Enter>'
	shows '^ *lastKnownElr'
	shows_no '^not found'
	press 's/no such thing<Enter>'
	answers 'not found: no such thing'
	press '?/^stop what<Enter>'
	answers 'not found: ^stop what'
	for view in s t '?' mad; do
		press "$view/(<Enter>"
		shows '^\(: '
	done
	# On the line of the brokers Enter opens them.
	press 'G''s/^brokers<Enter><Enter>'
	shows '^- brokers \(2\)'
	press 'G''s\^brokers<Enter><Enter>'
	shows '^- brokers \(2\)'
	press 't/REGISTER_CONTROLLER<Enter>z'
	shows REGISTER_CONTROLLER
}

@test "search in the state: folded branches too, which unfold" {
	# A partition, a topic and a group above it; fields below it.
	press ':1017<Enter>sz/^3 .*leader=none<Enter>' 120x100
	shows '^- topics '
	shows '^  - orders '
	shows '^    \+ 3  .*leader=none'
	shows_no '^not found'
	press ':1017<Enter>sz/^3 .*leader=none<Enter><Enter>' 120x100
	shows '^    - 3  .*leader=none'
	press ':1017<Enter>s/^incarnationId=<Enter>z' 120x60
	shows '^- brokers '
	shows '^  - [0-9]+ '
	shows '^ +incarnationId='
	# In the order of the tree: from the cursor on, and over the end.
	press 'Gs/^mechanism=<Enter>z' 100x100
	shows '^- scram'
	press 'Gsz/^1 <Enter>nN<Enter>' 120x100
	[[ $(grep -m 1 -E '^    [-+] 1 ' <<<"$output") == '    - 1 '* ]]
	press 'Gsz/^1 <Enter>nNn<Enter>' 120x100
	[[ $(grep -E '^    [-+] 1 ' <<<"$output" | sed -n 2p) == '    - 1 '* ]]
	press 'Gs/^topics <Enter>n' 120x60
	answers 'found again from the other end'
	press 'Gs\^topics <Enter>' 120x60
	answers 'found again from the other end'
	press 'Gs/^state @<Enter>' 120x60
	answers 'found again from the other end'
	# All partitions of a topic that match, one after another, and from behind.
	count=$("$KMETA_BIN/kmeta-image" -o json "$node" | jq '.topics.orders.partitions | length')
	[ "$count" -ge 5 ]
	press "Gs/^orders <Enter>/^[0-9]+ +replicas<Enter>$(printf 'n%.0s' $(seq 2 "$count"))<Enter>" 160x60
	shows "^    - $((count - 1)) "
	press 'Gs/^orders <Enter><Enter>/^orders2 <Enter>\^[0-9]+ +replicas<Enter><Enter>' 160x60
	shows "^    - $((count - 1)) "
	# What is hidden is not found, and in vain is in vain.
	press 'Gs/no such thing<Enter>'
	answers 'not found: no such thing'
	shows_no '^- '
	# Where no state is known, that is said.
	cp "$node"/__cluster_metadata-0/*310.log .
	press 's/orders<Enter>' 120x24 00000000000000000310.log
	shows '^the state cannot be told here: '
}

@test "search in the record: the fields of its batch too, which unfold" {
	press ':1017<Enter><Enter>/^codec=<Enter>z' 120x40
	shows '^- batch of '
	shows '^ +codec=none'
	press ':1017<Enter><Enter>/^leader=<Enter>z' 120x40
	shows '^\+ batch of '
	press ':1017<Enter><Enter>/^no such<Enter>' 120x40
	shows '^\+ batch of '
	answers 'not found: ^no such'
}

@test "Esc takes back what was begun, closes the view, and never ends" {
	press '5j<Esc><Esc><Esc>'
	shows '^ offset 5  '
	answers 'q ends kmeta-browse'
	press '5<Esc>j'
	shows '^ offset 1  '
	press 'm<Esc>a'
	answers 'a does nothing here: ? lists the keys'
	press 's?<Esc>'
	shows '^── state'
	press 's<Tab><Esc><Esc>j'
	shows_no '^── state'
	shows '^ offset 1  '
	# A message is cleared, and nothing else happens.
	press '5jZ<Esc>'
	shows '^ offset 5  '
	shows '^. help  Enter record'
	press 'F<Esc>'
	shows 'following'
}

@test "filter: terms as kmeta-dump's options" {
	screen filter '&type=PARTITION_CHANGE topic=orders partition=3<Enter>' 100x24
	[ "$(awk '$1 ~ /^[0-9]+$/ { print $1 }' <<<"$output")" = \
		"$(offsets --type=PARTITION_CHANGE --topic=orders --partition=3 "$node")" ]
	press '&topic=orders isr=<Enter>'
	answers 'isr needs a value'
	press '&type=TOPIC words<Enter>'
	shows '^  no record matches'
	shows '  & type=TOPIC words'
	press '&offset=100..103<Enter>'
	[ "$(awk '$1 ~ /^[0-9]+$/ { print $1 }' <<<"$output")" = "$(offsets --offset=100..103 "$node")" ]
	press '&control<Enter>' 80x40
	[ "$(awk '$1 ~ /^[0-9]+$/ { print $1 }' <<<"$output" | head -n 30)" = "$(offsets --control "$node" | head -n 30)" ]
	press '&leader=none orders/3<Enter>'
	answers "no filter is called 'leader'"
	press '&type=NO_SUCH_TYPE<Enter>'
	shows NO_SUCH_TYPE
	shows '^ +20 .* TOPIC '
	press '&type=TOPIC<Enter>&<Enter>'
	answers 'no filter: everything is shown'
	shows '^ +21 .* CONFIG '
	press '&'
	shows '^&'
}

@test "a filter's lines: moving, searching, counting" {
	press '&topic=orders partition=3<Enter>3j'
	shows '^ offset 394  '
	press '&topic=orders partition=3<Enter>G'
	shows '^ offset 1017  '
	press '&topic=orders partition=3<Enter>/isr=.11]<Enter>'
	shows '^ offset 394  '
	# The state is that of all records, not only of those that are shown.
	press '&topic=orders partition=3<Enter>Gs'
	shows '  state @1018 '
}

# ---- the views ----

@test "the record: fields, folds, batch" {
	screen record ':1017<Enter><Enter>' 120x40
	"$KMETA_BIN/kmeta-dump" -o json --offset=1017 "$node" | jq -r '.data | keys[]' | while read -r field; do
		shows "^ *[-+]? *$field"
	done
	screen record-control '<Enter>' 120x40
	press ':11<Enter><Enter>/endPoints<Enter><Enter>' 120x40
	shows '^\+ endPoints=\['
	shows_no 'securityProtocol'
	press ':11<Enter><Enter>/endPoints<Enter><Enter><Enter>' 120x40
	shows '^- endPoints'
	shows securityProtocol
	shows '^ +securityProtocol=SASL_PLAINTEXT '
	press ':13<Enter><Enter>z' 120x40
	shows '^ +securityProtocol=PLAINTEXT '
	screen record-batch '<Enter>/batch<Enter><Enter>z' 120x30
	shows "^ +crc=$(od -An -tx1 -j17 -N4 "$node"/__cluster_metadata-0/00000000000000000000.log | tr -d ' ') "
}

# The bytes beside a record's fields, sixteen a row.
bytes_shown() {
	sed -nE 's/.*│ +[0-9]+  (([0-9a-f*]{2} ){1,16}).*/\1/p' <<<"$output" | tr -d '\n'
}

@test "the bytes are those of the file, and lead to their fields" {
	# The byte that says how many endPoints there are folds them, and those around it do not.
	screen record-bytes ':11<Enter><Enter>z<Tab>4j<S-Tab><Enter>' 140x45
	shows '^\+ endPoints='
	press ':11<Enter><Enter>z<Tab>4jl<S-Tab><Enter>' 140x45
	shows '^- endPoints '
	press ':11<Enter><Enter>z<Tab>4jlh<S-Tab><Enter>' 140x45
	shows '^\+ endPoints='
	press ':11<Enter><Enter>z<Tab>2j<S-Tab><Enter>' 140x45
	shows '^- endPoints '
	press ':11<Enter><Enter>z<Tab>G<S-Tab><Enter>' 140x45
	shows '^- endPoints '
	# And from a field to its bytes, for which the bytes scroll.
	press ':11<Enter><Enter><Tab><S-Tab>/^rack<Enter>' 140x45
	shows '^  rack=null .* 913  00 1f '
	shows_no '│ +689 '
	press 'f:20<Enter><Enter>z' 140x50
	position=$(sed -nE 's/.*│ +([0-9]+)  .*/\1/p' <<<"$output" | head -n 1)
	shown=$(bytes_shown | tr -d ' ')
	[ ${#shown} -ge 20 ]
	[ "$shown" = "$(tail -c +$((position + 1)) "$node"/__cluster_metadata-0/00000000000000000000.log |
		head -c $((${#shown} / 2)) | od -An -v -tx1 | tr -d ' \n')" ]
}

@test "the state: a tree that opens, and what the record changed" {
	screen state ':1017<Enter>s' 120x30
	shows "^  ~ topics/orders/3  .*leader 12 -> none"
	"$KMETA_BIN/kmeta-image" -o json "$node@1018" >image
	shows "^\+ topics \($(jq '.topics | length' image)\)$"
	shows "^\+ brokers \($(jq '.brokers | length' image)\)$"
	screen state-open ':1017<Enter>s<Enter>' 120x40
	shows '^    [-+] 3  .*leader=none'
	screen state-fields ':1017<Enter>s<Enter><Enter>z' 120x40
	shows '^ +leader=none$'
	# The state goes along with the log.
	press ':1017<Enter>sJ' 120x30
	shows '^  state @1019 '
	shows '^  ~ topics/orders/4  '
	press ':1017<Enter>s2K' 120x30
	shows '^  state @1016 '
	press 's'
	shows '^  this record changed nothing'
}

@test "the state: its problems, and from there to what has them" {
	local counts
	screen problems 'Gs<Down><Enter><Down><Enter>' 100x40
	press 'Gs<Down><Enter><Down><Enter><Down><Down><Enter>' 120x40
	shows '^  - __transaction_state '
	shows '^    [+] 0  replicas='
	press 'Gs<Down><Enter><Down><Enter><Down><Down>[' 120x24
	shows '__transaction_state/1: change 6 of 6'
	press 'Gs<Down><Enter><Down><Enter>/may lead: broker 11<Enter>' 120x60
	shows '^  - no-leader '
	shows 'topics/__transaction_state/1  no leader; may lead: broker 11'
	# They are those of kmeta-image.
	counts=$("$KMETA_BIN/kmeta-image" --problems -o json "$log@1018" | jq -r '.summary.problems // empty | to_entries[] |
		"\(.key) [(]\(.value)[)]"')
	press ':1017<Enter>s/^problems<Enter><Enter>' 120x60
	while read -r line; do
		shows "  [+] $line "
	done <<<"$counts"
	# Nothing is wrong at the start but what later releases want.
	press 's' 120x40
	shows '^[+] problems: 1 note$'
}

@test "the state at any place says what kmeta-image says" {
	for offset in 0 20 400 640 900 1100 1173; do
		press ":$offset<Enter>sz" 100x40
		"$KMETA_BIN/kmeta-image" -o json "$node@$((offset + 1))" >image
		shows "^  state @$((offset + 1))"
		for group in topics brokers acls; do
			count=$(jq ".$group | length" image)
			[ "$count" = 0 ] && continue
			shows "^\+ $group \($count\)$"
		done
	done
}

@test "[ and ] step through the changes that kmeta-history tells" {
	local keys=':1017<Enter>s<Enter>' n=0 count
	changes=$("$KMETA_BIN/kmeta-history" -o json "$node" orders/3 | jq .offset)
	count=$(wc -w <<<"$changes")
	[ "$count" -ge 5 ]
	for offset in $(tac <<<"$changes" | tail -n +2); do
		keys="${keys}["
		n=$((n + 1))
		press "$keys" 120x30
		shows "^ offset $offset  "
		answers "topics/orders/3: change $((count - n)) of $count"
	done
	# There it is no more, and still what is meant.
	press "${keys}["
	answers "topics/orders/3: no change before offset $offset"
	press "${keys}]"
	answers "topics/orders/3: change 2 of $count"
	press '['
	answers 'open the state (s) and go to what the changes are wanted of'
}

@test "the changes between a mark and the cursor are those of kmeta-diff" {
	screen diff ':1015<Enter>ma:1018<Enter>d' 120x30
	"$KMETA_BIN/kmeta-diff" "$node@1016" "$node@1019" >told || [ $? -eq 1 ]
	[ -s told ]
	sed 's/ *$//' told | cut -c1-100 | while IFS= read -r line; do
		grep -qF -- "$line" <<<"$output" || { echo "$line" && false; }
	done
	answers "$(grep -c '^[-+~]' told) differences between @1016 and @1019"
	# Kinds are counted, and fold; a change leads to its entity.
	shows '^- partitions \(3 changed\)$'
	press ':1015<Enter>ma:1018<Enter>dj<Enter>' 120x30
	shows '^── .* > state '
	shows '^    - 3 '
	press 'ma:1018<Enter>dz' 120x24
	shows '^- brokers \(2 added\)$'
	press 'ma:1018<Enter>dz' 120x160
	shows '^[+] partitions \(142 added\)$'
	screen diff-unmarked d
	press '10jmad'
	shows '^  nothing differs between @11 and @11$'
	# The cursor of the log is the other end, before the mark as well as behind it.
	press ':1018<Enter>ma:1015<Enter>d' 120x30
	answers "$(grep -c '^[-+~]' told) differences between @1016 and @1019"
}

@test "the statistics are those of kmeta-stat" {
	screen statistics tz 120x60
	"$KMETA_BIN/kmeta-stat" -o json "$node" >stat
	shows "$(jq .records stat)"
	jq -r '.types[]? | .type // empty' stat | head -n 5 | while read -r type; do
		shows "$type"
	done
	press 't>>'
	shows '^  < > 2026-11-24T14:15:[0-9.]+Z  [0-9]+ records'
	shows_no '^ offset 0  '
	press 't>><lt><lt>'
	shows '^ offset 0  '
}

@test "help says which keys there are, in each view" {
	screen help '?' 120x60
	screen help-record '<Enter>?' 120x60
	screen help-state 's?' 120x60
	screen help-diff 'd?' 120x60
	screen help-table ':topics<Enter>?' 120x70
	screen help-history 'G:topics<Enter>o?' 120x60
	screen help-statistics 't?' 120x60
	press 's?q'
	shows '^── state '
	press '?q'
	shows_no '^── '
}

# ---- every key ----

# In which table of keys, what is pressed before, the key and what is pressed behind it, and what is
# shown then, but is not if the key alone is left out.
keys_tested() {
	cat <<'TABLE'
actions     -               j                       offset 1\b
actions     -               <Down>                  offset 1\b
actions     5j              k                       offset 4\b
actions     5j              <Up>                    offset 4\b
actions     -               <C-d>                   offset 11\b
actions     -               <Space>                 offset 21\b
actions     -               <PageDown>              offset 21\b
actions     -               <C-f>                   offset 21\b
actions     60j             <C-u>                   offset 50\b
actions     60j             b                       offset 41\b
actions     60j             <PageUp>                offset 41\b
actions     60j             <C-b>                   offset 41\b
actions     60j             g                       offset 0\b
actions     60j             <Home>                  offset 0\b
actions     -               G                       offset 1173\b
actions     -               <End>                   offset 1173\b
actions     2l              h                       ^ +EPOCH TYPE
actions     2l              <Left>                  ^ +EPOCH TYPE
actions     -               l                       ^ +EPOCH TYPE
actions     -               <Right>                 ^ +EPOCH TYPE
actions     s               <Tab>j                  offset 1\b
actions     <Enter>         <S-Tab>j                offset 1\b
actions     :1017<Enter>s<Enter> z                  ^  . payments 
actions     11j             s                       state @12
actions     G:topics<Enter>p <Backspace>            ^── topics ─
actions     20jmaj          d                       ^── changes between
actions     -               t                       ^── statistics
actions     -               E                       ^── events
actions     -               =                       ^── other logs
actions     :1017<Enter>s   [                       offset 870\b
actions     :870<Enter>s    ]                       offset 1017\b
actions     -               /SCRAM<Enter>           offset 8\b
actions     G               \SCRAM<Enter>           offset 282\b
actions     /SCRAM<Enter>   n                       offset 278\b
actions     /SCRAM<Enter>n  N                       offset 8\b
actions     -               &type=TOPIC<Enter>      & type=T
actions     -               :20<Enter>              offset 20\b
actions     -               F                       following
actions     -               y                       ^there is no terminal with a clipboard
actions     -               Yrecord.json<Enter>     ^written to record.json
actions     -               wscreen.txt<Enter>      ^written to screen.txt
actions     -               X                       ^secrets are shown
actions     s               ?                       ^── keys
actions     s               <F1>                    ^── keys
actions     s               q                       ^. help  Enter record
actions     s               <Esc>                   ^. help  Enter record
actions     -               Qj                      offset 0\b
actions     -               <C-c>                   ^q ends kmeta-browse
log_view    -               <Enter>                 ^── record
log_view    -               }                       offset 317\b
log_view    G               {                       offset 833\b
log_view    -               )                       offset 38\b
log_view    G               (                       offset 38\b
log_view    G               %                       offset 0\b
log_view    11j             ma                      ^mark a is set
log_view    11jmag          'a                      offset 11\b
log_view    -               f                       ^no-ops are shown
record_view 11j<Enter>6j    <Enter>                 ^\+ endPoints
record_view :1017<Enter><Enter> e                   ^── record @1017 > state
state_view  11js            <Enter>                 ^- brokers
state_view  11js            J                       offset 12\b
state_view  11js            K                       offset 10\b
table_view  :900<Enter>:partitions<Enter>3j <Enter>     ^── partitions > state
table_view  G:partitions<Enter>2<Right>     <Left><lt>  ^topic +partition<
table_view  G:partitions<Enter>             <Right><lt> ^topic +partition<
table_view  G:partitions<Enter>2<Right>     h<lt>       ^topic +partition<
table_view  G:partitions<Enter><Right>      <lt>        ^topic +partition<
table_view  G:partitions<Enter><Right>      >           ^topic +partition>
table_view  G:partitions<Enter><Right><lt>  r           ^topic +partition>
table_view  G:partitions<Enter><Right>      H           ^partition.is.hidden
table_view  G:topics<Enter>                 +id<Enter>  ^topic.*overrides +id$
table_view  G:topics<Enter>                 &topic=end<Enter> ^1.of.44.rows
table_view  :900<Enter>:topics<Enter>       J           offset 901\b
table_view  :900<Enter>:topics<Enter>       K           offset 899\b
history_view :900<Enter>:topics<Enter>o     <Enter>     ^── topics > history of .* > record
way         :900<Enter>:partitions<Enter>3j b           ^── partitions > brokers
way         :900<Enter>:topics<Enter>       p           ^── topics > partitions topic=
way         :900<Enter>:topics<Enter>       l           change [0-9]+ of [0-9]+; Backspace
way         :900<Enter>:topics<Enter>       o           ^── topics > history of topics/
statistics_view t               >                   offset [1-9]
statistics_view t               <Right>             offset [1-9]
statistics_view t>              <lt>                offset 0\b
statistics_view t>              <Left>              offset 0\b
statistics_view 50jt            <Enter>             offset 29\b
diff_view   :1015<Enter>ma:1018<Enter>d <Enter> ^\+ partitions .3 changed.
nodes_view  <Tab>           <Enter>                 offset 1173\b
events_view E               >                       offset [1-9]
events_view E>              <lt>                    offset 16\b
events_view EG              <Enter>                 offset [1-9]
events_view E               +                       to 2026-11-24T14:15:4
events_view E+              -                       to 2026-11-24T14:16:06
TABLE
}

# key_of KEYS: the first of them
key_of() {
	case $1 in
	'<'*'>'*) echo "${1%%>*}>" ;;
	*) echo "${1:0:1}" ;;
	esac
}

@test "every key does what it is for, and nothing else does it" {
	local table before keys pattern key rest address others
	while read -r table before keys pattern; do
		[ "$before" != - ] || before=
		key=$(key_of "$keys")
		rest=${keys#"$key"}
		# To damage only where there is some.
		[[ $key != [\(\)] ]] && address=$node || address=$faults/bitflip-crc/00000000000000000000.log
		others=()
		[ "$table" != nodes_view ] || others=(testdata/real/kraft-4.3-full/node-2)
		echo "$table: '$before' '$keys'"
		rm -f record.json screen.txt
		press "$before$rest" 80x24 "$address" "${others[@]}"
		shows_no "$pattern"
		rm -f record.json screen.txt
		press "$before$keys" 80x24 "$address" "${others[@]}"
		shows "$pattern"
	done < <(keys_tested)
}

# The tables of keys in the sources, a table and a key a line, the keys as --command has them.
keys_bound() {
	local file key
	grep -lE 'struct binding [a-z]*_keys\[\]|define WAY_KEYS' "$project"/cmd/browse/*.c "$project"/cmd/browse/views/*.[ch] |
		while read -r file; do
		sed -nE "s/^\t\{ ('.*'|PRESS_[A-Z0-9_]+|CONTROL\('.'\)), (\"|NULL).*/\1/p" "$file" | while read -r key; do
			case $key in
			PRESS_ESCAPE) key='<Esc>' ;;
			PRESS_BACK_TAB) key='<S-Tab>' ;;
			PRESS_*) key="<$(sed -E 's/PRESS_//; s/(.)([A-Z0-9]*)(_?)/\1\L\2/g' <<<"$key")>" ;;
			CONTROL*) key="<C-${key:9:1}>" ;;
			"'\\n'") key='<Enter>' ;;
			"'\\t'") key='<Tab>' ;;
			"' '") key='<Space>' ;;
			"'<'") key='<lt>' ;;
			"'\\"*) key=${key:2:1} ;;
			*) key=${key:1:1} ;;
			esac
			echo "$(basename "${file%.?}") $key"
		done
	done
}

@test "every key that is bound is tested" {
	keys_bound | sort >bound
	[ "$(wc -l <bound)" -ge 60 ]
	{
		# These need a terminal.
		for key in '<C-l>' '<C-z>' '<Click>' '<WheelUp>' '<WheelDown>'; do
			grep -qF "# keys: $key" "$BATS_TEST_DIRNAME/browse_terminal.bats"
			echo "actions $key"
		done
		keys_tested | while read -r table _ keys _; do
			echo "$table $(key_of "$keys")"
		done
	} | sort >tested
	diff bound tested
}

# ---- taking along ----

@test "w and Y write new files, and write over none" {
	press ':1017<Enter>Yrecord.json<Enter>'
	answers 'written to record.json'
	diff record.json <("$KMETA_BIN/kmeta-dump" -o json --utc --offset=1017 "$node")
	press 'wscreen.txt<Enter>'
	diff <(head -n 22 <<<"$output") screen.txt
	press 'sz:w state.txt<Enter>'
	grep -q '^  state @1' state.txt
	cp record.json before
	press 'Yrecord.json<Enter>'
	answers 'record.json: File exists'
	cmp record.json before
	press 'wrecord.json<Enter>'
	answers 'record.json: File exists'
	press ':w record.json<Enter>'
	answers 'record.json: File exists'
	cmp record.json before
	press 'wno/such/directory<Enter>'
	answers 'no/such/directory: No such file or directory'
	press 'w<Enter>'
	answers 'no file: a name is needed'
	press 'y'
	answers 'there is no terminal with a clipboard: Y writes a file'
}

@test "secrets are hidden until X, on the screen, in bytes and in files" {
	offset=$("$KMETA_BIN/kmeta-dump" -o json --type=USER_SCRAM_CREDENTIAL "$node" | jq -n 'input.offset')
	key=$("$KMETA_BIN/kmeta-dump" -o json --show-secrets --offset="$offset" "$node" | jq -r .data.storedKey)
	# As the bytes have it: the first four of them.
	hex=$(base64 -d <<<"$key" | head -c 4 | od -An -tx1)
	hex=${hex# }
	screen secrets-hidden ":$offset<Enter><Enter>" 180x40
	shows '^ *storedKey=\[hidden\]'
	shows_no "$key"
	[[ $(bytes_shown) != *"$hex"* ]]
	shows '\*\* \*\* \*\* \*\*'
	press "X:$offset<Enter><Enter>" 180x40
	shows "^ *storedKey=(base64:)?\"?${key//+/\\+}"
	[[ $(bytes_shown) == *"$hex"* ]]
	shows_no '\*\* \*\*'
	press ":$offset<Enter>Yhidden<Enter>XYshown<Enter>"
	[ "$(jq -r .data.storedKey shown)" = "$key" ]
	[ "$(jq -r .data.storedKey hidden)" = '[hidden]' ]
	press ":$offset<Enter>XXs<Enter>z" 160x50
	shows_no "$key"
	press ":10<Enter>sX/^scram<Enter><Enter>z" 400x50
	shows "storedKey=$key"
	press ":10<Enter>s/^scram<Enter><Enter>z" 400x50
	shows "storedKey=\[hidden]"
	shows_no "$key"
	press ":$offset<Enter>" 400x40
	shows_no "$key"
	press ":$offset<Enter>" 400x40 --show-secrets "$node"
	shows "$key"
	# Nobody knows what damaged bytes were.
	cp "$faults/bitflip-crc/00000000000000000000.log" .
	press ')<Enter>' 100x30 00000000000000000000.log
	shows '\*\* \*\* \*\*'
}

@test "the value of a sensitive config is a secret wherever it stands" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" 00000000000000000000.log 'ssl.keystore.password=hunter2' 'a.topic'
	for keys in '' '<Enter>' '<Enter><Tab>l' 's' 's/configs<Enter><Enter>' 'jmakd' 't'; do
		press "$keys" 300x40 00000000000000000000.log
		shows_no 'hunter2'
		[[ $(bytes_shown) != *'68 75 6e 74 65 72 32'* ]]
	done
	for keys in X 'X<Enter>' 'Xs'; do
		press "$keys" 300x40 00000000000000000000.log
		shows '=hunter2'
	done
	press '<Enter>X' 300x40 00000000000000000000.log
	[[ $(bytes_shown) == *'68 75 6e 74 65 72 32'* ]]
	press 'Yhidden<Enter>XYshown<Enter>' 80x24 00000000000000000000.log
	[ "$(jq -r .data.value hidden)" = '[hidden]' ]
	[ "$(jq -r .data.value shown)" = hunter2 ]
	# What is hidden cannot be found out by searching either.
	press '/hunter2<Enter>' 80x24 00000000000000000000.log
	answers 'not found: hunter2'
	press '&hunter<Enter>' 80x24 00000000000000000000.log
	shows '^  no record matches'
}

# ---- names that would do something to a terminal ----

# The screen holds nothing that a terminal would act upon, or that turns what stands around it.
tame() {
	if LC_ALL=C grep -P '[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]' \
		<<<"$output"; then
		return 1
	fi
}

@test "names are only shown, whatever they hold" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" 00000000000000000000.log \
		'\x1b[2J\x1b]52;c;QUJD\x07' '\u202eevil' '日本語のトピック' '😀𝔘' 'a\u0301\u200b|' '\x9b31m' \
		'tab\there' '%s%n' '\u2066x\u2069'
	screen hostile '' 80x24 00000000000000000000.log
	for keys in '' '<Enter>' 'G<Enter><Tab>' 's/topics<Enter><Enter>' 'mcGd' 't' '2j<Enter>' '/%s<Enter>' \
		'3jy' '2lj' '&topic=日本語のトピック<Enter>'; do
		for size in 80x24 37x12 61x31; do
			press "$keys" "$size" 00000000000000000000.log
			tame
			[ "$(wc -L <<<"$output")" -le "${size%x*}" ]
		done
	done
	press '&topic=日本語のトピック<Enter>' 80x24 00000000000000000000.log
	shows '^ offset 2  '
	press 'G/日本語<Enter>' 80x24 00000000000000000000.log
	shows '^ offset 2  '
}

@test "lines that are cut end in a mark, also within a wide character, and others do not" {
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" 00000000000000000000.log "$(printf '日本語%.0s' {1..15})" "$(printf 'x%.0s' {1..90})" short
	for view in '' s; do
		press "$view" 1000x8 00000000000000000000.log
		cat <<<"$output" >whole
		for width in $(seq 120 130); do
			press "$view" "${width}x8" 00000000000000000000.log
			python3 - "$width" whole <(cat <<<"$output") <<-'END'
				import sys, unicodedata

				def columns(text):
				    return sum(2 if unicodedata.east_asian_width(c) == 'W' else 1 for c in text)

				width = int(sys.argv[1])
				whole, cut = (open(name, encoding='utf-8').read().split('\n') for name in sys.argv[2:])
				lines = [(a, b) for a, b in zip(whole, cut) if a[8:12].strip().isdigit() or a[:1] in '+-']
				assert len(lines) >= 3, whole
				for a, b in lines:
				    if columns(a) > width:
				        while columns(a) >= width:
				            a = a[:-1]
				        a += ' ' * (width - 1 - columns(a)) + '…'
				    assert a == b, (a, b)
			END
		done
	done
}

@test "random records of every release can be looked at" {
	for address in testdata/generated/gen-*/*.log testdata/generated/gen-*/*/*.log; do
		press 'j<Enter>jjj<Enter>Gkkk<Tab><Tab>z' 77x25 "$address"
		shows '^ offset [0-9]+ '
		press 'Gs}{tGdmaGd' 77x25 "$address"
	done
}

@test "the record names the topic of an id, unless it says the name itself" {
	press ':1120<Enter><Enter>/last-7<Enter>' 120x40
	shows '^  topicId=yCxj1EDLSXyRbGi-GAjz7A  \(last-7\) '
	press '&type=REMOVE_TOPIC<Enter><Enter>' 120x40
	id=$("$KMETA_BIN/kmeta-dump" -o json --type=REMOVE_TOPIC --limit=1 "$node" | jq -r .data.topicId)
	name=$("$KMETA_BIN/kmeta-dump" -o json --type=TOPIC "$node" | jq -r "select(.data.topicId == \"$id\").data.name")
	shows "^  topicId=$id  \\($name\\) "
	press '&type=TOPIC<Enter><Enter>' 120x40
	shows '^  topicId=[^ ]* +│'
	# A log that begins late does not know the name.
	press '<Enter>' 120x40 testdata/real/kraft-3.0/node-1/__cluster_metadata-0/00000000000000000342.log
	shows '^  topicId=f0iSw178SeK_sdQpggDnnQ +│'
}

# ---- addresses ----

@test "a checkpoint" {
	screen checkpoint '' 80x24 "testdata/${checkpoint#"$TESTDATA"/}"
	[ "$(awk '$1 ~ /^[0-9]+$/' <<<"$output" | wc -l)" -ge 20 ]
	press 's' 200x24 "$checkpoint"
	shows '^  state @580$'
	shows '^  as the checkpoint holds it$'
	[ "$(sed -nE 's/^\+ topics \((.*)\)$/\1/p' <<<"$output")" = "$("$KMETA_BIN/kmeta-image" "$checkpoint" | sed -nE 's/^topics +([0-9]+),.*/\1/p')" ]
	press 'majd' 200x24 "$checkpoint"
	shows 'A checkpoint holds one state: nothing changes in it.'
}

@test "a segment by itself, whose state nobody can tell" {
	cp "$node"/__cluster_metadata-0/*310.log .
	screen late 's' 120x24 00000000000000000310.log
	shows 'the state here is unknown: '
}

@test "compressed, from standard input, at a point" {
	press ':300<Enter>' 80x24 "$segment"
	whole=$output
	gzip -c "$segment" >00000000000000000000.log.gz
	press ':300<Enter>' 80x24 00000000000000000000.log.gz
	diff <(head -n 22 <<<"$whole") <(head -n 22 <<<"$output")
	run --separate-stderr "$KMETA_BIN/kmeta-browse" --print --utc --command ':300<Enter>' - <"$segment"
	[ "$status" -eq 0 ]
	silent
	diff <(head -n 22 <<<"$whole") <(head -n 22 <<<"$output")
	run --separate-stderr "$KMETA_BIN/kmeta-browse" --print --utc --command ':300<Enter>s' - < <(cat "$segment")
	[ "$status" -eq 0 ]
	silent
	shows '^  state @301 '
	press '' 80x24 "$node@1017"
	shows '^ offset 1017  '
	press '' 80x24 "$node@2026-11-24T14:15:55.049Z"
	shows '2026-11-24T14:15:55.049Z'
	press '' 80x24 "$node@end"
	shows '^ offset [0-9]+  '
}

@test "a time that the log has not is told" {
	press ':@2030-01-01<Enter>'
	answers 'the log ends before that time: this is its last record'
	shows '^ offset 1173 '
	press 'G:@2020-01-01<Enter>'
	answers 'the log begins after that time: this is its first record'
	shows '^ offset 0 '
	# The last day of the log that has this time is the one before.
	press 'G:@23:59<Enter>'
	answers 'the log begins after that time: this is its first record'
	press ':@14:15:55.049<Enter>'
	shows_no 'that time'
}

# ---- finding something out ----

# As README.md has it: by what the last line of the screen offers, and nothing else.
@test "when did partition 3 of orders lose its leader? By a filter" {
	screen lost-leader '&topic=orders partition=3<Enter>Gs' 100x24
	shows '^ offset 1017  2026-11-24T14:15:55.049Z  '
	shows '^  ~ topics/orders/3 .* leader 12 -> none'
}

@test "when did partition 3 of orders lose its leader? By its history" {
	press 'Gs/^topics<Enter><Enter>/^orders <Enter><Enter>/^3 <Enter>' 100x24
	shows '^    \+ 3  '
	screen lost-leader-history 'Gs/^topics<Enter><Enter>/^orders <Enter><Enter>/^3 <Enter>[g' 100x24
	shows '^ offset 1017  2026-11-24T14:15:55.049Z  '
	shows '^  ~ topics/orders/3 .* leader 12 -> none'
}
