#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# sql.bats: kmeta-sql and the extension of SQLite, held against the other commands.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

setup() {
	[ -x "$KMETA_BIN/kmeta-sql" ] || skip "built without kmeta-sql"
	cd "$BATS_TEST_TMPDIR" || return
}

node=$TESTDATA/real/kraft-4.3-full/node-1

# sql ARGUMENT...: leaves $status, $output and $stderr
sql() {
	run --separate-stderr "$KMETA_BIN/kmeta-sql" "$@"
}

# fails TEXT ARGUMENT...: status 2, nothing printed but a header at most, and the text is said
fails() {
	sql "${@:2}"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	said "kmeta-sql: "
	said "$1"
}

# compare WHAT ADDRESS...: the other commands give the same answers
compare() {
	run python3 "$BATS_TEST_DIRNAME/sql_compare.py" "$KMETA_BIN" "$@"
	echo "$output"
	[ "$status" -eq 0 ]
}

directories() {
	find "$TESTDATA/real" -type d -name '*metadata-0' | sort
}

# lite ARGUMENT...: a shell of SQLite that has the extension; a shell of the system cannot load what
# the sanitizers are in
lite() {
	run --separate-stderr sqlite3 -cmd ".load $KMETA_BIN/kmeta" "$@"
}

needs_loading() {
	[ -e "$KMETA_BIN/kmeta.so" ]
	command -v sqlite3 >/dev/null || skip "there is no sqlite3"
	! nm -D --undefined-only "$KMETA_BIN/kmeta.so" | grep -q __asan_init ||
		skip "a program without the sanitizers cannot load what has them"
}

# ---- the same answers ----

@test "records are those of kmeta-dump, with all that is damaged" {
	# shellcheck disable=SC2046 # names without blanks
	compare records $(directories) $(find "$TESTDATA/real" "$faults" -name '*.log' -o -name '*.checkpoint' | sort)
}

@test "conditions on records mean what the options of kmeta-dump mean" {
	# shellcheck disable=SC2046
	compare conditions $(directories)
}

@test "entities are those of kmeta-image, in every field" {
	# shellcheck disable=SC2046
	compare entities $(directories) $(find "$TESTDATA/generated" -name '*.checkpoint' -path '*image-*' | head -n 5)
}

@test "history is that of kmeta-history, differences those of kmeta-diff" {
	# shellcheck disable=SC2046
	compare history $(directories)
	# shellcheck disable=SC2046
	compare diff $(directories)
}

@test "findings are those of kmeta-verify" {
	# shellcheck disable=SC2046
	compare findings $(directories) $(find "$faults" -name '*.log' | sort | head -n 40)
}

@test "elections are those of kmeta-history" {
	sql -o json "$node" 'select sum(election) e, sum(unclean) u from history'
	[ "$output" = "$("$KMETA_BIN/kmeta-history" -q -o json --elections "$node" |
		jq -sc '{e: length, u: map(select(.unclean)) | length}')" ]
}

@test "bytes by topic are those of kmeta-stat" {
	"$KMETA_BIN/kmeta-stat" -o json --top=1000 "$log" |
		jq -c '[.topics[] | {topic, records, bytes}] | sort_by(.topic)[]' >wanted
	# kmeta-stat counts records that hold the id of a topic.
	sql -o json "$log" "select topic, count(*) records, sum(size) bytes from records
		where data ->> '\$.topicId' is not null group by topic"
	diff <(echo "$output") wanted
}

# ---- addresses ----

@test "an address may have a point, and several have a column for it" {
	sql -o csv "$log@500" 'select max(offset) from records'
	[ "${lines[1]}" = 499 ]
	sql -o csv "$log@2026-11-24T14:15:33Z" 'select time <= "2026-11-24T14:15:34" from state'
	[ "${lines[1]}" = 1 ]
	sql -o csv "$log@99999" 'select end_offset from state'
	[ "${lines[1]}" = 1174 ]
	said "is behind the end of the log"
	fails "what" "$log@what" 'select 1'
	sql -o csv "$log" "$node" "$log@500" 'select log, count(*) n from records group by log order by n, log'
	[ "${lines[1]}" = "$log@500,500" ]
	[ "${lines[2]}" = "$node,1174" ]
	[ "${#lines[@]}" -eq 4 ]
	sql "$log" "$node" "$log" 'select * from changes'
	[ "$status" -eq 2 ]
	said "no such table: changes"
	sql -o csv "$log" "$node" 'select count(*) from logs'
	[ "${lines[1]}" = 2 ]
}

