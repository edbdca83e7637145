#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# import_schema.bats: tools/import-schema on small made-up releases, and on the project's own store.

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$BATS_TEST_TMPDIR" || return
	name='{ "name": "Name", "type": "string", "versions": "0+" }'
	id='{ "name": "TopicId", "type": "uuid", "versions": "0+" }'
}

# topic RELEASE VERSIONS FIELD...: the jars of a release that has this TopicRecord and a control record
topic() {
	local release=$1 versions=$2
	shift 2
	local IFS=,
	jars "$release" "{ // a comment
	  \"apiKey\": 2, \"type\": \"metadata\", \"name\": \"TopicRecord\",
	  \"validVersions\": \"$versions\", \"flexibleVersions\": \"0+\", \"fields\": [ $* ] }"
}

# jars RELEASE JSON...: one metadata record each
jars() {
	python3 - "$@" <<-'END'
		import os, sys, zipfile
		release, *records = sys.argv[1:]
		footer = '''{ "type": "data", "name": "SnapshotFooterRecord", "validVersions": "0",
		  "flexibleVersions": "0+",
		  "fields": [ { "name": "Version", "type": "int16", "versions": "0+" } ] }'''
		os.makedirs(release, exist_ok=True)
		with zipfile.ZipFile(f'{release}/kafka-metadata-{release}.jar', 'w') as jar:
		    for number, record in enumerate(records):
		        jar.writestr(f'common/metadata/R{number}.json', record)
		with zipfile.ZipFile(f'{release}/kafka-clients-{release}.jar', 'w') as jar:
		    jar.writestr('common/message/SnapshotFooterRecord.json', footer)
		    jar.writestr('common/message/FetchRequest.json', 'never looked at')
	END
}

import() {
	run "$root/tools/import-schema" --store store.txt --output schema.c "$@"
}

imported() {
	import "$@"
	[ "$status" -eq 0 ]
}

# refused TEXT ARGUMENT...: exit status 1, a line with the text, and nothing written
refused() {
	local text=$1 line
	shift
	touch store.txt.before schema.c.before
	for file in store.txt schema.c; do
		[ ! -e $file ] || cp $file $file.before
	done
	import "$@"
	[ "$status" -eq 1 ]
	for line in "${lines[@]}"; do
		[[ $line == import-schema:\ * ]]
	done
	[[ $output == *"$text"* ]] || { echo "$output" && false; }
	for file in store.txt schema.c; do
		[ ! -e $file ] || cmp $file $file.before
		[ -e $file ] || [ ! -s $file.before ]
	done
	[ -z "$(ls ./*.new 2>/dev/null)" ]
}

# refused_field TEXT FIELD: a release with this field in TopicRecord
refused_field() {
	topic 3.0.0 0 "$2"
	refused "$1" 3.0.0
}

compiles() {
	${CC:-cc} -std=c17 -Wall -Wextra -Werror -I"$root/libkmeta" -fsyntax-only schema.c
}

@test "the project's schema.c is what its store gives" {
	"$root/tools/import-schema" --generate --output schema.c
	cmp schema.c "$root/libkmeta/record/schema.c"
}

@test "a first import writes store and C source" {
	topic 3.0.0 0 "$name" "$id"
	imported 3.0.0
	[ "${lines[0]}" = "3.0.0 adds TOPIC_RECORD version 0" ]
	diff - <(grep -v '^#' store.txt) <<-'END'
		format 1
		releases 3.0.0

		layout metadata 2 0 TOPIC_RECORD 3.0.0.. flexible
		  Name string
		  TopicId uuid

		layout control 4 0 SNAPSHOT_FOOTER 3.0.0.. flexible
		  Version int16
	END
	grep -q 'FIELD("topicId", .kind = KMETA_UUID, .*KMETA_ROLE_TOPIC_ID)' schema.c
	grep -q '\[2\] = { "TOPIC_RECORD",' schema.c
	compiles
}

@test "jars may be named one by one" {
	topic 3.0.0 0 "$name"
	imported 3.0.0/kafka-metadata-3.0.0.jar 3.0.0/kafka-clients-3.0.0.jar
}

@test "a second import of the same release changes nothing" {
	topic 3.0.0 0 "$name"
	topic 3.1.0 0 "$name" '{ "name": "T", "type": "bool", "versions": "0+", "taggedVersions": "0+", "tag": 0 }'
	imported 3.0.0
	imported 3.1.0
	cp store.txt store.before
	cp schema.c schema.before
	imported 3.0.0
	[ "$output" = "3.0.0 is already in the store" ]
	imported 3.1.0
	cmp store.txt store.before
	cmp schema.c schema.before
}

