# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-diff; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_diff_addresses
    complete -C "__kmeta_diff_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_diff_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

complete -c kmeta-diff -f -a '(__kmeta_diff_addresses)'
complete -c kmeta-diff -l only -x -a '(__kmeta_diff_list voter feature zk-migration broker controller topic partition config quota producer-ids acl scram token)' -d 'Only these kinds'
complete -c kmeta-diff -l ignore -x -d 'Pass over these fields, as brokerEpoch or directories'
complete -c kmeta-diff -l log -d 'Compare two logs batch by batch instead'
complete -c kmeta-diff -l from-log -d 'Replay directories\' segments alone, whatever checkpoints there are'
complete -c kmeta-diff -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-diff -s o -l output -x -a 'text\t"for people, the default" json\t"a line a change"' -d 'The format'
complete -c kmeta-diff -s n -l limit -x -d 'At most so many changes'
complete -c kmeta-diff -l stat -d 'Only how many of each kind changed'
complete -c kmeta-diff -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-diff -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-diff -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-diff -l utc -d 'Times in UTC, not local time'
complete -c kmeta-diff -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-diff -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-diff -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-diff -s h -l help -d 'Print this help'
complete -c kmeta-diff -s V -l version -d 'Print the version'
