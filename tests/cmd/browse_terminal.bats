#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# browse_terminal.bats: kmeta-browse in a terminal, which is tmux's: keys are sent, screens captured.
#
# What is on the screen has to be what --print prints, so whole screens need not be kept.

# shellcheck disable=SC2154,SC2034,SC2030,SC2031 # variables come from and go to support.bash and bats
load support
load browse

eval "$(declare -f setup | sed '1s/setup/setup_browse/')"
eval "$(declare -f teardown | sed '1s/teardown/teardown_support/')"

setup() {
	setup_browse
	command -v tmux >/dev/null || skip "tmux is not installed"
	mkdir tmux
	export TMUX_TMPDIR=$PWD/tmux
	export XDG_STATE_HOME=$PWD/state
	# Not the first start: there would be hints.
	(umask 077 && mkdir -p state/kmeta && : >state/kmeta/browse-history)
	unset TMUX
	# When its last window closes the server ends, and the next would come while it does.
	mux new -d -s keep -x 10 -y 5 'sleep 600'
}

teardown() {
	if [ -n "${TMUX_TMPDIR-}" ]; then
		mux kill-server 2>/dev/null || true
	fi
	teardown_support
}

mux() {
	tmux -u -L kmeta -f /dev/null "$@"
}

# start WIDTH HEIGHT COMMAND...: in a window of that size; the directory "in" of the test is its own
start() {
	local width=$1 height=$2
	shift 2
	mux kill-ses -t browse 2>/dev/null || true
	mux new -d -s browse -x "$width" -y "$height" -e PS1='$ ' \; set -g status off \; \
		set -s escape-time 0 \; set -s set-clipboard on \; \
		resize-window -x "$width" -y "$height" \; respawn-pane -k "$*"
}

# within TERM ARGUMENT...: the command line of a browser in such a terminal
within() {
	local term=$1
	shift
	echo "TERM=$term ESCDELAY='${ESCDELAY-}' ASAN_OPTIONS='${ASAN_OPTIONS-}' $KMETA_BIN/kmeta-browse --utc $*; echo \"status \$?\"; sleep 30"
}

