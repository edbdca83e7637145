# SPDX-License-Identifier: Apache-2.0
"""What can be asked of a log: one function a command."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Callable, Dict, Generic, Iterable, Iterator, List, Optional, Tuple, TypeVar, Union

from kmeta import arrow, pipes
from kmeta.errors import Finding, KmetaError

Path = Union[str, 'os.PathLike[str]']
Point = Union[int, str]
Words = Union[int, str, Iterable[Union[int, str]]]
Range = Union[int, str, Tuple[Optional[Point], Optional[Point]]]
Item = TypeVar('Item')


@dataclass
class Record:
    """One record, as ``kmeta-dump -o json`` prints it."""

    offset: int
    timestamp: int
    """milliseconds since 1970"""
    epoch: int
    type: str
    """as PARTITION_CHANGE_RECORD"""
    version: int
    data: Optional[Dict[str, Any]] = None
    """the fields, named and laid out as Kafka's own tools do; None where they could not be decoded"""
    batch: Optional[Dict[str, Any]] = None
    """where the batch is, if it was asked for"""
    error: Optional[str] = None
    """what is wrong with the record or its batch; only with salvage"""
    code: Optional[str] = None
    """the code of that finding"""
    other: Dict[str, Any] = field(default_factory=dict)
    """what later releases of kmeta may add"""


