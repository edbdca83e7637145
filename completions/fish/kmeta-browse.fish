# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-browse; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_browse_addresses
    complete -C "__kmeta_browse_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

complete -c kmeta-browse -f -a '(__kmeta_browse_addresses)'
complete -c kmeta-browse -l command -x -d 'Press these keys first: <Enter>, <Down>, <C-d>, <lt> for <'
complete -c kmeta-browse -l keys -x -d 'Keys of your own: lines such as <C-n> down'
complete -c kmeta-browse -l print -d 'Use no terminal: print the screen after --command'
complete -c kmeta-browse -l size -x -d 'The screen of --print; default 80x24'
complete -c kmeta-browse -l theme -x -a 'auto\t"what COLORFGBG says, or else dark" dark\t"for a dark background" light\t"for a light background" none\t"no colours"' -d 'Colours that can be read on a background'
complete -c kmeta-browse -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-browse -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-browse -l utc -d 'Times in UTC, not local time'
complete -c kmeta-browse -l show-secrets -d 'Begin with credentials and sensitive configs shown'
complete -c kmeta-browse -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-browse -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-browse -s h -l help -d 'Print this help'
complete -c kmeta-browse -s V -l version -d 'Print the version'