# send KEYS: as --command has them
send() {
	local keys=$1 key
	while [ -n "$keys" ]; do
		case $keys in
		'<lt>'*) mux send-keys -t browse -l '<' ;;
		'<'*'>'*)
			key=${keys%%>*}
			key=${key#<}
			[ "$key" != Backspace ] || key=BSpace
			[ "$key" != Esc ] || key=Escape
			[ "$key" != PageDown ] || key=NPage
			[ "$key" != PageUp ] || key=PPage
			[ "$key" != S-Tab ] || key=BTab
			mux send-keys -t browse "$key"
			;;
		*)
			key=${keys%%<*}
			mux send-keys -t browse -l -- "$key"
			keys=${keys#"$key"}
			continue
			;;
		esac
		keys=${keys#*>}
	done
}

captured() {
	mux capture-pane -p -t browse "$@"
}

# says REGEX: a line of the window matches
says() {
	output=$(captured)
	grep -qE -e "$1" <<<"$output"
}

# The window is, or comes to be, what it should be.
sees() {
	eventually says "$1" || {
		echo "$output"
		return 1
	}
}

is_captured() {
	output=$(captured)
	[ "$output" = "$1" ]
}

# same SIZE KEYS ADDRESS: the window comes to show what --print does
same() {
	local wanted
	wanted=$("$KMETA_BIN/kmeta-browse" --print --utc --size "$1" --command "$2" "$3")
	eventually is_captured "$wanted" || {
		diff <(echo "$wanted") <(captured)
		return 1
	}
}

# ---- the same everywhere ----

# Pressed one after another: each view, and what moves in it.
steps=('' '3j<Down><Enter>' '<Tab>l' 'q' 'G<Up>' 's' 'jj<Enter>' 'zz' 'q' '20kma<PageUp>d' 't' 'q' 'E' '>' '+' 'q' '?' 'q' '/TOPIC<Enter>')

same_everywhere() {
	local address step keys
	python3 "$BATS_TEST_DIRNAME/hostile_log.py" hostile.log '\x1b[2J\x1b]52;c;QUJD\x07' '\u202eevil' \
		'日本語のトピック' '\x9b31m' 'tab\there'
	mv hostile.log 00000000000000000000.log
	for address in testdata/real/*/node-* testdata/real/*/*/node-* 00000000000000000000.log; do
		echo "$1 $address"
		start 100 30 "$(within "$1" "$address")"
		keys=
		for step in "${steps[@]}"; do
			keys=$keys$step
			send "$step"
			same 100x30 "$keys" "$address"
		done
		send Q
		sees '^status 0$'
	done
}

@test "xterm-256color: the same screens as printed" {
	same_everywhere xterm-256color
}

@test "screen: the same screens as printed" {
	same_everywhere screen
}

@test "linux: the same screens as printed" {
	# Of what libgpm, which ncurses asks for a mouse there, does not free nothing can be said here.
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 same_everywhere linux
}

@test "vt100: the same screens as printed" {
	same_everywhere vt100
}

@test "a terminal that cannot do it, or that nobody knows, is refused in a line" {
	for term in dumb no-such-terminal ''; do
		start 80 24 "TERM='$term' $KMETA_BIN/kmeta-browse $node 2>err; echo \"status \$?\"; sleep 30"
		sees '^status 2$'
		[ "$(captured)" = 'status 2' ]
		[ "$(wc -l <err)" -eq 1 ]
		grep -qF "the terminal '$term' " err
		grep -qF -- 'use --print' err
	done
}

@test "a terminal that only its family is known of, as where there is no terminfo" {
	for term in xterm-of-tomorrow tmux-of-tomorrow; do
		start 80 24 "$(within $term "$node")"
		same 80x24 '' "$node"
		eventually is_coloured
	done
}

# ---- colour, size ----

is_coloured() {
	captured -e | grep -qE $'\e\\[([0-9]+;)*(3[1-6]|38;5;[0-9]+)m'
}

# has_color SGR: somewhere in the window, as terminals are told
has_color() {
	captured -e | grep -qE $'\e\\[([0-9]+;)*'"$1"'(;[0-9]+)*m'
}

@test "colour, and none where none is wanted" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	eventually is_coloured
	for term in 'xterm-256color NO_COLOR=1' vt100; do
		start 80 24 "TERM=$term $KMETA_BIN/kmeta-browse --utc $node"
		same 80x24 '' "$node"
		run ! is_coloured
	done
	start 80 24 "$(within xterm-256color --color=never "$node")"
	same 80x24 '' "$node"
	run ! is_coloured
}

# screens_in TERM THEME: five screens that have every colour, into the file "screens"
screens_in() {
	local keys
	: >screens
	for keys in '' ':1017<Enter>s' ':1017<Enter>s<Tab>' ':20<Enter>maGd' ':1120<Enter>:partitions<Enter>'; do
		start 100 24 "$(within "$1" --theme="$2" --command="$(printf %q "$keys")" "$node")"
		same 100x24 "$keys" "$node"
		captured -e >>screens
	done
}