@test "functions take any address, and join" {
	sql -o csv "$log" "with c(path) as (values ('$log'), ('$log@500'))
		select path, count(*) from c, kmeta_topics(c.path) group by 1 order by 2"
	[ "${lines[1]}" = "$log@500,32" ]
	[ "${lines[2]}" = "$log,44" ]
	sql -o csv "$log" "select count(*) from kmeta_history('$log', 'orders/3') where \"by\" is not null"
	[ "${lines[1]}" = "$("$KMETA_BIN/kmeta-history" -q -o json "$log" orders/3 | jq -c 'select(.by)' | wc -l)" ]
	fails "the address of a log is missing" "$log" 'select * from kmeta_records'
	fails "the address of a log is missing" "$log" "select * from kmeta_diff('$log')"
	fails "no-such-file" "$log" "select * from kmeta_topics('no-such-file')"
}

@test "standard input is a log or the query" {
	sql -o csv - 'select count(*) from records' <"$segment"
	[ "${lines[1]}" = 310 ]
	sql -o csv - "select count(*) from records where topic = 'orders'" <"$segment"
	[ "${lines[1]}" = "$("$KMETA_BIN/kmeta-dump" -q -o json --topic=orders "$segment" | wc -l)" ]
	fails "read only once" - 'select count(*) from topics, records' <"$segment"
	run --separate-stderr "$KMETA_BIN/kmeta-sql" -o csv "$log" <<<'select count(*) from topics; select 7 as seven; -- done'
	[ "$output" = $'count(*)\n44\nseven\n7' ]
	run --separate-stderr "$KMETA_BIN/kmeta-sql" "$log" </dev/null
	[ "$status" -eq 2 ]
	said "there is no query"
	sql -
	[ "$status" -eq 2 ]
	said "(kmeta-sql --help)"
}

@test "a file with blanks in its name is an address" {
	cp "$segment" "a log.log"
	sql -o csv "a log.log" 'select count(*) from records'
	[ "${lines[1]}" = 310 ]
}

# ---- what goes down to the log ----

@test "rows come in the order of offsets, and no more are read than are wanted" {
	cat "$segment" /dev/zero | head -c 200000 >long.log
	printf 'x' | dd of=long.log bs=1 seek=100000 conv=notrunc status=none
	sql -o csv long.log 'select offset from records order by offset limit 3'
	[ "$output" = $'offset\n0\n1\n2' ]
	sql -o csv "$log" 'select offset from records order by offset desc limit 2 offset 1'
	[ "$output" = $'offset\n1172\n1171' ]
	gzip -c "$segment" >packed.log.gz
	fails "ORDER BY +offset DESC" packed.log.gz 'select offset from records order by offset desc'
	sql -o csv packed.log.gz 'select offset from records order by +offset desc limit 1'
	[ "${lines[1]}" = 309 ]
}