@dataclass
class Change:
    """One entity that differs, or changed."""

    change: str
    """added, removed or changed"""
    entity: str
    """its kind, as partition"""
    key: Dict[str, Any]
    fields: Dict[str, Any]
    """what it was and is: a value, or two where it changed"""
    offset: Optional[int] = None
    """of the record that changed it; None between two states"""
    timestamp: Optional[int] = None
    """milliseconds since 1970"""
    epoch: Optional[int] = None
    by: Optional[str] = None
    """the type of that record"""
    other: Dict[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """What kmeta-verify found."""

    findings: List[Finding]
    summary: Dict[str, Any]

    @property
    def clean(self) -> bool:
        """Neither errors nor warnings."""
        return not self.summary['errors'] and not self.summary['warnings']


class Stream(Generic[Item]):
    """An iterator over what a command prints. The command runs while it is read, and ends with it."""

    def __init__(self, lines: Iterator[Dict[str, Any]], make: Callable[[Dict[str, Any]], Item],
                 table: Optional[Callable[[], Any]] = None):
        self._lines = lines
        self._make = make
        self._table = table
        self._given = 0

    def __iter__(self) -> Stream[Item]:
        return self

    def __next__(self) -> Item:
        line = next(self._lines)
        self._given += 1
        return self._make(line)

    def __enter__(self) -> Stream[Item]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the command, if it still runs."""
        close = getattr(self._lines, 'close', None)
        if close:
            close()

    def to_arrow(self) -> Any:
        """All that is left as a ``pyarrow.Table``.

        Of records, it is the table that kmeta-dump writes with ``-o arrow``: with a single ``type``, the fields of that
        type are its columns; otherwise they are in ``data``, as JSON. Of everything else, objects and lists become JSON.
        """
        import pyarrow

        if self._table:
            self.close()
            return self._table().slice(self._given)
        rows = (item if isinstance(item, dict) else asdict(item) for item in self)  # type: ignore[call-overload]
        return pyarrow.Table.from_pylist([{name: _cell(value) for name, value in row.items() if name != 'other'} for row in rows])


def _cell(value: Any) -> Any:
    nested = isinstance(value, (dict, list))
    return json.dumps(value, separators=(',', ':')) if nested else value


def _maker(kind: Callable[..., Item]) -> Callable[[Dict[str, Any]], Item]:
    known = {each.name for each in fields(kind)} - {'other'}  # type: ignore[arg-type]

    def make(line: Dict[str, Any]) -> Item:
        other = {name: line.pop(name) for name in list(line) if name not in known}
        return kind(**line, other=other)

    return make


def _address(path: Path, at: Optional[Point] = None) -> str:
    address = os.fspath(path)
    return address if at is None else f'{address}@{at}'


def as_words(value: Words) -> str:
    return str(value) if isinstance(value, (int, str)) else ','.join(map(str, value))


def as_range(value: Range) -> str:
    if not isinstance(value, tuple):
        return str(value)
    first, last = value
    return f'{"" if first is None else first}..{"" if last is None else last}'


def records(path: Path, *, type: Optional[Words] = None, offset: Optional[Range] = None, time: Optional[Range] = None,
            epoch: Optional[Range] = None, topic: Optional[Words] = None, partition: Optional[Words] = None,
            broker: Optional[Words] = None, limit: Optional[int] = None, batch: bool = False, salvage: bool = False,
            show_secrets: bool = False) -> Stream[Record]:
    """The records of a log or a checkpoint, in order, as kmeta-dump reads them.

    ``type``, ``topic`` and ``broker`` take one or several, with globs for names. ``offset``, ``time`` and ``epoch`` take a
    value, a text as ``'100..200'`` or ``'-10m..'``, or a pair whose ends may be None; both ends are included. With
    ``salvage``, what is damaged is passed over, or has ``error``, and :class:`KmetaError` still comes at the end.
    """
    wishes = {'type': type, 'topic': topic, 'partition': partition, 'broker': broker}
    ranges = {'offset': offset, 'time': time, 'epoch': epoch}
    options = ['--output=json', '--utc']
    options += [f'--{name}={as_words(value)}' for name, value in wishes.items() if value is not None]
    options += [f'--{name}={as_range(value)}' for name, value in ranges.items() if value is not None]
    options += [f'--limit={limit}'] * (limit is not None) + ['--batch'] * batch + ['--salvage'] * salvage
    options += ['--show-secrets'] * show_secrets
    address = [_address(path)]
    without_batch = [option for option in options[1:] if option != '--batch']
    return Stream(pipes.lines('kmeta-dump', options, address), _maker(Record),
                  lambda: arrow.table('kmeta-dump', without_batch, address))


def image(path: Path, at: Optional[Point] = None, *entities: str, show_secrets: bool = False) -> Dict[str, Any]:
    """The state of the cluster, now or at an offset or time, as one document: what ``kmeta-image -o json`` prints.

    ``entities`` are paths: ``'topics/orders'``, ``'brokers'``.
    """
    options = ['--output=json', '--utc'] + ['--show-secrets'] * show_secrets
    document, = pipes.lines('kmeta-image', options, [_address(path, at), *entities])
    return document


def state(path: Path, kind: str, at: Optional[Point] = None, *entities: str, show_secrets: bool = False) -> Any:
    """The entities of one kind as a ``pyarrow.Table``, as ``kmeta-image -o arrow`` prints them: ``state(log, 'partition')``.

    Kinds are partition, topic, broker, controller, config, acl and so on. ``entities`` are paths: ``'topics/orders/*'``.
    """
    options = [f'--kind={kind}', '--utc'] + ['--show-secrets'] * show_secrets
    return arrow.table('kmeta-image', options, [_address(path, at), *entities])


def diff(a: Path, b: Path, *, only: Optional[Words] = None, ignore: Optional[Words] = None) -> Stream[Change]:
    """What differs between two states: ``diff('log@100', 'log@-10m')``. ``only`` takes kinds, ``ignore`` fields."""
    options = ['--output=json', '--utc']
    options += [f'--{name}={as_words(value)}' for name, value in (('only', only), ('ignore', ignore)) if value is not None]
    return Stream(pipes.lines('kmeta-diff', options, [_address(a), _address(b)]), _maker(Change))


def history(path: Path, *entities: str, since: Optional[Point] = None) -> Stream[Change]:
    """Every change of entities: ``history(log, 'orders', 'brokers/12')``."""
    options = ['--output=json', '--utc'] + ([] if since is None else [f'--since={since}'])
    return Stream(pipes.lines('kmeta-history', options, [_address(path), *entities]), _maker(Change))


def verify(*paths: Path, release: Optional[str] = None) -> Report:
    """Checks logs, and holds nodes against each other. What is wrong is in the report; only what cannot be read raises."""
    options = ['--output=json'] + ([] if release is None else [f'--release={release}'])
    known = {each.name for each in fields(Finding)}
    report = Report([], {})
    try:
        for line in pipes.lines('kmeta-verify', options, [_address(path) for path in paths]):
            if 'summary' in line:
                report.summary = line['summary']
            else:
                report.findings.append(Finding(**{name: value for name, value in line.items() if name in known}))
    except KmetaError as error:
        raise KmetaError(error.command, error.status, [str(error)] if error.findings else [], report.findings) from None
    return report


def sql(query: str, *paths: Path, salvage: bool = False) -> Stream[Dict[str, Any]]:
    """The rows of a statement, as dictionaries: ``sql('SELECT topic FROM topics', log)``."""
    options = ['--output=json', '--utc'] + ['--salvage'] * salvage
    return Stream(pipes.lines('kmeta-sql', options, [*map(_address, paths), query]), dict)
