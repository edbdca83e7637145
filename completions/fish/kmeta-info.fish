# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-info; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_info_addresses
    complete -C "__kmeta_info_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

complete -c kmeta-info -f -a '(__kmeta_info_addresses)'
complete -c kmeta-info -l partitions -d 'Directories of partitions against the state'
complete -c kmeta-info -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-info -s o -l output -x -a 'text\t"for people, the default" json\t"a line a directory"' -d 'The format'
complete -c kmeta-info -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-info -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-info -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-info -l utc -d 'Times in UTC, not local time'
complete -c kmeta-info -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-info -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-info -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-info -s h -l help -d 'Print this help'
complete -c kmeta-info -s V -l version -d 'Print the version'
