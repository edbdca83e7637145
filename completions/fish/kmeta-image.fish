# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-image; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_image_addresses
    complete -C "__kmeta_image_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_image_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

complete -c kmeta-image -f -a '(__kmeta_image_addresses)'
complete -c kmeta-image -l kind -x -a '(__kmeta_image_list voter feature zk-migration broker controller topic partition config quota producer-ids acl scram token)' -d 'Only entities of these kinds'
complete -c kmeta-image -l leaderless -d 'Only partitions without a leader'
complete -c kmeta-image -l under-replicated -d 'Only partitions with replicas out of sync'
complete -c kmeta-image -l under-min-isr -d 'Only partitions below min.insync.replicas'
complete -c kmeta-image -l reassigning -d 'Only partitions that are being moved'
complete -c kmeta-image -l on-broker -x -d 'Only partitions with a replica on this broker'
complete -c kmeta-image -l on-directory -x -d 'Only partitions with a replica in this log directory'
complete -c kmeta-image -l problems -d 'What is wrong with the state, worst first'
complete -c kmeta-image -l severity -x -a 'note\t"worth knowing" warning\t"unusual, or about to be a problem" error\t"something does not work"' -d 'Only problems at least as bad; default note'
complete -c kmeta-image -l from-log -d 'Replay segments alone, whatever checkpoints there are'
complete -c kmeta-image -l partial -d 'Take a log that begins late, and mark what is unknown'
complete -c kmeta-image -l strict -d 'Stop at the first record that Kafka\'s image throws on'
complete -c kmeta-image -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-image -s o -l output -x -a 'text\t"for people, the default" json\t"one document" records\t"JSON Lines, a line a record" hash\t"equal for equal states" arrow\t"an Arrow stream of one kind"' -d 'The format'
complete -c kmeta-image -s n -l limit -x -d 'At most so many lines of entities'
complete -c kmeta-image -l newest -d 'Records in their newest versions, as the hash takes them'
complete -c kmeta-image -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-image -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-image -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-image -l utc -d 'Times in UTC, not local time'
complete -c kmeta-image -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-image -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-image -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-image -s h -l help -d 'Print this help'
complete -c kmeta-image -s V -l version -d 'Print the version'