@test "an imported release that says something else is refused" {
	topic 3.0.0 0 "$name"
	imported 3.0.0
	topic 3.0.0 0 "$name" "$id"
	refused "already in the store, but with another TOPIC_RECORD version 0" --accept-redefinitions 3.0.0
	topic 3.0.0 0 "$name" '{ "name": "T", "type": "bool", "versions": "0+", "taggedVersions": "0+", "tag": 0 }'
	refused "already in the store, but with another TOPIC_RECORD version 0" 3.0.0
}

@test "an older release is refused" {
	topic 3.8.0 0 "$name"
	topic 3.9.0 0 "$name"
	topic 3.10.0 0 "$name"
	imported 3.9.0
	imported 3.10.0
	refused "3.8.0 is older than 3.10.0" 3.8.0
}

@test "a version is added" {
	topic 3.0.0 0 "$name"
	topic 3.1.0 0-1 "$name" '{ "name": "TopicId", "type": "uuid", "versions": "1+" }'
	imported 3.0.0
	imported 3.1.0
	[ "$output" = "3.1.0 adds TOPIC_RECORD version 1" ]
	grep -q '^layout metadata 2 0 TOPIC_RECORD 3.0.0.. flexible' store.txt
	grep -q '^layout metadata 2 1 TOPIC_RECORD 3.1.0.. flexible' store.txt
	grep -A3 'topic_record_versions\[\]' schema.c | grep -q '&topic_record_v0, &topic_record_v1'
	compiles
}

@test "a tagged field is added to a known version" {
	tagged='"type": "int8", "versions": "0+", "taggedVersions": "0+"'
	topic 3.0.0 0 "$name" "{ \"name\": \"Old\", $tagged, \"tag\": 0 }" "$id"
	topic 3.1.0 0 "$name" "$id" "{ \"name\": \"New\", $tagged, \"tag\": 1, \"default\": \"-1\" }"
	imported 3.0.0
	imported 3.1.0
	[ "$output" = "3.1.0 adds tagged field New to TOPIC_RECORD version 0" ]
	diff - <(sed -n '/^layout metadata/,/^$/p' store.txt) <<-'END'
		layout metadata 2 0 TOPIC_RECORD 3.0.0.. flexible
		  Name string
		  Old int8 tag=0
		  TopicId uuid
		  New int8 tag=1 default=-1 since=3.1.0

	END
	grep -q '"new",.*KMETA_FIELD_TAGGED, .tag = 1, .default_value = -1)' schema.c
	compiles
}

@test "a record that is no longer there stays" {
	topic 3.0.0 0 "$name"
	jars 3.1.0 '{ "apiKey": 3, "type": "metadata", "name": "OtherRecord", "validVersions": "0", "fields": [] }'
	imported 3.0.0
	imported 3.1.0
	[ "${lines[1]}" = "3.1.0 drops TOPIC_RECORD version 0" ]
	grep -q '^layout metadata 2 0 TOPIC_RECORD 3.0.0..3.0.0 flexible' store.txt
	compiles
}

@test "a redefinition is refused" {
	topic 3.0.0 0 "$name"
	topic 3.1.0 0 "$name" "$id"
	imported 3.0.0
	refused "3.1.0 redefines TOPIC_RECORD version 0: was: nothing; is: TopicId uuid" 3.1.0
}

@test "another name, null, tag or default of a known field is a redefinition" {
	tagged='"type": "int8", "versions": "0+", "taggedVersions": "0+"'
	topic 3.0.0 0 "$name" "{ \"name\": \"Tagged\", $tagged, \"tag\": 0 }"
	imported 3.0.0
	topic 3.1.0 0 '{ "name": "Topic", "type": "string", "versions": "0+" }'
	refused "was: Name string, Tagged int8 tag=0; is: Topic string" 3.1.0
	topic 3.1.0 0 '{ "name": "Name", "type": "string", "versions": "0+", "nullableVersions": "0+" }'
	refused "is: Name string nullable" 3.1.0
	topic 3.1.0 0 "$name" "{ \"name\": \"Tagged\", $tagged, \"tag\": 1 }"
	refused "was: Tagged int8 tag=0; is: Tagged int8 tag=1" 3.1.0
	topic 3.1.0 0 "$name" "{ \"name\": \"Tagged\", $tagged, \"tag\": 0, \"default\": \"5\" }"
	refused "is: Tagged int8 tag=0 default=5" 3.1.0
}

@test "--accept-redefinitions keeps both layouts" {
	topic 3.0.0 0 "$name"
	topic 3.1.0 0 "$name" "$id"
	topic 3.2.0 0 "$name" "$id"
	imported 3.0.0
	imported --accept-redefinitions 3.1.0
	imported 3.2.0
	diff - <(sed -n '/^layout metadata/,/^layout control/p' store.txt) <<-'END'
		layout metadata 2 0 TOPIC_RECORD 3.1.0.. flexible
		  Name string
		  TopicId uuid

		layout metadata 2 0 TOPIC_RECORD 3.0.0..3.0.0 flexible
		  Name string

		layout control 4 0 SNAPSHOT_FOOTER 3.0.0.. flexible
	END
	grep -q '.older = &topic_record_v0_until_3_0_0,' schema.c
	imported 3.0.0
	[ "$output" = "3.0.0 is already in the store" ]
	compiles
}