@test "offsets that go back are not called ordered" {
	cp "$faults/offset-backwards/"*.log .
	fails "ORDER BY +offset" --salvage ./*.log 'select sum(o) from (select offset o from records order by offset)'
	sql --salvage ./*.log 'select offset from records order by +offset'
	[ "$status" -ne 1 ]
	[ "${#lines[@]}" -gt 1 ]
}

@test "words of types, NULL, and numbers of other kinds" {
	sql -o csv "$log" "select count(*) from records where type = 'partition_change'"
	[ "${lines[1]}" = 810 ]
	fails "no type of record is called 'PARTITON'" "$log" "select offset from records where type = 'PARTITON'"
	for condition in "offset = 5.0" "offset = '5'" "offset > 4.5 and offset < 5.5" "offset in (5, NULL, 'x')" \
		"offset >= 5 and 5 >= offset" "offset = 5 or broker = 4711"; do
		sql -o csv "$log" "select offset from records where $condition"
		[ "${lines[1]}" = 5 ] && [ "${#lines[@]}" -eq 2 ] || { echo "$condition" && false; }
	done
	for condition in "offset = 5.5" "offset = NULL" "broker = NULL" "type = NULL" "topic = NULL" "topic = ''" \
		"partition = 'x'" "broker = 1.5" "offset > NULL" "topic = 'order?'" "topic = 'a,b'" "offset < 0"; do
		sql "$log" "select offset from records where $condition"
		[ "$status" -eq 1 ] || { echo "$condition" && false; }
		said "no row is so"
	done
}

@test "topics are called what they were called" {
	sql -o csv "$log" "select topic from records where offset > 1000 and topic = 'orders' group by 1"
	[ "${lines[1]}" = orders ]
	id=$("$KMETA_BIN/kmeta-dump" -o json --type=TOPIC --topic=orders "$log" | jq -r .data.topicId)
	sql -o csv "$log" "select count(*) from records where topic = '$id'"
	[ "${lines[1]}" = "$("$KMETA_BIN/kmeta-dump" -q -o json --topic="$id" "$log" | wc -l)" ]
}

# ---- damage and secrets ----

@test "damage ends a statement with what is wrong and where" {
	damaged=$faults/bitflip-crc/00000000000000000000.log
	"$KMETA_BIN/kmeta-dump" "$damaged" 2>told >/dev/null || true
	fails "$(head -n 1 told | sed 's/^kmeta-dump: //')" "$damaged" 'select count(*) from records'
	sql -o csv --salvage "$damaged" 'select count(*) n, count(error) e, sum(not valid) d from records'
	[ "$status" -eq 2 ]
	said "CRC-32C"
	[[ ${lines[1]} == *,[1-9]*,[1-9]* ]]
	fails "are missing" "$faults/offset-gap/"*.log 'select count(*) from records'
}

@test "a state in doubt fails" {
	directory=$TESTDATA/real/kraft-4.3-full/node-1
	mkdir late
	cp "$log/00000000000000001148.log" late
	fails "late" late 'select count(*) from topics'
}

@test "secrets are hidden, and nothing in a query shows them" {
	"$KMETA_BIN/kmeta-dump" -q -o json --show-secrets --type=scram,token "$node" |
		jq -r '.data | .salt?, .storedKey?, .serverKey?, .tokenId? | strings | select(length > 10)' >secrets
	"$KMETA_BIN/kmeta-image" -o records --show-secrets "$node" |
		jq -r '.data | select(.name == "ssl.keystore.password" or .name == "sasl.jaas.config").value' >>secrets
	[ "$(wc -l <secrets)" -gt 5 ]
	for query in 'select data from records' 'select * from scram' 'select * from tokens' 'select fields, path from history' \
		'select * from configs' "select hex(salt), unhidden from (select salt, json(data) unhidden from records, scram)"; do
		sql -o json "$node" "$query"
		run -1 grep -qFf secrets <<<"$output$stderr"
	done
	for query in 'select data from records' 'select * from scram' 'select * from tokens' 'select fields from history'; do
		sql -o json --show-secrets "$node" "$query"
		grep -qFf secrets <<<"$output"
	done
	sql -o csv "$node" "select salt, stored_key, server_key from scram group by 1, 2, 3"
	[ "$output" = $'salt,stored_key,server_key\n[hidden],[hidden],[hidden]' ]
}

@test "views and triggers of a database cannot read files" {
	command -v sqlite3 >/dev/null || skip "there is no sqlite3"
	# Newer shells protect the table by themselves.
	sqlite3 -cmd '.dbconfig defensive off' trap.db "pragma writable_schema = on;
		insert into sqlite_master values ('view', 'v', 'v', 0, 'CREATE VIEW v AS SELECT * FROM kmeta_records(''$log'')')"
	sql "$log" "attach 'trap.db' as t; select count(*) from t.v"
	[ "$status" -eq 2 ]
	said "unsafe use"
}

# ---- output ----

@test "formats" {
	sql "$log" "select 1 as a, 'x' as long_name, NULL as n union all select 22, 'yy' || char(27) || 'z', 2.5"
	[ "$output" = $'a   long_name  n\n 1  x\n22  yy\\x1bz    2.5' ]
	sql -o json "$log" "select 1 a, 2.5 b, 'q\"' || char(10) || char(0) || 'z' c, NULL d, x'00ff' e, json('[1]') f"
	[ "$output" = '{"a":1,"b":2.5,"c":"q\"\n\u0000z","d":null,"e":"AP8=","f":[1]}' ]
	sql -o csv "$log" "select 'a,b' x, 'say \"no\"' y, NULL z, char(10) w"
	[ "$output" = $'x,y,z,w\n"a,b","say ""no""",,"\n"' ]
	sql -o json "$log" 'select leaderless, isr from partitions limit 1'
	[ "$output" = '{"leaderless":true,"isr":[]}' ]
}

@test "a reader that goes away ends it quietly" {
	run --separate-stderr bash -c "'$KMETA_BIN/kmeta-sql' -o json '$log' 'select * from records a, records b' | head -n 1"
	[ "$status" -eq 0 ]
	silent
}

@test "an address that is not there is said, whatever is asked" {
	sql nowhere 'select 1'
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = 'kmeta-sql: nowhere: cannot open: No such file or directory' ]
	sql "$log" nowhere@5 'select 1'
	[ "$status" -eq 2 ]
	said 'No such file or directory'
	sql "$log" selct
	[ "$status" -eq 2 ]
	said "kmeta-sql: selct: cannot open"
}

@test "errors of a query are said, with status 2" {
	fails "syntax error" "$log" 'selec 1'
	fails "no such column" "$log" 'select colour from topics'
	fails "no-such" no-such 'select * from topics'
	sql 'select 1'
	[ "$status" -eq 2 ]
	said "name a directory"
}

# ---- the extension ----

@test "SQLite loads the tables" {
	needs_loading
	lite :memory: "select count(*), sum(leaderless) from kmeta_partitions('$log')" "select count(*) from kmeta_records('$log')"
	[ "$status" -eq 0 ]
	[ "$output" = $'143|143\n1174' ]
	lite :memory: "select count(*) from kmeta_records('$faults/bitflip-crc/00000000000000000000.log')"
	[ "$status" -ne 0 ]
	said "CRC-32C"
	lite :memory: "select distinct salt from kmeta_scram('$node')"
	[ "$output" = "[hidden]" ]
	lite view.db "create view v as select * from kmeta_topics('$log')" "select count(*) from v"
	[ "$status" -ne 0 ]
	said "unsafe use"
}

# python_with_extensions: sets $python
python_with_extensions() {
	for python in /usr/bin/python3 python3; do
		"$python" -c 'import sqlite3; sqlite3.Connection.enable_load_extension' 2>/dev/null && return
	done
	skip "this Python was built without load_extension"
}

@test "Python loads the tables, and states again when files have changed" {
	needs_loading
	python_with_extensions
	cp -r "$log" copy
	"$python" - "$KMETA_BIN/kmeta" copy <<-'END'
		import os, sqlite3, sys
		db = sqlite3.connect(':memory:')
		db.enable_load_extension(True)
		db.load_extension(sys.argv[1])
		one = lambda query, *values: db.execute(query, values).fetchone()[0]
		assert one('select end_offset from kmeta_state(?)', sys.argv[2]) == 1174
		os.remove(sys.argv[2] + '/00000000000000001148.log')
		assert one('select end_offset from kmeta_state(?)', sys.argv[2]) == 1148
		# Rows that nobody takes.
		cursor = db.execute('select * from kmeta_history(?)', (sys.argv[2],))
		cursor.fetchone()
		cursor.close()
		try:
		    db.execute("select * from kmeta_topics('nothing')").fetchall()
		    raise SystemExit('it should fail')
		except sqlite3.OperationalError as error:
		    assert 'nothing' in str(error), error
		db.close()
	END
}

@test "a time that counts from now is one moment for a statement" {
	needs_loading
	python_with_extensions
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_DIRNAME "$python" - "$KMETA_BIN/kmeta" <<-'END'
		import sqlite3, sys, time
		from timed_log import write_log
		now = int(time.time() * 1000)
		# A record each 20 milliseconds, also of the next time to come.
		write_log('00000000000000000000.log', range(now - 4000, now + 12000, 20))
		db = sqlite3.connect(':memory:')
		db.enable_load_extension(True)
		db.load_extension(sys.argv[1])
		db.create_function('sleep', 1, lambda seconds: time.sleep(seconds) or seconds)
		both = """select (select end_offset from kmeta_state(?1)), sleep(0.3),
			(select end_offset from kmeta_state(?1)), (select count(*) from kmeta_records(?1))"""
		address = ('00000000000000000000.log@-1s',)
		first, _, second, records = db.execute(both, address).fetchone()
		assert 100 < first == second == records, (first, second, records)
		later = db.execute(both, address).fetchone()[0]
		assert later > first + 10, (first, later)
	END
}