# readable LIGHTNESS FEWEST: the colours of "screens", of which there are so many, can be read on a background
# that is black (0) or white (1), or that of a selected line, by the contrast that WCAG asks of texts
readable() {
	python3 - "$@" <<-'END'
		import re, sys

		def lightness(number):
		    levels = (0, 95, 135, 175, 215, 255)
		    cube = number - 16
		    parts = [8 + 10 * (number - 232)] * 3 if number >= 232 else [levels[cube // 36], levels[cube // 6 % 6], levels[cube % 6]]
		    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in parts]
		    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

		def contrast(a, b):
		    return (max(a, b) + 0.05) / (min(a, b) + 0.05)

		ground, fewest = float(sys.argv[1]), int(sys.argv[2])
		text = open('screens', encoding='utf-8').read()
		colors = {int(n) for n in re.findall(r'\x1b\[(?:\d+;)*38;5;(\d+)', text)}
		behind = {int(n) for n in re.findall(r'\x1b\[(?:\d+;)*48;5;(\d+)', text)}
		assert len(colors) >= fewest and min(colors) >= 16, colors
		assert len(behind) == 1, behind
		for color in colors:
		    assert contrast(lightness(color), ground) >= 4.5, (color, ground)
		    # such a line is bold
		    assert contrast(lightness(color), lightness(min(behind))) >= 3, (color, behind)
	END
}

@test "themes: colours that can be read on a dark and on a light background" {
	screens_in xterm-256color dark
	readable 0 5
	screens_in xterm-256color light
	readable 1 5
	screens_in xterm light
	grep -q $'\e\\[[0-9;]*31m' screens
	run ! grep -qE $'\e\\[([0-9]+;)*(3[236]|38;5;[0-9]+)m' screens
	screens_in xterm dark
	grep -q $'\e\\[[0-9;]*33m' screens
	run ! grep -qE $'\e\\[([0-9]+;)*(34|38;5;[0-9]+)m' screens
}

@test "themes: by COLORFGBG, by the option, and none" {
	while IFS='|' read -r environment options color; do
		echo "$environment, $options: $color"
		start 80 24 "$(within "xterm-256color $environment" "$options" "$node")"
		same 80x24 '' "$node"
		if [ "$color" = none ]; then
			run ! is_coloured
		else
			eventually has_color "$color"
		fi
	done <<-'END'
		COLORFGBG='0;15'||38;5;90
		COLORFGBG='0;default;7'||38;5;90
		COLORFGBG='15;0'||38;5;176
		COLORFGBG=15||38;5;176
		COLORFGBG='0;default'||38;5;176
		COLORFGBG=||38;5;176
		COLORFGBG='0;15'|--theme=dark|38;5;176
		COLORFGBG='15;0'|--theme=light|38;5;90
		COLORFGBG='0;15'|--theme=auto|38;5;90
		COLORFGBG='0;15'|--theme=none|none
		COLORFGBG=|--theme=none --color=always|none
		NO_COLOR=1|--theme=light|none
		NO_COLOR=|--theme=light --color=never|none
		NO_COLOR=1|--color=always --theme=light|38;5;90
	END
}

# row_of REGEX: the one row of the window that matches, with its style
row_of() {
	captured -e -N | grep -E -e "$1"
}

@test "where the cursor is can be seen in the part without the focus too" {
	for place in 'xterm-256color dark 48;5;237' 'xterm-256color light 48;5;253' 'xterm light 4' 'xterm none 4' 'vt100 dark 4'; do
		read -r term theme style <<<"$place"
		echo "$place"
		start 80 24 "$(within "$term" --theme="$theme" --command=':1017\<Enter\>s' "$node")"
		same 80x24 ':1017<Enter>s' "$node"
		sees '^ offset 1017 '
		row_of '1017  14:' | grep -qE $'\e\\[([0-9]+;)*'"$style"'(;[0-9]+)*m'
		row_of '1016  14:' | grep -qvE $'\e\\[([0-9]+;)*'"$style"'(;[0-9]+)*m'
		row_of 'topics/orders/3' | grep -qE $'\e\\[([0-9]+;)*7(;[0-9]+)*m'
		send '<Tab>'
		same 80x24 ':1017<Enter>s<Tab>' "$node"
		row_of '1017  14:' | grep -qE $'\e\\[([0-9]+;)*7(;[0-9]+)*m'
		row_of 'topics/orders/3' | grep -qE $'\e\\[([0-9]+;)*'"$style"'(;[0-9]+)*m'
	done
}

@test "tiny, huge, and back" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	send 's'
	same 80x24 's' "$node"
	for size in 20x4 300x100 21x5 10x2 300x100 80x24; do
		mux resize-window -t browse -x "${size%x*}" -y "${size#*x}"
		same "$size" 's' "$node"
	done
	mux resize-window -t browse -x 1 -y 1
	mux resize-window -t browse -x 80 -y 24
	send 'j'
	same 80x24 'sj' "$node"
}

# ---- leaving, and coming back ----

# keys: <C-z>
@test "^Z suspends and fg goes on" {
	start 80 24 "TERM=xterm-256color bash --norc --noprofile -i"
	send "$KMETA_BIN/kmeta-browse --utc $node<Enter>"
	same 80x24 '' "$node"
	send '5j<C-z>'
	sees 'Stopped'
	send 'echo $((6 * 7)) in between<Enter>'
	sees '^42 in between'
	send 'fg<Enter>'
	same 80x24 5j "$node"
	send j
	same 80x24 6j "$node"
	send q
	sees '^42 in between'
}

