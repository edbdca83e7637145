# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# bash completion for @NAME@; written by tools/generate, do not edit

# Segments, checkpoints and directories that begin with $1; any file if there is none of them.
_@FUNCTION@_addresses() {
	local name
	local -a names

	mapfile -t COMPREPLY < <(compgen -d -- "$1")
	mapfile -t names < <(compgen -f -- "$1")
	for name in "${names[@]}"; do
		case $name in
		@FILES@)
			COMPREPLY+=("$name")
			;;
		esac
	done
	[[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=("${names[@]}")
	compopt -o filenames 2>/dev/null
}

# The words of $1 that begin with $2, each behind $3.
_@FUNCTION@_words() {
	mapfile -t COMPREPLY < <(compgen -P "$3" -W "$1" -- "$2")
}
@LIST@
_@FUNCTION@() {
	local cur=${COMP_WORDS[COMP_CWORD]} option='' before='' i
	local options='@OPTIONS@'

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			_@FUNCTION@_addresses "$cur"
			return
		fi
	done

	# "--color=X" is three words, or one where "=" is no break between words.
	if [[ $cur == --*=* ]]; then
		option=${cur%%=*}
		before=$option=
		cur=${cur#*=}
	elif [[ $cur == = && $COMP_CWORD -ge 2 ]]; then
		option=${COMP_WORDS[COMP_CWORD - 1]}
		cur=
	elif [[ $COMP_CWORD -ge 3 && ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $COMP_CWORD -ge 2 ]]; then
		option=${COMP_WORDS[COMP_CWORD - 1]}
	fi

	case $option in
@CASES@
	esac

	if [[ $cur == -* ]]; then
		_@FUNCTION@_words "$options" "$cur" ''
		[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
		return
	fi
	_@FUNCTION@_addresses "$cur"
}

complete -F _@FUNCTION@ @NAME@
