# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-verify; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_verify_addresses
    complete -C "__kmeta_verify_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_verify_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

complete -c kmeta-verify -f -a '(__kmeta_verify_addresses)'
complete -c kmeta-verify -n 'not __fish_contains_opt checksum-only' -l only -x -a '(__kmeta_verify_list bytes records order checkpoint directory meaning replay-match nodes)' -d 'Only these classes of checks'
complete -c kmeta-verify -n 'not __fish_contains_opt checksum-only' -l skip -x -a '(__kmeta_verify_list bytes records order checkpoint directory meaning replay-match nodes)' -d 'All but these checks'
complete -c kmeta-verify -n 'not __fish_contains_opt only skip' -l checksum-only -d 'The fast pass: each batch\'s checksum alone'
complete -c kmeta-verify -s j -l jobs -x -d 'Check so many files side by side; replay is one after another'
complete -c kmeta-verify -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-verify -s o -l output -x -a 'text\t"for people, the default" json\t"a line a finding, and a summary"' -d 'The format'
complete -c kmeta-verify -l fail-on -x -a 'note\t"any finding" warning\t"warnings and errors, the default" error\t"errors"' -d 'End with 1 from this severity on'
complete -c kmeta-verify -l max-findings -x -d 'Print at most so many of each file; default 10000'
complete -c kmeta-verify -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-verify -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-verify -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-verify -l utc -d 'Times in UTC, not local time'
complete -c kmeta-verify -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-verify -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-verify -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-verify -s h -l help -d 'Print this help'
complete -c kmeta-verify -s V -l version -d 'Print the version'
