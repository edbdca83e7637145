# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-diff

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_diff_addresses
    complete -C "__kmeta_diff_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

function __kmeta_diff_kinds
    set -l kinds feature zk-migration broker controller topic partition config quota \
        producer-ids acl scram token
    # What stands before the last comma stays, and is not offered again.
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for kind in $kinds
        contains -- $kind (string split , -- $before)
        or printf '%s\n' "$before$kind"
    end
end

set -l releases auto 2.8 3.{0,1,2,3,4,5,6,7,8,9} 4.{0,1,2,3,4}

complete -c kmeta-diff -f -a '(__kmeta_diff_addresses)'
complete -c kmeta-diff -s o -l output -x -a 'text\t"for people (default)" json\t"a line a change"' -d 'Format of the output'
complete -c kmeta-diff -l stat -d 'Only how many of each kind changed'
complete -c kmeta-diff -l only -x -a '(__kmeta_diff_kinds)' -d 'Only these kinds'
complete -c kmeta-diff -l ignore -x -d 'Pass over these fields, as brokerEpoch'
complete -c kmeta-diff -l log -d 'Compare two logs batch by batch'
complete -c kmeta-diff -l from-log -d 'Replay segments alone'
complete -c kmeta-diff -l dialect -x -a "$releases" -d 'Read by the layouts of this release'
complete -c kmeta-diff -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-diff -l color -x -a 'auto always never' -d 'Colours'
complete -c kmeta-diff -l progress -x -a 'auto always never' -d 'A progress line'
complete -c kmeta-diff -l utc -d 'Times in UTC, not local time'
complete -c kmeta-diff -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-diff -s h -l help -d 'Print help'
complete -c kmeta-diff -s V -l version -d 'Print the version'
