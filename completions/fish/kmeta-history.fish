# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-history

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_history_addresses
    complete -C "__kmeta_history_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

set -l releases auto 2.8 3.{0,1,2,3,4,5,6,7,8,9} 4.{0,1,2,3,4}

complete -c kmeta-history -f -a '(__kmeta_history_addresses)'
complete -c kmeta-history -s o -l output -x -a 'text\t"for people (default)" json\t"a line a change"' -d 'Format of the output'
complete -c kmeta-history -l since -x -d 'Only changes from here on: 1500, 2026-11-24T14:05[Z], 14:05, -10m'
complete -c kmeta-history -l ignore -x -d 'Pass over these fields, as partitionEpoch'
complete -c kmeta-history -l leaders -d 'The active controllers, one after another'
complete -c kmeta-history -l brokers -d 'Registrations, fencing and restarts of brokers'
complete -c kmeta-history -s f -l follow -d 'Wait for more'
complete -c kmeta-history -l dialect -x -a "$releases" -d 'Read by the layouts of this release'
complete -c kmeta-history -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-history -l color -x -a 'auto always never' -d 'Colours'
complete -c kmeta-history -l progress -x -a 'auto always never' -d 'A progress line'
complete -c kmeta-history -l utc -d 'Times in UTC, not local time'
complete -c kmeta-history -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-history -s h -l help -d 'Print help'
complete -c kmeta-history -s V -l version -d 'Print the version'