@test "structs are nested, and span what they hold" {
	topic 3.0.0 0 '{ "name": "Voters", "type": "[]Voter", "versions": "0+", "fields": [
		{ "name": "Id", "type": "int32", "versions": "0+", "entityType": "brokerId" },
		{ "name": "Range", "type": "Range", "versions": "0+", "fields": [ '"$name"' ] } ] }' "$id"
	imported 3.0.0
	diff - <(sed -n '/^layout metadata/,/^$/p' store.txt) <<-'END'
		layout metadata 2 0 TOPIC_RECORD 3.0.0.. flexible
		  Voters []struct
		    Id int32 entity=brokerId
		    Range struct
		      Name string
		  TopicId uuid

	END
	grep -q '"voters", .*.depth = 0, .span = 4, .*KMETA_FIELD_ARRAY)' schema.c
	grep -q '"id", .*.depth = 1, .span = 1, .role = KMETA_ROLE_BROKER)' schema.c
	grep -q '"range", .*.depth = 1, .span = 2)' schema.c
	compiles
}

@test "what the tables cannot hold is refused" {
	refused_field "TOPIC_RECORD version 0, field F: unknown type records" \
		'{ "name": "F", "type": "records", "versions": "0+" }'
	refused_field "unknown type [][]int8" '{ "name": "F", "type": "[][]int8", "versions": "0+" }'
	refused_field "nullable int8" '{ "name": "F", "type": "int8", "versions": "0+", "nullableVersions": "0+" }'
	refused_field "nullable struct" '{ "name": "F", "type": "S", "versions": "0+", "nullableVersions": "0+",
		"fields": [ '"$name"' ] }'
	refused_field "tag 256 is not in 0 to 255" \
		'{ "name": "F", "type": "int8", "versions": "0+", "taggedVersions": "0+", "tag": 256 }'
	refused_field "default 'x' cannot be held for string" \
		'{ "name": "F", "type": "string", "versions": "0+", "taggedVersions": "0+", "tag": 0, "default": "x" }'
	refused_field "default '128' cannot be held for int8" \
		'{ "name": "F", "type": "int8", "versions": "0+", "taggedVersions": "0+", "tag": 0, "default": "128" }'
	refused_field "its key is 40 bytes in JSON, the limit is 39" \
		'{ "name": "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ", "type": "int8", "versions": "0+" }'
	refused_field "unknown attribute flexibleVersions" \
		'{ "name": "F", "type": "string", "versions": "0+", "flexibleVersions": "none" }'
	topic 3.0.0 1 "$name"
	refused "TOPIC_RECORD version 1 is known, but not version 0" 3.0.0
}

@test "a control record that the tool does not know is refused" {
	topic 3.0.0 0 "$name"
	python3 -c 'import zipfile; zipfile.ZipFile("3.0.0/kafka-clients-3.0.0.jar", "a").writestr(
		"common/message/NewRecord.json", """{ "type": "data", "name": "NewRecord" }""")'
	refused "NewRecord: looks like a control record, but has no type in CONTROL_TYPES" 3.0.0
}

@test "jars that are missing, mixed or broken are refused" {
	refused "nowhere: no such file or directory" nowhere
	mkdir empty
	refused "empty: no kafka-clients-RELEASE.jar" empty
	topic 3.0.0 0 "$name"
	topic 3.1.0 0 "$name"
	refused "jars of several releases: 3.0.0, 3.1.0" 3.0.0 3.1.0
	topic 3.0.0 0 "{"
	refused "common/metadata/R0.json: cannot be parsed" 3.0.0
	echo broken >3.0.0/kafka-metadata-3.0.0.jar
	refused "3.0.0/kafka-metadata-3.0.0.jar: not a jar" 3.0.0
}

@test "a store that is missing, foreign or edited is refused" {
	refused "store.txt: no release in the store" --generate
	echo foreign >store.txt
	refused "store.txt: not a store of this tool" --generate
	rm store.txt
	topic 3.0.0 0 "$name"
	imported 3.0.0
	sed -i 's/Name string/Name  string/' store.txt
	refused "store.txt: 'Name  string' is not as this tool writes it" --generate
}

@test "wrong usage is one line, and --help explains" {
	import
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "import-schema: give either jars or --generate"* ]]
	import --help
	[ "$status" -eq 0 ]
	[[ $output == usage:* && $output == *--accept-redefinitions* && $output == *--store* ]]
}
