# SPDX-License-Identifier: Apache-2.0
# fish completion for @NAME@; written by tools/generate, do not edit

# Directories, segments and checkpoints: those of the files that fish offers to any command.
function __@FUNCTION@_addresses
    complete -C "__@FUNCTION@_any_command "(commandline -ct) |
        string match -r '^[^\t]*(?:/|@ENDS@)(?=\t|$)'
end
@LISTS@
complete -c @NAME@ -f -a '(__@FUNCTION@_addresses)'
@OPTIONS@
