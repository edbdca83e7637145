#compdef @NAME@
# SPDX-License-Identifier: Apache-2.0
# zsh completion for @NAME@; written by tools/generate, do not edit
@FUNCTIONS@
_arguments -s -S : \
  @ARGUMENTS@
