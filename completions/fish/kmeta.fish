# SPDX-License-Identifier: Apache-2.0
# fish completion for kmeta: the names of the commands, then what kmeta-NAME completes

function __kmeta_names
    complete -C kmeta- | string replace -rf '^kmeta-(\S+).*' '$1'
end

function __kmeta_rest
    set -l tokens (commandline -opc) (commandline -ct)
    complete -C "kmeta-"(string join ' ' -- $tokens[2..-1])
end

complete -c kmeta -f -n 'test (count (commandline -opc)) -eq 1' -a 'help (__kmeta_names)'
complete -c kmeta -f -n '__fish_seen_subcommand_from help' -a '(__kmeta_names)'
complete -c kmeta -f -n 'test (count (commandline -opc)) -ge 2; and not __fish_seen_subcommand_from help' -a '(__kmeta_rest)'
