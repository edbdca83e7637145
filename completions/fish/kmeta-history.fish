# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-history; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_history_addresses
    complete -C "__kmeta_history_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

complete -c kmeta-history -f -a '(__kmeta_history_addresses)'
complete -c kmeta-history -l since -x -d 'Only changes from this offset or time on'
complete -c kmeta-history -l ignore -x -d 'Pass over these fields, as partitionEpoch'
complete -c kmeta-history -n 'not __fish_contains_opt brokers elections unclean' -l leaders -d 'The active controllers, one after another'
complete -c kmeta-history -n 'not __fish_contains_opt leaders brokers' -l elections -d 'Every change of a partition\'s leader'
complete -c kmeta-history -n 'not __fish_contains_opt leaders brokers' -l unclean -d 'Only elections that lost data'
complete -c kmeta-history -s n -l limit -x -d 'At most so many lines'
complete -c kmeta-history -n 'not __fish_contains_opt leaders elections unclean' -l brokers -d 'Registrations, fencing and restarts of all brokers'
complete -c kmeta-history -l partial -d 'Take a log that begins late, and mark what is unknown'
complete -c kmeta-history -n 'not __fish_contains_opt -s f follow' -l reverse -d 'The newest change first'
complete -c kmeta-history -n 'not __fish_contains_opt reverse' -s f -l follow -d 'Wait for more'
complete -c kmeta-history -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-history -s o -l output -x -a 'text\t"for people, the default" json\t"a line a change"' -d 'The format'
complete -c kmeta-history -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-history -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-history -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-history -l utc -d 'Times in UTC, not local time'
complete -c kmeta-history -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-history -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-history -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-history -s h -l help -d 'Print this help'
complete -c kmeta-history -s V -l version -d 'Print the version'