# What was set before is set again.
left_as_it_was() {
	[ -s after ] && cmp -s before after &&
		[ "$(mux display-message -p -t browse '#{alternate_on} #{cursor_flag} #{keypad_cursor_flag} #{mouse_any_flag}')" = '0 1 0 0' ]
}

@test "the terminal is given back as it was, whatever ended the browser" {
	for end in q TERM HUP QUIT INT SEGV ABRT; do
		rm -f before after status pid
		start 80 24 "ulimit -c 0; echo before it; stty -g >before; TERM=xterm-256color sh -c 'echo \$\$ >pid; exec $KMETA_BIN/kmeta-browse --utc $node'; echo \$? >status; stty -g >after; sleep 30"
		same 80x24 '' "$node"
		[ "$(mux display-message -p -t browse '#{alternate_on} #{mouse_any_flag}')" = '1 1' ]
		if [ "$end" = q ]; then
			send q
			wanted=0
		else
			kill -s "$end" "$(cat pid)"
			wanted=$((128 + $(kill -l "$end")))
		fi
		echo "$end"
		eventually left_as_it_was
		[ "$(cat status)" = "$wanted" ]
		sees '^before it$'
	done
}

ended() {
	! kill -0 "$(cat pid)" 2>/dev/null
}

@test "a terminal that goes away ends the browser" {
	start 80 24 "sh -c 'echo \$\$ >pid; TERM=xterm-256color exec $KMETA_BIN/kmeta-browse --utc $node'"
	same 80x24 '' "$node"
	run ! ended
	mux kill-ses -t browse
	eventually ended
}

@test "keys that terminfo does not know of a terminal" {
	start 80 24 "$(within vt100 "$node")"
	send s
	same 80x24 s "$node"
	raw $'\e[99~'
	raw $'\e[1;2C'
	send '<Tab>'
	raw $'\e[6~'
	same 80x24 's<Tab><PageDown>' "$node"
	raw $'\e[5~'
	send 5j
	raw $'\e[1~'
	same 80x24 's<Tab>' "$node"
	mux send-keys -t browse -l $'\e'
	same 80x24 's<Esc>' "$node"
}

# keys: <C-l>
@test "^L draws what something else wrote over" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	printf '\e[5;1Hspoilt by another program' >"$(mux display -p -t browse '#{pane_tty}')"
	sees '^spoilt by another'
	mux send-keys -t browse C-l
	same 80x24 '' "$node"
}

@test "F1 is help, as terminals send it" {
	start 80 24 "$(within vt100 "$node")"
	same 80x24 '' "$node"
	raw $'\eOP'
	same 80x24 '?' "$node"
	send q
	raw $'\e[11~'
	same 80x24 '?' "$node"
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	mux send-keys -t browse F1
	same 80x24 '<F1>' "$node"
}

@test "^C stops a long search, and the browser lives" {
	# The first segment again and again, with offsets that go on.
	python3 - "$segment" 00000000000000000000.log <<'PYTHON'
import struct, sys
source, target = sys.argv[1:]
data = open(source, 'rb').read()
batches, at = [], 0
while at < len(data):
    base, length = struct.unpack_from('>qi', data, at)
    batches.append((base, data[at + 8:at + 12 + length]))
    at += 12 + length
end = 310
with open(target, 'wb') as out:
    for i in range(1500):
        out.write(b''.join(struct.pack('>q', base + i * end) + rest for base, rest in batches))
PYTHON
	start 80 24 "$(within xterm-256color 00000000000000000000.log)"
	sees '^ +0  .*LEADER_CHANGE'
	mux send-keys -t browse / n o - s u c h Enter C-c
	sees '^stopped$'
	send '5j'
	sees '^ offset 5  '
	mux send-keys -t browse C-c
	sees '^q ends kmeta-browse$'
	send '/no-such<Enter>'
	sees '^not found: no-such$'
}

# ---- while the index is built ----

