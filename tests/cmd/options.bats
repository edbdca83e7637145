#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# options.bats: what the commands' tables of options make: help, mistakes, completions, manual.

# shellcheck disable=SC2154,SC2034,SC2016 # variables come from and go to support.bash and bats
load support

# commands: those that were built
commands() {
	local file
	for file in "$KMETA_BIN"/kmeta-*; do
		[[ $file == *.* ]] || echo "${file##*/}"
	done
}

# table COMMAND JQ-EXPRESSION: of the command's table, raw
table() {
	"$KMETA_BIN/$1" --print-table-of-options | jq -r "$2"
}

# command ARGUMENT...: leaves $status, $output and $stderr
command() {
	run --separate-stderr "$KMETA_BIN/$1" "${@:2}"
}

# refused COMMAND MESSAGE ARGUMENT...: status 2, one line that says what and where to look
refused() {
	command "$1" "${@:3}"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "$1: $2 ($1 --help)" ] || {
		echo "standard error: $stderr"
		return 1
	}
}

# ---- help and manual ----

@test "every command is looked at" {
	[ "$(commands | grep -cE '^kmeta-(dump|verify|image|diff|history|stat|snapshot|salvage)$')" -eq 8 ]
}

@test "--help fits a terminal of 80 columns" {
	local name
	for name in $(commands); do
		run -1 grep -E '.{81}' <("$KMETA_BIN/$name" --help)
	done
}

