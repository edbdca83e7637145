# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-stat

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_stat_addresses
    complete -C "__kmeta_stat_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

set -l releases auto 2.8 3.{0,1,2,3,4,5,6,7,8,9} 4.{0,1,2,3,4}

complete -c kmeta-stat -f -a '(__kmeta_stat_addresses)'
complete -c kmeta-stat -s o -l output -x -a 'text\t"for people (default)" json\t"one document"' -d 'Format of the output'
complete -c kmeta-stat -l top -x -d 'The first N topics and brokers'
complete -c kmeta-stat -l dialect -x -a "$releases" -d 'Read by the layouts of this release'
complete -c kmeta-stat -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-stat -l color -x -a 'auto always never' -d 'Colours'
complete -c kmeta-stat -l progress -x -a 'auto always never' -d 'A progress line'
complete -c kmeta-stat -l utc -d 'Times in UTC, not local time'
complete -c kmeta-stat -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-stat -s h -l help -d 'Print help'
complete -c kmeta-stat -s V -l version -d 'Print the version'