# typed KEYS: these keys as bytes, all at once; as --command has them, of names only <Enter> and <Tab>
typed() {
	local keys=${1//<Enter>/$'\r'}
	raw "${keys//<Tab>/$'\t'}"
}

@test "what is asked for while the index is built is answered as when it is there" {
	mkdir long
	long_log long/00000000000000000000.log
	for keys in 'G\orders/3<Enter>' '/orders/3 .*leader=none<Enter>' ':@2026-11-24T14:15:55.049Z<Enter>' \
		':200997<Enter>' ':999999<Enter>' '&topic=orders partition=3<Enter>G' '&topic=orders partition=3<Enter>' \
		"Gma&topic=orders partition=3<Enter>g'a" '&topic=orders partition=3<Enter>:200997<Enter>' \
		'&topic=orders partition=3<Enter>G\isr=.11]<Enter>' '&topic=no-such<Enter>' '100%{' \
		'Gs/^orders <Enter>' 'Gt/REGISTER_CONTROLLER<Enter>' ':200997<Enter><Enter><Tab>jl'; do
		echo "$keys"
		start 100 24 "$(within xterm-256color long)"
		sees '^ +0  .*LEADER_CHANGE'
		typed "$keys"
		same 100x24 "$keys" long
	done
}

@test "another key that moves the cursor ends the wait for the end" {
	mkdir long
	long_log long/00000000000000000000.log
	start 100 24 "$(within xterm-256color long)"
	sees '^ +0  .*LEADER_CHANGE'
	typed '&type=TOPIC,LEADER_CHANGE<Enter>Gg'
	same 100x24 '&type=TOPIC,LEADER_CHANGE<Enter>' long
}

@test "Esc and ^C stop a search and a jump that wait, and --command" {
	mkdir long
	long_log long/00000000000000000000.log
	for key in $'\e' $'\003'; do
		for keys in '/no-such<Enter>' '&topic=orders<Enter>/no-such<Enter>' ':@2026-11-24T14:15:55.049Z<Enter>'; do
			echo "$keys"
			start 100 24 "$(ESCDELAY=20 within xterm-256color long)"
			sees '^ +0  .*LEADER_CHANGE'
			typed "$keys$key"
			# A jump needs no time if the index was quicker than the test.
			sees '^(stopped|q ends kmeta-browse)$'
			run ! says ' (searching|going) '
		done
		start 100 24 "$(ESCDELAY=20 within xterm-256color --command=jjj long)"
		sees '^ +0  .*LEADER_CHANGE'
		raw "$key"
		sees '^q ends kmeta-browse$'
		sees '^ offset [03]  '
	done
}

# ---- --command ----

@test "each key of --command finds what the one before it has done" {
	mkdir long
	long_log long/00000000000000000000.log
	for keys in '25j' 'G\orders/3<Enter>5k' '&topic=orders partition=3<Enter>G2ks/^leader=<Enter>n' \
		'Gsma10kdjjq' '200990j5jf3k}' 'Gtj/TOPIC<Enter>k' ':@2026-11-24T14:15:55.049Z<Enter>s[jj'; do
		echo "$keys"
		start 100 24 "$(within xterm-256color --command="$(printf %q "$keys")" long)"
		same 100x24 "$keys" long
	done
	# What is typed meanwhile comes behind it.
	start 100 24 "$(within xterm-256color --command=G5k long)"
	typed '2k'
	same 100x24 G7k long
	start 100 24 "$(within xterm-256color --command=5jQ long)"
	sees '^status 0$'
}

# ---- Esc ----

@test "Esc never ends the browser, and a key whose bytes come apart is that key" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	for _ in 1 2 3; do
		raw $'\e'
		sees '^q ends kmeta-browse$'
		send j
		sees '^. help  Enter record'
	done
	same 80x24 3j "$node"
	# On a slow line.
	raw $'\e'
	sleep 0.3
	raw '[B'
	same 80x24 4j "$node"
	raw $'\e'
	sees '^q ends kmeta-browse$'
	raw '[B'
	same 80x24 5j "$node"
	raw $'\e['
	sleep 1
	raw '1;5'
	sleep 0.1
	raw 'B'
	send k
	same 80x24 4j "$node"
	# As a key by itself it closes what is on top.
	send s
	same 80x24 4js "$node"
	raw $'\e'
	same 80x24 4j "$node"
}

@test "ESCDELAY says how long to wait for the rest of a key" {
	start 80 24 "$(ESCDELAY=20000 within xterm-256color "$node")"
	send s
	same 80x24 s "$node"
	raw $'\e'
	sleep 1
	raw '[B'
	same 80x24 's<Down>' "$node"
}

