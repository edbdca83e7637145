
# The words of $1 that begin with the last of the list $2 and are not in it yet, each behind $3 and
# what the list has already.
_@FUNCTION@_list() {
	local word left='' last=${2##*,}
	local list=${2%"$last"}

	for word in $1; do
		[[ ,$list == *,$word,* ]] || left+=" $word"
	done
	_@FUNCTION@_words "$left" "$last" "$3$list"
}
