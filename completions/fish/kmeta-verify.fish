# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-verify

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_verify_addresses
    complete -C "__kmeta_verify_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

function __kmeta_verify_classes
    set -l classes bytes records order checkpoint directory meaning replay-match nodes
    # What stands before the last comma stays, and is not offered again.
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for class in $classes
        contains -- $class (string split , -- $before)
        or printf '%s\n' "$before$class"
    end
end

set -l releases auto 2.8 3.{0,1,2,3,4,5,6,7,8,9} 4.{0,1,2,3,4}

complete -c kmeta-verify -f -a '(__kmeta_verify_addresses)'
complete -c kmeta-verify -s o -l output -x -a 'text\t"for people (default)" json\t"a line a finding, and a summary"' -d 'Format of the output'
complete -c kmeta-verify -l only -x -a '(__kmeta_verify_classes)' -d 'Only these checks'
complete -c kmeta-verify -l skip -x -a '(__kmeta_verify_classes)' -d 'All but these checks'
complete -c kmeta-verify -l checksum-only -d "The fast pass: each batch's checksum alone"
complete -c kmeta-verify -l fail-on -x -a 'error\t"errors (default)" warning\t"warnings and errors" note\t"any finding"' -d 'End with 1 from this severity on'
complete -c kmeta-verify -l max-findings -x -d 'Tell of at most so many in each file'
complete -c kmeta-verify -s j -l jobs -x -d 'Check so many files side by side'
complete -c kmeta-verify -l dialect -x -a "$releases" -d 'Read by the layouts of this release'
complete -c kmeta-verify -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-verify -l color -x -a 'auto always never' -d 'Colours'
complete -c kmeta-verify -l progress -x -a 'auto always never' -d 'A progress line'
complete -c kmeta-verify -l utc -d 'Times in UTC, not local time'
complete -c kmeta-verify -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-verify -s h -l help -d 'Print help'
complete -c kmeta-verify -s V -l version -d 'Print the version'
