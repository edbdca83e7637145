# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a log, and with a call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional

# As the commands say it: "FILE: byte 23888 (offset 1143): MESSAGE", less what is not known.
_PLACE = re.compile(r'(?:(?P<file>.*?): )?byte (?P<position>\d+)(?: \(offset (?P<offset>\d+)\))?: (?P<message>.*)', re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a file, and where. What is not known is None."""

    message: str
    file: Optional[str] = None
    position: Optional[int] = None
    """in bytes, from the begin of the file"""
    offset: Optional[int] = None
    """of the record"""
    code: Optional[str] = None
    """as ``kmeta-verify --explain`` takes it"""
    severity: str = 'error'
    """error, warning or note"""

    @classmethod
    def from_line(cls, line: str) -> Finding:
        """Of a line that a command wrote to standard error, without the command's name."""
        place = _PLACE.fullmatch(line)
        if not place:
            return cls(line)
        offset = place['offset']
        return cls(place['message'], place['file'], int(place['position']), None if offset is None else int(offset))


class KmetaError(Exception):
    """A command could not do all of its work: what it gave before is right."""

    def __init__(self, command: str, status: int, lines: List[str], findings: Optional[List[Finding]] = None):
        self.command = command
        self.status = status
        """the exit status, or the negative number of a signal"""
        self.findings = findings or [Finding.from_line(line) for line in lines]
        texts = lines or [finding.message for finding in self.findings]
        super().__init__('; '.join(texts) or f'{command} ended with status {status}')

    @property
    def finding(self) -> Optional[Finding]:
        """The first thing that is wrong."""
        return self.findings[0] if self.findings else None


class CommandMissing(KmetaError):
    """kmeta's commands are not installed here."""

    def __init__(self, command: str):
        super().__init__(command, 127, [f'{command} is neither in $KMETA_BIN nor in PATH'])