# ---- the mouse ----

# raw BYTES: all at once, as a terminal sends what belongs together
raw() {
	mux set-buffer -- "$1" \; paste-buffer -d -r -t browse
}

# click ROW: on it, counted from 1
click() {
	raw $'\e[<0;10;'"$1M"
	raw $'\e[<0;10;'"$1m"
}

# keys: <Click>
# keys: <WheelUp>
# keys: <WheelDown>
@test "the mouse: its wheel, and clicks on a line of each part" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	raw $'\e[<65;10;5M'
	same 80x24 '3j' "$node"
	raw $'\e[<65;10;5M'
	same 80x24 '6j' "$node"
	raw $'\e[<64;10;5M'
	same 80x24 '3j' "$node"
	# The heading is the first row.
	click 12
	same 80x24 '10j' "$node"
	send 's'
	same 80x24 '10js' "$node"
	# The wheel moves the part under the pointer, whichever has the focus.
	raw $'\e[<65;10;15M'
	same 80x24 '10jsjjj' "$node"
	send 'kkk'
	send '<Tab>'
	raw $'\e[<65;10;15M'
	send '<Tab>'
	same 80x24 '10jsjjj' "$node"
	send 'kkk'
	raw $'\e[<65;10;5M'
	same 80x24 '10js<Tab>jjj<Tab>' "$node"
	raw $'\e[<64;10;5M'
	same 80x24 '10js' "$node"
	# In the twelfth row is the third line of the state, a group.
	click 12
	send '<Enter>'
	same 80x24 '10jsgjj<Enter>' "$node"
	# Further down its lines are others.
	send 'G'
	same 80x24 '10jsgjj<Enter>G' "$node"
	click 12
	send '<Enter>'
	same 80x24 "10jsgjj<Enter>G$(printf 'k%.0s' {1..10})<Enter>" "$node"
	click 3
	sees '^. help  Enter record'
	# The heading, the line between the parts, the status and the last line are none to go to.
	shown=$output
	for row in 1 9 23 24; do
		click "$row"
	done
	sleep 0.2
	[ "$(captured)" = "$shown" ]
}

@test "the mouse: however the bytes of its clicks come together or apart" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	# Two clicks and the wheel in one piece.
	raw $'\e[<0;10;5M\e[<0;10;5m\e[<0;10;12M\e[<0;10;12m\e[<65;10;5M'
	same 80x24 13j "$node"
	# The button goes down and, after a key, up.
	raw $'\e[<0;10;9M'
	same 80x24 7j "$node"
	raw $'j\e[<0;10;9m'
	same 80x24 8j "$node"
	# It moves while it is down, as hands do.
	raw $'\e[<0;10;12M\e[<0;11;13m'
	same 80x24 10j "$node"
	# Clicks on a line twice are no double click, and other buttons do nothing.
	raw $'\e[<0;10;5M\e[<0;10;5m\e[<0;10;5M\e[<0;10;5m\e[<2;10;9M\e[<2;10;9m'
	same 80x24 3j "$node"
	for row in 4 12 7 20 3 15 9; do
		raw $'\e[<0;10;'"${row}M"
		raw $'\e[<0;10;'"${row}m"
		same 80x24 "$((row - 2))j" "$node"
	done
}

@test "keys come from the terminal while the log comes from standard input" {
	start 80 24 "cat $segment | $(within xterm-256color -)"
	sees '^ offset 0  .*  -'
	send '5j'
	sees '^ offset 5  .*  -'
	send G
	sees '^ offset 307  .*  -'
	send q
	sees '^status 0$'
}

# ---- tables and jumps ----

