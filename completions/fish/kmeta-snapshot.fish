# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-snapshot; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_snapshot_addresses
    complete -C "__kmeta_snapshot_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_snapshot_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

complete -c kmeta-snapshot -f -a '(__kmeta_snapshot_addresses)'
complete -c kmeta-snapshot -l out -x -d 'The new directory, or FILE.checkpoint, or - for standard output'
complete -c kmeta-snapshot -l voters -x -d 'Keep (default), static, or ID@DIRECTORYID@HOST:PORT,...'
complete -c kmeta-snapshot -l epoch -x -d 'The epoch to write; by default that of the last batch'
complete -c kmeta-snapshot -l node-id -x -d 'Node.id of meta.properties; by default the source\'s'
complete -c kmeta-snapshot -l cluster-id -x -d 'Cluster.id of meta.properties; by default the source\'s'
complete -c kmeta-snapshot -l directory-id -x -d 'Directory.id of meta.properties; by default the source\'s'
complete -c kmeta-snapshot -n 'not __fish_contains_opt ignore' -l only -x -a '(__kmeta_snapshot_list voter feature zk-migration broker controller topic partition config quota producer-ids acl scram token)' -d 'Write only these kinds of entities'
complete -c kmeta-snapshot -n 'not __fish_contains_opt only' -l ignore -x -a '(__kmeta_snapshot_list voter feature zk-migration broker controller topic partition config quota producer-ids acl scram token)' -d 'Leave these kinds out, as brokers and controllers that are gone'
complete -c kmeta-snapshot -l force -d 'Write what no node can ever lead from, too'
complete -c kmeta-snapshot -l from-log -d 'Replay segments alone, whatever checkpoints there are'
complete -c kmeta-snapshot -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-snapshot -s n -l dry-run -d 'Say what would be written, and write nothing'
complete -c kmeta-snapshot -l no-verify -d 'Do not read back what was written'
complete -c kmeta-snapshot -l mode -x -d 'Who else may read it, as 640; default 600'
complete -c kmeta-snapshot -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-snapshot -l utc -d 'Times in UTC, not local time'
complete -c kmeta-snapshot -l show-secrets -d 'Accepted, as by every command: no message shows a secret'
complete -c kmeta-snapshot -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-snapshot -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-snapshot -s h -l help -d 'Print this help'
complete -c kmeta-snapshot -s V -l version -d 'Print the version'