@test "--help has the options under the titles of their groups" {
	local name
	for name in $(commands); do
		diff <(table "$name" '[.options[].group] | map(. + ":") | reduce .[] as $g ([]; if last == $g then . else . + [$g] end) | .[]') \
			<("$KMETA_BIN/$name" --help | grep -E '^[A-Z][a-z ]*:$')
		diff <(table "$name" '.options | group_by(.group) | map("\(.[0].group): \(map(.name) | sort | join(" "))") | .[]' | sort) \
			<("$KMETA_BIN/$name" --help | awk '
				/^[A-Z][a-z ]*:$/ { group = $0; next }
				/^$/ { group = "" }
				group && match($0, /^  (-.,|   ) --[a-z-]+/) {
					name = substr($0, RSTART, RLENGTH)
					sub(/.*--/, "", name)
					print group, name
				}' | sort | awk -F': ' '
				$1 != last { if (last) print last ": " all; last = $1; all = $2; next }
				{ all = all " " $2 }
				END { print last ": " all }' | sort)
	done
}

@test "every option stands in the help, the manual and the completions of three shells" {
	local name option
	for name in $(commands); do
		"$KMETA_BIN/$name" --help >help
		[ "$(table "$name" '.options | length')" -gt 8 ]
		for option in $(table "$name" '.options[].name'); do
			echo "$name --$option"
			grep -qE -- " --$option(=| )" help
			grep -qE "^\.It .*Fl -$option( |$)" "$project/man/$name.1"
			grep -qE -- "[' ]--${option}[= ']" <(tr '\n\t' '  ' <"$project/completions/bash/$name")
			grep -qE -- "[')*,]--${option}[=[}]" "$project/completions/zsh/_$name"
			grep -qE -- " -l $option " "$project/completions/fish/$name.fish"
		done
	done
}

@test "help has the letter and the argument of each option" {
	local name line
	for name in $(commands); do
		"$KMETA_BIN/$name" --help >help
		table "$name" '.options[] | "\(if .letter then "-\(.letter), " else "    " end)--\(.name)\(if .argument then "=\(.argument)" else " " end)"' |
			while read -r line; do
				grep -qF -- "$line" help || { echo "$name $line" && false; }
			done
	done
}

@test "the table is complete: no option without help, a sentence for the manual, words or what its value is" {
	local name
	for name in $(commands); do
		table "$name" '.options[] | select((.help and (.manual | endswith(".")) and (.argument == null or .value)) | not) | .name' >lacking
		diff /dev/null lacking
	done
}

@test "the table is for tools: nothing else is understood with it" {
	refused kmeta-dump "unknown option '--print-table-of-options'" --print-table-of-options "$segment"
	refused kmeta-dump "unknown option '--print-table'" --print-table
}

# ---- values ----

@test "numbers: not a number, below and above the limits" {
	refused kmeta-stat "--top takes a number of topics and brokers, not 'many'" --top=many "$log"
	refused kmeta-stat "--top takes a number of topics and brokers, not '-1'" --top -1 "$log"
	refused kmeta-dump "--limit takes a number of records, not '3 '" -n '3 ' "$segment"
	refused kmeta-verify "--jobs takes a number from 1 to 64, not '0'" -j0 "$log"
	refused kmeta-verify "--jobs takes a number from 1 to 64, not '65'" --jobs=65 "$log"
	refused kmeta-image "--on-broker takes a number from 0 to 2147483647, not '2147483648'" \
		--on-broker=2147483648 "$log"
}

@test "words: one that is not there, one that only begins like it" {
	refused kmeta-image "--output takes text, json, records, hash or arrow, not 'js'" -o js "$log"
	refused kmeta-verify "--fail-on takes note, warning or error, not ''" --fail-on= "$log"
	refused kmeta-diff "--color takes auto, always or never, not 'Always'" --color=Always "$log" "$log"
}

@test "sets of words: the first that is not there" {
	refused kmeta-diff "--only: 'tables' is no kind of entity: use $(table kmeta-diff \
		'.options[] | select(.name == "only").words | map(.[0]) | "\(.[:-1] | join(", ")) or \(last)"')" \
		--only=topic,tables,lists "$log" "$log"
	refused kmeta-verify "--skip: '' is no class of checks: use $(table kmeta-verify \
		'.options[] | select(.name == "skip").words | map(.[0]) | "\(.[:-1] | join(", ")) or \(last)"')" \
		--skip=bytes, "$log"
}

@test "the last of several numbers, words and sets counts" {
	command kmeta-dump --limit=9 -o kafka --limit=2 -o json "$segment"
	[ "$status" -eq 0 ]
	[ "$(jq -s length <<<"$output")" -eq 2 ]
	command kmeta-diff --only=topic --stat --only=config "$log@580" "$log"
	[ "$status" -eq 1 ]
	[[ $output == config* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "values that functions take" {
	refused kmeta-image "--on-directory takes an id of 22 characters, not 'short'" --on-directory=short "$log"
	refused kmeta-dump "no release '5.7' is known: use 2.8 to 4.4.0, or auto" --dialect=5.7 "$segment"
	refused kmeta-history "--leaders takes no ENTITY, but 'orders' is given" --leaders "$log" orders
}

@test "options that exclude each other, in either order" {
	refused kmeta-dump "--follow and --reverse do not go together" --follow --reverse "$segment"
	refused kmeta-dump "--follow and --reverse do not go together" --reverse -f "$segment"
	refused kmeta-history "--leaders and --brokers do not go together" --brokers --leaders "$log"
	refused kmeta-verify "--checksum-only: neither --only nor --skip goes with it" --skip=bytes --checksum-only "$log"
}

@test "long options may be shortened while they are clear" {
	local name option shorter all
	for name in $(commands); do
		all=$(table "$name" '.options[].name')
		for option in $(table "$name" '.options[] | select(.argument) | .name'); do
			for ((size = ${#option}; size > 0; size--)); do
				shorter=${option:0:size}
				if [ "$(grep -c "^$shorter" <<<"$all")" -gt 1 ] && ! grep -qx "$shorter" <<<"$all"; then
					refused "$name" "unknown option '--$shorter'" "--$shorter"
				else
					refused "$name" "--$shorter needs a value" "--$shorter"
				fi
			done
		done
	done
}

@test "letters may stand together, and hold their value" {
	command kmeta-dump -qn2 -ojson "$segment"
	[ "$status" -eq 0 ]
	[ "$(jq -s length <<<"$output")" -eq 2 ]
}

# ---- completions ----

# completes COMMAND WORD...: what bash offers for the last word, sorted. Words are divided at "=", as
# bash does it.
completes() {
	bash --norc -c '
		source "$1"
		compopt() { :; }
		COMP_WORDS=("${@:2}")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		"_${2//-/_}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$project/completions/bash/$1" "$@" | sort
}

# offers EXPECTED COMMAND WORD...
offers() {
	diff <(tr ' ' '\n' <<<"$1" | sort) <(completes "${@:2}")
}

@test "bash: each option is offered, with = where it takes a value" {
	local name
	for name in $(commands); do
		diff <(table "$name" '.options[] | "--\(.name)\(if .argument then "=" else "" end)"' | sort) \
			<(completes "$name" --)
		diff <(table "$name" '.options[] | if .letter then "-\(.letter)" else empty end' | sort) \
			<(completes "$name" - | grep -v '^--')
	done
	offers "--not-type= --no-pager" kmeta-dump --no
	offers "--leaderless" kmeta-image "$log" --lea
}

@test "bash: the words of every option that has some" {
	local name option
	for name in $(commands); do
		for option in $(table "$name" '.options[] | select(.words) | .name'); do
			table "$name" ".options[] | select(.name == \"$option\").words[][0]" | sort >wanted
			[ -s wanted ]
			diff wanted <(completes "$name" "--$option" = '')
			diff wanted <(completes "$name" "--$option" =)
			diff wanted <(completes "$name" "--$option" '')
			diff <(sed "s/^/--$option=/" wanted) <(completes "$name" "--$option=")
		done
	done
}

@test "bash: words that begin as typed, behind letters and whole options" {
	offers "json" kmeta-dump -o j
	offers "kafka" kmeta-dump --output = k
	offers "--output=kafka" kmeta-dump --output=k
	offers "always auto" kmeta-stat --color = a
	offers "4.0 4.1 4.2 4.3 4.4" kmeta-diff --dialect = 4
	offers "" kmeta-dump --limit = ''
	offers "" kmeta-image --on-broker ''
}

@test "bash: lists go on behind a comma, without what they have" {
	offers "bytes,records bytes,replay-match" kmeta-verify --only = bytes,re
	offers "--skip=order,nodes" kmeta-verify --skip=order,n
	offers "topic,partition topic,producer-ids" kmeta-diff --only = topic,p
	offers "" kmeta-diff --only = topic,topi
	offers "TOPIC,FENCE_BROKER TOPIC,FEATURE_LEVEL" kmeta-dump --type = topic,fe
}

@test "bash: segments, checkpoints and directories; any file if there is none" {
	mkdir one.d
	touch one.log one.log.gz one.checkpoint one.txt two.txt -- -one.log
	offers "one.checkpoint one.d one.log one.log.gz" kmeta-dump o
	offers "two.txt" kmeta-dump tw
	offers "one.checkpoint one.d one.log one.log.gz" kmeta-dump --limit = 3 one
	offers "-one.log" kmeta-dump -- -o
}

# press_keys TEXT: an interactive bash that has loaded the completions of kmeta-verify, with a command
# of that name that prints its arguments, gets these keys; prints what it printed.
press_keys() {
	python3 - "$project/completions/bash/kmeta-verify" "$1" <<-'END'
		import os, pty, re, select, sys
		script, keys = sys.argv[1:]
		prepare = f"source '{script}'; kmeta-verify() {{ printf '<%s>' \"$@\"; echo; }}\n"
		child, terminal = pty.fork()
		if not child:
		    os.environ.update(TERM='dumb', INPUTRC='/dev/null', PS1='')
		    os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])
		os.write(terminal, (prepare + keys + '\nexit\n').encode())
		said = b''
		while select.select([terminal], [], [], 20)[0]:
		    try:
		        said += os.read(terminal, 65536)
		    except OSError:
		        break
		os.waitpid(child, 0)
		print('\n'.join(re.findall(r'^<.*>(?=\r?$)', said.decode(), re.MULTILINE)))
	END
}

@test "bash: the Tab key completes options, their values, lists and addresses" {
	mkdir nodes
	touch nodes/one.log nodes/notes.txt
	[ "$(press_keys $'kmeta-verify --max-\t3 no\ton\t')" = "<--max-findings=3><nodes/one.log>" ]
	[ "$(press_keys $'kmeta-verify --on\tby\t --skip bytes,rec\t')" = "<--only=bytes><--skip><bytes,records>" ]
	[ "$(press_keys $'kmeta-verify -o js\t --color=al\t nodes')" = "<-o><json><--color=always><nodes>" ]
}

@test "zsh understands its completions" {
	type zsh >/dev/null 2>&1 || skip "zsh is not installed"
	local file
	for file in "$project"/completions/zsh/_kmeta-*; do
		zsh -n "$file"
	done
}

@test "fish understands its completions and offers what the table has" {
	type fish >/dev/null 2>&1 || skip "fish is not installed"
	local name
	for name in $(commands); do
		fish --no-config -c "source '$project/completions/fish/$name.fish'; complete -C '$name --'" |
			cut -f1 | sort -u >offered
		diff <(table "$name" '.options[] | "--\(.name)"' | sort) offered
	done
	fish --no-config -c "source '$project/completions/fish/kmeta-verify.fish'; complete -C 'kmeta-verify --only=bytes,re'" |
		cut -f1 | sort >offered
	diff <(printf '%s\n' --only=bytes,records --only=bytes,replay-match) offered
}
