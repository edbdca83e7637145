
# The words given that are not yet in the list being typed, each behind that.
function __@FUNCTION@_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end
