# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-dump; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_dump_addresses
    complete -C "__kmeta_dump_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_dump_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

# The same in small letters, if such are typed.
function __kmeta_dump_list_any_case
    if commandline -ct | string match -qr '[a-z][^,=]*$'
        __kmeta_dump_list (string lower $argv)
    else
        __kmeta_dump_list $argv
    end
end

complete -c kmeta-dump -f -a '(__kmeta_dump_addresses)'
complete -c kmeta-dump -l type -x -a '(__kmeta_dump_list_any_case REGISTER_BROKER UNREGISTER_BROKER TOPIC PARTITION CONFIG PARTITION_CHANGE ACCESS_CONTROL FENCE_BROKER UNFENCE_BROKER REMOVE_TOPIC DELEGATION_TOKEN USER_SCRAM_CREDENTIAL FEATURE_LEVEL CLIENT_QUOTA PRODUCER_IDS REMOVE_FEATURE_LEVEL BROKER_REGISTRATION_CHANGE ACCESS_CONTROL_ENTRY REMOVE_ACCESS_CONTROL_ENTRY NO_OP ZK_MIGRATION_STATE REMOVE_USER_SCRAM_CREDENTIAL BEGIN_TRANSACTION END_TRANSACTION ABORT_TRANSACTION REMOVE_DELEGATION_TOKEN REGISTER_CONTROLLER CLEAR_ELR UNREGISTER_CONTROLLER ABORT COMMIT LEADER_CHANGE SNAPSHOT_HEADER SNAPSHOT_FOOTER KRAFT_VERSION KRAFT_VOTERS)' -d 'Only these record types: names, globs, numbers; or list'
complete -c kmeta-dump -l not-type -x -a '(__kmeta_dump_list_any_case REGISTER_BROKER UNREGISTER_BROKER TOPIC PARTITION CONFIG PARTITION_CHANGE ACCESS_CONTROL FENCE_BROKER UNFENCE_BROKER REMOVE_TOPIC DELEGATION_TOKEN USER_SCRAM_CREDENTIAL FEATURE_LEVEL CLIENT_QUOTA PRODUCER_IDS REMOVE_FEATURE_LEVEL BROKER_REGISTRATION_CHANGE ACCESS_CONTROL_ENTRY REMOVE_ACCESS_CONTROL_ENTRY NO_OP ZK_MIGRATION_STATE REMOVE_USER_SCRAM_CREDENTIAL BEGIN_TRANSACTION END_TRANSACTION ABORT_TRANSACTION REMOVE_DELEGATION_TOKEN REGISTER_CONTROLLER CLEAR_ELR UNREGISTER_CONTROLLER ABORT COMMIT LEADER_CHANGE SNAPSHOT_HEADER SNAPSHOT_FOOTER KRAFT_VERSION KRAFT_VOTERS)' -d 'All but these record types'
complete -c kmeta-dump -l offset -x -d 'Only these offsets: A, A..B, A.. or ..B, both ends included'
complete -c kmeta-dump -l time -x -d 'Only these times: 2026-11-24T14:05[Z], 14:05, -10m, now'
complete -c kmeta-dump -l epoch -x -d 'Only what leaders of these epochs wrote'
complete -c kmeta-dump -l topic -x -d 'Only what names these topics: names, globs, ids'
complete -c kmeta-dump -l partition -x -d 'Only what names these partitions: numbers, ranges'
complete -c kmeta-dump -l broker -x -d 'Only what names these brokers: numbers, ranges'
complete -c kmeta-dump -l grep -x -d 'Only records whose line holds this text'
complete -c kmeta-dump -l control -d 'Only control records'
complete -c kmeta-dump -s n -l limit -x -d 'At most so many records'
complete -c kmeta-dump -n 'not __fish_contains_opt -s f follow' -l reverse -d 'The newest record first'
complete -c kmeta-dump -n 'not __fish_contains_opt reverse' -s f -l follow -d 'Wait for more, over segment rolls and truncation'
complete -c kmeta-dump -l salvage -d 'Go on behind damage, at the next sound batch'
complete -c kmeta-dump -s j -l jobs -x -d 'Print so many batches side by side; by default as many as processors'
complete -c kmeta-dump -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-dump -s o -l output -x -a 'text\t"for people, the default" json\t"a line a record" kafka\t"as kafka-dump-log" arrow\t"an Arrow stream"' -d 'The format'
complete -c kmeta-dump -l batch -d 'With the fields of each record\'s batch'
complete -c kmeta-dump -l fold -d 'Hide no-op records, and say how many'
complete -c kmeta-dump -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-dump -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-dump -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-dump -l utc -d 'Times in UTC, not local time'
complete -c kmeta-dump -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-dump -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-dump -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-dump -s h -l help -d 'Print this help'
complete -c kmeta-dump -s V -l version -d 'Print the version'
