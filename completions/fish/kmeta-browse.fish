# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-browse

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_browse_addresses
    complete -C "__kmeta_browse_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

set -l releases auto 2.8 3.{0,1,2,3,4,5,6,7,8,9} 4.{0,1,2,3,4}

complete -c kmeta-browse -f -a '(__kmeta_browse_addresses)'
complete -c kmeta-browse -l command -x -d 'Press these keys first, as G<Enter>'
complete -c kmeta-browse -l print -d 'Use no terminal: print the screen'
complete -c kmeta-browse -l size -x -d 'The screen of --print, as 80x24'
complete -c kmeta-browse -l dialect -x -a "$releases" -d 'Read by the layouts of this release'
complete -c kmeta-browse -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-browse -l color -x -a 'auto always never' -d 'Colours'
complete -c kmeta-browse -l progress -x -a 'auto always never' -d 'A progress line'
complete -c kmeta-browse -l utc -d 'Times in UTC, not local time'
complete -c kmeta-browse -l show-secrets -d 'Show credentials and sensitive configs'
complete -c kmeta-browse -s h -l help -d 'Print help'
complete -c kmeta-browse -s V -l version -d 'Print the version'
