# SPDX-License-Identifier: Apache-2.0
"""Runs a command, and reads the JSON lines that it writes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from typing import Any, Dict, Iterator, List, Sequence

from kmeta.errors import CommandMissing, KmetaError

DIFFERENT = 1
"""The exit status of a command that found something or a difference, and did all of its work."""


def find(command: str) -> str:
    """The path of a command: in $KMETA_BIN, if that is set, or in PATH."""
    folder = os.environ.get('KMETA_BIN')
    path = shutil.which(command, path=folder) if folder else shutil.which(command)
    if not path:
        raise CommandMissing(command)
    return path


def complaints(command: str, said: bytes) -> List[str]:
    """What a command said on standard error, without its name."""
    prefix = f'{command}: '
    lines = said.decode('utf-8', 'replace').splitlines()
    return [line[len(prefix):] for line in lines if line.startswith(prefix)]


def lines(command: str, options: Sequence[str], operands: Sequence[str]) -> Iterator[Dict[str, Any]]:
    """Each line of the output as an object. Ends the command when the iterator is closed."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([find(command), *options, '--', *operands], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=said)
        assert process.stdout
        try:
            for line in process.stdout:
                yield json.loads(line)
        except GeneratorExit:
            process.kill()
            raise
        finally:
            process.stdout.close()
            status = process.wait()
        if status not in (0, DIFFERENT):
            said.seek(0)
            raise KmetaError(command, status, complaints(command, said.read()))
