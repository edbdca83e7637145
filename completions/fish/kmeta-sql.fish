# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-sql; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_sql_addresses
    complete -C "__kmeta_sql_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

complete -c kmeta-sql -f -a '(__kmeta_sql_addresses)'
complete -c kmeta-sql -l salvage -d 'Go on behind damage'
complete -c kmeta-sql -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-sql -s o -l output -x -a 'text\t"for people, in columns, the default" json\t"an object a row" csv\t"with the names of columns first"' -d 'The format'
complete -c kmeta-sql -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-sql -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-sql -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-sql -l utc -d 'Times in UTC, not local time'
complete -c kmeta-sql -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-sql -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-sql -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-sql -s h -l help -d 'Print this help'
complete -c kmeta-sql -s V -l version -d 'Print the version'