@test "each key of tables and jumps" {
	local way=':900<Enter>:partitions<Enter>'
	start 100 30 "$(within xterm-256color "$node")"
	same 100x30 '' "$node"
	keys=
	for step in "$way" '3j' '<Right><Right>' '>' 'r' '<lt>' 'h' '<Left>' 'H' '+rf<Enter>' '+<Enter>' '&leader=12<Enter>' \
		'/bulk<Enter>' 'n' 'N' '<PageDown>' '<PageUp>' 'G' 'g' 'J' 'K' 'z' 'z' 'b' 'p' 'l' '<Backspace>' \
		'<Backspace>' 'o' '<Enter>' '<Backspace>' '<Backspace>' '<Backspace>' '<Enter>' 'p' '<Backspace>' 'o' '<Backspace>' \
		'l' 'e' '<Backspace>' '<Backspace>' '<Backspace>' '&<Enter>' '?' 'q' '<Tab>' 'j' '<Tab>' 'q'; do
		keys=$keys$step
		echo "$keys"
		send "$step"
		same 100x30 "$keys" "$node"
	done
}

@test "a click on the head of a column sorts by it, and by another click the other way round" {
	local table=':900<Enter>:partitions<Enter>'
	start 100 30 "$(within xterm-256color "$node")"
	send "$table"
	same 100x30 "$table" "$node"
	# The log has five rows, then comes the line between, the headline, and the heads.
	raw $'\e[<0;36;8M\e[<0;36;8m'
	same 100x30 "$table<Right><Right><lt>" "$node"
	sees '^topic +partition +leader<'
	raw $'\e[<0;36;8M\e[<0;36;8m'
	same 100x30 "$table<Right><Right><lt>>" "$node"
	# A click on a row goes there.
	raw $'\e[<0;50;13M\e[<0;50;13m'
	send '<Enter>'
	same 100x30 "$table<Right><Right><lt>>4j<Right><Enter>" "$node"
}

# ---- prompts ----

@test "what was entered is kept for the next run, at each prompt" {
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	send ':20<Enter>/TOPIC<Enter>:30<Enter>:30<Enter>/with 日本<Enter>'
	sees '^not found: with 日本$'
	send 'Y<Esc>wx.txt<Enter>'
	sees '^written to x.txt$'
	send Q
	sees '^status 0$'
	# A line each, whose text is that of its prompt; not the same twice, and no file.
	printf '%s\n' ':20' '/TOPIC' ':30' '/with 日本' | diff - state/kmeta/browse-history
	[ "$(stat -c %a state/kmeta/browse-history)" = 600 ]
	[ "$(stat -c %a state/kmeta)" = 700 ]
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	send ':<Up>'
	sees '^:30$'
	send '<Up>'
	sees '^:20$'
	send '<Esc>/<Up><Up>'
	sees '^/TOPIC$'
	send '<Down>'
	sees '^/with 日本$'
	# Another run at the same time adds its own.
	echo ':40' >>state/kmeta/browse-history
	send '<Esc>:50<Enter>Q'
	sees '^status 0$'
	[ "$(tail -n 2 state/kmeta/browse-history | tr '\n' ' ')" = ':40 :50 ' ]
}

@test "a history that is long is cut, one that is odd does no harm" {
	mkdir -p state/kmeta
	{
		for i in {1..20000}; do
			echo ":$i"
		done
		printf '/\e[2Jevil\xff\n\0\n\nXnothing\n:%02000d\n&ok\n' 7
	} >state/kmeta/browse-history
	start 80 24 "$(within xterm-256color "$node")"
	same 80x24 '' "$node"
	send '/<Up>'
	sees '^/\[2Jevil'
	send '<Esc>&<Up>'
	sees '^&ok$'
	send '<Esc>:<Up><Up>'
	sees '^:20000$'
	send '<Esc>Q'
	sees '^status 0$'
	[ "$(wc -l <state/kmeta/browse-history)" -le 64 ]
	[ "$(stat -c %a state/kmeta/browse-history)" = 600 ]
	[ ! -e state/kmeta/browse-history.part ]
	# Where nothing can be kept, nothing is, and all else goes on.
	for kind in link pipe directory; do
		rm -rf state
		mkdir -p state/kmeta
		case $kind in
		link) ln -s /dev/null state/kmeta/browse-history ;;
		pipe) mkfifo state/kmeta/browse-history ;;
		directory) mkdir state/kmeta/browse-history ;;
		esac
		start 80 24 "$(within xterm-256color "$node")"
		same 80x24 '' "$node"
		send ':20<Enter>'
		same 80x24 ':20<Enter>' "$node"
		send Q
		sees '^status 0$'
	done
}

