# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta-report; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __kmeta_report_addresses
    complete -C "__kmeta_report_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|\.(?:log|checkpoint)(?:\.(?:gz|zst|lz4))?)(?=\t|$)'
end

# The words given that are not yet in the list being typed, each behind that.
function __kmeta_report_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\n' "$before$word"
    end
end

complete -c kmeta-report -f -a '(__kmeta_report_addresses)'
complete -c kmeta-report -n 'not __fish_contains_opt offset' -l time -x -d 'Only between these times: 14:00..15:00, -1h..'
complete -c kmeta-report -n 'not __fish_contains_opt time' -l offset -x -d 'Only these offsets, both ends included'
complete -c kmeta-report -l only -x -a '(__kmeta_report_list controller-elected controller-registered controller-unregistered voters-changed kraft-version broker-registered broker-restarted broker-registered-again broker-unfenced broker-shutting-down broker-stopped broker-fenced broker-unregistered directory-lost directories-changed broker-changed unclean-election leaders-lost leaders-moved leaders-preferred isr-shrunk isr-grown recovered reassignment-begun reassignment-changed reassignment-done reassignment-cancelled directories-assigned epochs-raised elr-changed elr-cleared topic-made topic-made-again topic-grown topic-deleted setting quota acl-added acl-removed scram-set scram-removed token-set token-removed feature migration transaction transaction-aborted producer-ids no-op other)' -d 'Only these events, as broker-fenced'
complete -c kmeta-report -l ignore -x -a '(__kmeta_report_list controller-elected controller-registered controller-unregistered voters-changed kraft-version broker-registered broker-restarted broker-registered-again broker-unfenced broker-shutting-down broker-stopped broker-fenced broker-unregistered directory-lost directories-changed broker-changed unclean-election leaders-lost leaders-moved leaders-preferred isr-shrunk isr-grown recovered reassignment-begun reassignment-changed reassignment-done reassignment-cancelled directories-assigned epochs-raised elr-changed elr-cleared topic-made topic-made-again topic-grown topic-deleted setting quota acl-added acl-removed scram-set scram-removed token-set token-removed feature migration transaction transaction-aborted producer-ids no-op other)' -d 'Without these events'
complete -c kmeta-report -l topic -x -d 'Only events that touch this topic: a name or a glob'
complete -c kmeta-report -l broker -x -d 'Only events of this node'
complete -c kmeta-report -l dialect -x -a 'auto 2.8 3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.0 4.1 4.2 4.3 4.4' -d 'Read by this release\'s layouts: 2.8, 3.2, ...; default auto'
complete -c kmeta-report -l gap -x -d 'Fold events of one kind that are as close; default 5'
complete -c kmeta-report -l verbose -d 'Every event on a line, no-ops too'
complete -c kmeta-report -l out -x -d 'Write to this new file'
complete -c kmeta-report -s o -l output -x -a 'text\t"for people, the default" markdown\t"for tickets, 60 lines at most" html\t"one page that needs no others, 2 MB at most" json\t"a line an event, and a summary"' -d 'The format'
complete -c kmeta-report -l wide -d 'Lines as long as they are, on a terminal too'
complete -c kmeta-report -l no-pager -d 'Use no pager on a terminal'
complete -c kmeta-report -l color -x -a 'auto\t"on a terminal" always never' -d 'Colours'
complete -c kmeta-report -l utc -d 'Times in UTC, not local time'
complete -c kmeta-report -l show-secrets -d 'Print credentials and sensitive configs'
complete -c kmeta-report -l progress -x -a 'auto\t"on a terminal" always never' -d 'A progress line'
complete -c kmeta-report -s q -l quiet -d 'Say nothing but errors'
complete -c kmeta-report -s h -l help -d 'Print this help'
complete -c kmeta-report -s V -l version -d 'Print the version'
