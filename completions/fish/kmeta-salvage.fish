# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-salvage; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_salvage_addresses
    complete -C "__kmeta_salvage_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

complete -c kmeta-salvage -f -a '(__kmeta_salvage_addresses)'
complete -c kmeta-salvage -l out -x -d 'The new directory'
complete -c kmeta-salvage -l past-holes -d 'Make a checkpoint of all that is sound, over holes'
complete -c kmeta-salvage -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-salvage -s o -l output -x -a 'text\t"for people, the default" json\t"a line a stretch or loss, and a summary"' -d 'The format of the report'
complete -c kmeta-salvage -s n -l dry-run -d 'Say what would be written, and write nothing'
complete -c kmeta-salvage -l no-verify -d 'Do not read back what was written'
complete -c kmeta-salvage -l mode -x -d 'Who else may read it, as 640; default 600'
complete -c kmeta-salvage -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-salvage -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-salvage -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-salvage -l utc -d 'Times in UTC, not local time'
complete -c kmeta-salvage -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-salvage -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-salvage -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-salvage -s h -l help -d 'Print this help'
complete -c kmeta-salvage -s V -l version -d 'Print the version'