@test "Tab completes as it does without a terminal" {
	start 80 24 "$(within xterm-256color "$node")"
	for keys in ':par<Tab>' '<Esc>:qu<Tab>' '<Tab>' '<Tab>'; do
		send "$keys"
	done
	sees '^:quit  quotas  quit  quit-at-once$'
	send '<Esc>'
}

# ---- files that change ----

@test "a log that grows, rolls, is cut, vanishes and comes back" {
	local whole=$TESTDATA/real/kraft-4.3-full/node-1/__cluster_metadata-0
	mkdir live
	cp "$whole/00000000000000000000.log" "$whole/00000000000000000310.log" live/
	start 100 24 "$(within xterm-256color live)"
	sees '^ offset 0  '
	send F
	sees '^ offset 729  .*following'
	# It rolls, and half of a batch stands at the end.
	head -c 4000 "$whole/00000000000000000730.log" >live/00000000000000000730.log
	sees '^ offset [78][0-9][0-9]  .*following'
	# It grows.
	tail -c +4001 "$whole/00000000000000000730.log" >>live/00000000000000000730.log
	sees '^ offset 1147  .*following'
	cp "$whole/00000000000000001148.log" live/
	sees '^ offset 1173  .*following'
	send 's'
	sees '  state @1174 '
	# It is cut.
	truncate -s 200 live/00000000000000001148.log
	sees '; read again$'
	send qg
	sees '^ offset 0  '
	# It vanishes.
	mv live gone
	sees '; what was read of it is still shown$'
	send '7j'
	sees '^ offset 7  '
	send 's'
	sees '^── state'
	send q
	# It comes back, and as another.
	mkdir live
	cp "$whole/00000000000000000000.log" live/
	sees ' up to offset 309$'
	sees ': was replaced; read again$'
	cp "$whole/00000000000000000310.log" live/
	sees '^ offset 729  .*following'
	send Q
	sees '^status 0$'
}

@test "a filter finds what comes to a log" {
	mkdir live
	head -c 2300 "$segment" >live/00000000000000000000.log
	start 100 24 "$(within xterm-256color live)"
	send '&topic=orders partition=3<Enter>'
	sees '^  no record matches'
	tail -c +2301 "$segment" >>live/00000000000000000000.log
	sees ' PARTITION +orders/3 '
	send G
	same 100x24 '&topic=orders partition=3<Enter>G' live
	cp "${segment%/*}/00000000000000000310.log" live/
	sees ' 638 .*orders/3 '
	send G
	same 100x24 '&topic=orders partition=3<Enter>G' live
}

# ---- the clipboard ----

copied() {
	[ "$(mux show-buffer 2>/dev/null)" = "$1" ]
}

@test "y copies the record to the terminal's clipboard" {
	start 80 24 "$(within xterm-256color "$node@1017")"
	sees '^ offset 1017  '
	send y
	sees '^copied the record as JSON'
	eventually copied "$("$KMETA_BIN/kmeta-dump" -o json --utc --offset=1017 "$node")"
}

@test "keys of one's own are found in a terminal, and a mistake in them is told there" {
	mkdir -p config/kmeta
	printf 'x end\n' >config/kmeta/browse
	start 80 24 "XDG_CONFIG_HOME=$PWD/config $(within xterm-256color "$node")"
	sees '^ offset 0 '
	send x
	sees '^ offset 1173 '
	printf 'x ned\n' >config/kmeta/browse
	start 80 24 "XDG_CONFIG_HOME=$PWD/config $(within xterm-256color "$node")"
	sees 'kmeta/browse: line 1: '
	send G
	sees '^ offset 1173 '
}

@test "the first start shows hints until a key is pressed, and no other does" {
	start 100 24 "XDG_STATE_HOME=$PWD/fresh $(within xterm-256color "$node")"
	sees '^  [?] lists all keys of where you are'
	sees '^  j k and arrows move'
	sees '^ +5 .*FEATURE_LEVEL'
	send j
	sees '^ offset 1 '
	run says 'lists all keys of where you are'
	[ "$status" -ne 0 ]
	[ -f fresh/kmeta/browse-history ]
	start 100 24 "XDG_STATE_HOME=$PWD/fresh $(within xterm-256color "$node")"
	sees '^ offset 0 '
	run says 'lists all keys of where you are'
	[ "$status" -ne 0 ]
}
