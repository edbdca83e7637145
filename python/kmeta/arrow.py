# SPDX-License-Identifier: Apache-2.0
"""Tables of pyarrow, from the stream that a command writes."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from typing import IO, Any, Iterable, Iterator, Optional, Sequence

from kmeta import pipes
from kmeta.errors import KmetaError


class ArrowStream:
    """What a command prints with ``-o arrow``: the schema, and record batches as they come.

    ``feed`` are pieces of bytes for its standard input. What the command could not read raises :class:`KmetaError`, behind
    the last batch.
    """

    def __init__(self, command: str, options: Sequence[str], operands: Sequence[str], feed: Optional[Iterable[bytes]] = None):
        import pyarrow

        self._command = command
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen([pipes.find(command), '--output=arrow', *options, '--', *operands],
                                         stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=self._said)
        self._fed: Optional[threading.Thread] = None
        if feed is not None:
            assert self._process.stdin
            self._fed = threading.Thread(target=_pour, args=(feed, self._process.stdin), daemon=True)
            self._fed.start()
        try:
            assert self._process.stdout
            self._reader = pyarrow.ipc.open_stream(self._process.stdout)
        except pyarrow.ArrowInvalid:
            self._end()
            raise
        self.schema: Any = self._reader.schema

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._reader
        except GeneratorExit:
            self._process.kill()
            raise
        finally:
            status = self._close()
        self._judge(status)

    def _end(self) -> None:
        """The command wrote no stream: it says why not."""
        self._judge(self._close())

    def _close(self) -> int:
        assert self._process.stdout
        self._process.stdout.close()
        status = self._process.wait()
        if self._fed:
            self._fed.join()
        return status

    def _judge(self, status: int) -> None:
        if status not in (0, pipes.DIFFERENT):
            self._said.seek(0)
            raise KmetaError(self._command, status, pipes.complaints(self._command, self._said.read()))
        self._said.close()


def _pour(feed: Iterable[bytes], pipe: IO[bytes]) -> None:
    """A command may end before it read all, and says itself what it did not like."""
    try:
        for piece in feed:
            pipe.write(piece)
        pipe.close()
    except BrokenPipeError:
        pass


def table(command: str, options: Sequence[str], operands: Sequence[str]) -> Any:
    """All of it as a ``pyarrow.Table``."""
    import pyarrow

    stream = ArrowStream(command, options, operands)
    return pyarrow.Table.from_batches(list(stream), stream.schema)
