# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-fetch; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_fetch_addresses
    complete -C "__kmeta_fetch_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

complete -c kmeta-fetch -f -a '(__kmeta_fetch_addresses)'
complete -c kmeta-fetch -n 'not __fish_contains_opt status' -l out -x -d 'The copy\'s directory, or - for standard output'
complete -c kmeta-fetch -n 'not __fish_contains_opt status' -s f -l follow -d 'Go on, as the quorum does, until ^C'
complete -c kmeta-fetch -l latest -d 'Begin at the newest checkpoint, not the oldest'
complete -c kmeta-fetch -l over-gap -d 'Go on behind what the quorum has dropped'
complete -c kmeta-fetch -l checkpoints -d 'Also fetch each new checkpoint of the leader'
complete -c kmeta-fetch -l retain -x -d 'Keep so much, as 30d or 10GiB; default all'
complete -c kmeta-fetch -l segment-bytes -x -d 'Begin another segment at this size; default 1GiB'
complete -c kmeta-fetch -l sync-every -x -d 'How often it is synced while following; default 1s'
complete -c kmeta-fetch -n 'not __fish_contains_opt out -s f follow' -l status -d 'Print how the quorum is, and copy nothing'
complete -c kmeta-fetch -l command-config -x -d 'A client\'s properties, as Kafka\'s tools take them'
complete -c kmeta-fetch -l cluster-id -x -d 'Fetch from this cluster only'
complete -c kmeta-fetch -l timeout -x -d 'For a connection, an answer, a leader; default 30s'
complete -c kmeta-fetch -l max-rate -x -d 'Fetch no more than this a second'
complete -c kmeta-fetch -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Accepted, as by every command: nothing is decoded'
complete -c kmeta-fetch -s o -l output -x -a 'text\t"for people, the default" json\t"one object"' -d 'The format of --status'
complete -c kmeta-fetch -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-fetch -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-fetch -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-fetch -l utc -d 'Times in UTC, not local time'
complete -c kmeta-fetch -l show-secrets -d 'Accepted, as by every command: no message shows a secret'
complete -c kmeta-fetch -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-fetch -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-fetch -s h -l help -d 'Print this help'
complete -c kmeta-fetch -s V -l version -d 'Print the version'
