# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-redact; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_redact_addresses
    complete -C "__kmeta_redact_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_redact_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

complete -c kmeta-redact -f -a '(__kmeta_redact_addresses)'
complete -c kmeta-redact -l out -x -d 'The new directory, or file'
complete -c kmeta-redact -l keep -x -a '(__kmeta_redact_list topic user group client host rack listener transaction value)' -d 'Leave these names as they are'
complete -c kmeta-redact -l hide-ids -d 'Replace ids of topics, directories and incarnations, too'
complete -c kmeta-redact -l key-file -x -d 'Pseudonyms follow from the key in this file'
complete -c kmeta-redact -l map -x -d 'Write pseudonyms and names to this new file, to stay at home'
complete -c kmeta-redact -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-redact -s n -l dry-run -d 'Say what would be replaced, and write nothing'
complete -c kmeta-redact -l no-verify -d 'Do not read back what was written'
complete -c kmeta-redact -l mode -x -d 'Who else may read the copy, as 640; default 600'
complete -c kmeta-redact -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-redact -l utc -d 'Times in UTC, not local time'
complete -c kmeta-redact -l show-secrets -d 'Accepted, as by every command: secrets are always replaced'
complete -c kmeta-redact -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-redact -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-redact -s h -l help -d 'Print this help'
complete -c kmeta-redact -s V -l version -d 'Print the version'
