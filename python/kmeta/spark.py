# SPDX-License-Identifier: Apache-2.0
"""The metadata logs of a fleet of clusters as tables of Apache Spark, 4.0 or later.

    import kmeta.spark

    kmeta.spark.ship(spark)
    changes = kmeta.spark.records(spark, 's3a://bucket/*/*/__cluster_metadata-0', type='PARTITION_CHANGE')
    changes.withColumn('day', F.to_date(F.timestamp_millis('timestamp'))).write.partitionBy('cluster', 'day').parquet(...)
    partitions = kmeta.spark.state(spark, 's3a://bucket/*/*/__cluster_metadata-0')
    partitions.where('leader = -1').groupBy('cluster', 'topic').count().show()

Executors read the files through Spark's own file systems, and have kmeta's commands decode them: nothing is exported, and
nothing passes the driver but the names of files. A path is that of metadata directories, with Hadoop's wildcards, or a
list of such paths. The directories that wildcards stand for name a log: the last one is its ``node``, those before it
its ``cluster``; one alone is the cluster. Another order is what ``names`` says, a function of the directory's path that
gives both. ``file`` is the file that a row comes from, or the directory.

A file that is damaged does not make a job fail: its rows end where the damage is, and :func:`findings` tells where and
why. Executors need pyarrow, and the commands, which :func:`ship` sends. A worker holds one batch of whole files at a
time: Spark closes a batch at 64 MiB (``spark.sql.execution.arrow.maxBytesPerBatch``), so that it is a file at least, and
none may be larger than 2 GiB. Where Spark does not have that setting, set ``maxRecordsPerBatch`` beside it to 1.
"""

from __future__ import annotations

import fnmatch
import itertools
import os
import re
import tempfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

from kmeta import pipes
from kmeta.arrow import ArrowStream
from kmeta.errors import KmetaError
from kmeta.questions import Point, Range, Words, as_range, as_words

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

Paths = Union[str, Sequence[str]]
Names = Callable[[str], Tuple[str, Optional[str]]]

COMMANDS = ('kmeta-dump', 'kmeta-image', 'kmeta-verify')

_SEGMENT = re.compile(r'\d{20}\.log(\.\w+)?')
_OF_STATE = re.compile(r'\d{20}\.log(\.\w+)?|\d{20}-\d{10}\.checkpoint(\.\w+)?')
_OF_DIRECTORY = re.compile(r'\d{20}.*\.(log|checkpoint|snapshot|index|timeindex)|leader-epoch-checkpoint|quorum-state|partition\.metadata')
_WILD = re.compile(r'[*?\[{]')
_PIECE = 1 << 20


@dataclass(frozen=True)
class _Place:
    cluster: str
    node: Optional[str]
    file: str


def ship(spark: SparkSession, commands: Optional[str] = None) -> None:
    """Sends the commands and this package to all executors, as ``spark.files`` and ``spark.submit.pyFiles`` do.

    ``commands`` is the directory of the commands; by default those are taken that are found here. Take the static build,
    which needs no library.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    for command in COMMANDS:
        spark.sparkContext.addFile(os.path.join(commands, command) if commands else pipes.find(command))
    archive = os.path.join(tempfile.mkdtemp(prefix='kmeta-'), 'kmeta.zip')
    with zipfile.ZipFile(archive, 'w') as whole:
        for name in sorted(os.listdir(package)):
            if name.endswith('.py'):
                whole.write(os.path.join(package, name), f'kmeta/{name}')
    spark.sparkContext.addPyFile(archive)


def records(spark: SparkSession, path: Paths, *, type: Optional[Words] = None, offset: Optional[Range] = None,
            time: Optional[Range] = None, epoch: Optional[Range] = None, salvage: bool = False, show_secrets: bool = False,
            names: Optional[Names] = None) -> DataFrame:
    """The records of all segments, each of which is decoded by itself: ``cluster, node, file``, and what kmeta-dump -o arrow gives.

    With a single ``type``, the fields of that type are columns; otherwise they are in ``data``, as JSON. ``offset``,
    ``time``, ``epoch`` and ``salvage`` are as in :func:`kmeta.records`.
    """
    ranges = {'offset': offset, 'time': time, 'epoch': epoch}
    options = ['--quiet', '--utc'] + ([] if type is None else [f'--type={as_words(type)}'])
    options += [f'--{name}={as_range(value)}' for name, value in ranges.items() if value is not None]
    options += ['--salvage'] * salvage + ['--show-secrets'] * show_secrets
    schema = _schema('kmeta-dump', options)
    places = _find(spark, path, _SEGMENT, names)

    def decode(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        _use_shipped()
        for file, content in _contents(batches):
            if file in places:
                yield from _rows('kmeta-dump', options, '-', schema, places[file], _pieces(content))

    return _files(spark, path).mapInArrow(decode, _for_spark(schema))


def state(spark: SparkSession, path: Paths, *, kind: str = 'partition', at: Optional[Point] = None, show_secrets: bool = False,
          names: Optional[Names] = None) -> DataFrame:
    """The entities of one kind in the state of each node: ``cluster, node, file``, and what kmeta-image -o arrow gives.

    ``at`` is a moment, as in :func:`kmeta.image`. The controllers of a cluster have the same state: name one directory of
    each, or choose. An executor copies a node's files to its own disk, as a state needs them all.
    """
    options = ['--quiet', '--utc', f'--kind={kind}'] + ['--show-secrets'] * show_secrets
    schema = _schema('kmeta-image', options)
    point = '' if at is None else f'@{at}'

    def load(directory: str, place: _Place) -> Iterator[pyarrow.RecordBatch]:
        yield from _rows('kmeta-image', options, directory + point, schema, place)

    return _by_node(spark, path, _OF_STATE, names, load, schema)


def findings(spark: SparkSession, path: Paths, *, names: Optional[Names] = None) -> DataFrame:
    """What kmeta-verify finds in each node's files, a row a finding: ``cluster, node, file, severity, code, position, offset, message``."""
    import pyarrow

    texts = ('cluster', 'node', 'file', 'severity', 'code')
    schema = pyarrow.schema([(name, pyarrow.string()) for name in texts]
                            + [('position', pyarrow.int64()), ('offset', pyarrow.int64()), ('message', pyarrow.string())])

    def judge(directory: str, place: _Place) -> Iterator[pyarrow.RecordBatch]:
        rows = []
        try:
            for line in pipes.lines('kmeta-verify', ['--output=json', '--skip=start'], [directory]):
                if 'summary' not in line:
                    rows.append(line)
        except KmetaError as error:
            if not rows:
                rows.append({'severity': 'error', 'message': str(error)})
        for row in rows:
            name = os.path.relpath(row.get('file') or directory, directory)
            row.update(cluster=place.cluster, node=place.node, file=place.file if name == '.' else f'{place.file}/{name}')
            row['message'] = row['message'].replace(directory, place.file)
        yield pyarrow.RecordBatch.from_pylist(rows, schema=schema)

    return _by_node(spark, path, _OF_DIRECTORY, names, judge, schema)


# ---- which files there are ----

def _files(spark: SparkSession, path: Paths) -> DataFrame:
    return spark.read.format('binaryFile').load([path] if isinstance(path, str) else list(path)).select('path', 'content')


def _find(spark: SparkSession, path: Paths, wanted: re.Pattern[str], names: Optional[Names]) -> Dict[str, _Place]:
    """The places of all files that are wanted. Only the driver lists."""
    patterns = [path] if isinstance(path, str) else list(path)
    places = {}
    for row in spark.read.format('binaryFile').load(patterns).select('path').collect():
        directory, name = row.path.rsplit('/', 1)
        if wanted.fullmatch(name):
            cluster, node = names(directory) if names else _names(directory, patterns)
            places[row.path] = _Place(cluster, node, row.path)
    if not places:
        raise FileNotFoundError(f'no log at {path}: name metadata directories, as in BUCKET/*/__cluster_metadata-0')
    return places


def _names(directory: str, patterns: Iterable[str]) -> Tuple[str, Optional[str]]:
    """What the wildcards stand for: of the cluster, and of the node."""
    parts = directory.split('/')
    for pattern in patterns:
        globs = [part for part in pattern.split('/') if part]
        ends = parts[-len(globs):]
        # The file system may have put its own name before the path.
        if ':' in globs[0]:
            globs, ends = globs[1:], parts[-len(globs) + 1:]
        if len(ends) != len(globs) or not all(map(_fits, ends, globs)):
            continue
        stand_for = [end for end, glob in list(zip(ends, globs))[:-1] if _WILD.search(glob)]
        if len(stand_for) > 1:
            return '/'.join(stand_for[:-1]), stand_for[-1]
        if stand_for:
            return stand_for[0], None
    return (parts[-2] if len(parts) > 1 else directory), None


def _fits(name: str, glob: str) -> bool:
    """Braces are left to Hadoop, which found the file by them."""
    return '{' in glob or fnmatch.fnmatchcase(name, glob.replace('[^', '[!'))


# ---- on executors ----

def _use_shipped() -> None:
    from pyspark import SparkFiles

    folder = SparkFiles.getRootDirectory()
    if os.path.exists(os.path.join(folder, COMMANDS[0])):
        os.environ['KMETA_BIN'] = folder


def _contents(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[Tuple[str, memoryview]]:
    for batch in batches:
        for path, content in zip(batch.column('path'), batch.column('content')):
            yield path.as_py(), memoryview(content.as_buffer())


def _pieces(content: memoryview) -> Iterator[bytes]:
    for at in range(0, len(content), _PIECE):
        yield content[at:at + _PIECE]  # type: ignore[misc]


def _rows(command: str, options: List[str], operand: str, schema: pyarrow.Schema, place: _Place,
          feed: Optional[Iterable[bytes]] = None) -> Iterator[pyarrow.RecordBatch]:
    """What the command prints, up to where it cannot go on."""
    import pyarrow

    try:
        for batch in ArrowStream(command, options, [operand], feed):
            where = [pyarrow.repeat(pyarrow.scalar(value, pyarrow.string()), batch.num_rows)
                     for value in (place.cluster, place.node, place.file)]
            values = [column.cast(field.type) for column, field in zip(batch.columns, list(schema)[3:])]
            yield pyarrow.RecordBatch.from_arrays(where + values, schema=schema)
    except KmetaError as error:
        print(f'{place.file}: {error}')


def _by_node(spark: SparkSession, path: Paths, wanted: re.Pattern[str], names: Optional[Names],
             ask: Callable[[str, _Place], Iterator[pyarrow.RecordBatch]], schema: pyarrow.Schema) -> DataFrame:
    """Brings the files of each directory together on an executor, and asks about the directory there."""
    from pyspark.sql import functions

    places = _find(spark, path, wanted, names)
    directories = len({file.rsplit('/', 1)[0] for file in places})

    def gather(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        _use_shipped()
        known = (each for each in _contents(batches) if each[0] in places)
        for directory, files in itertools.groupby(known, lambda each: each[0].rsplit('/', 1)[0]):
            with tempfile.TemporaryDirectory(prefix='kmeta-') as copy:
                for file, content in files:
                    with open(os.path.join(copy, file.rsplit('/', 1)[1]), 'wb') as target:
                        target.write(content)
                yield from ask(copy, _Place(places[file].cluster, places[file].node, directory))

    files = _files(spark, path).withColumn('directory', functions.regexp_replace('path', '/[^/]*$', ''))
    together = files.repartition(directories, 'directory').sortWithinPartitions('directory', 'path')
    return together.select('path', 'content').mapInArrow(gather, _for_spark(schema))


# ---- types ----

def _schema(command: str, options: List[str]) -> pyarrow.Schema:
    """Columns of the table, as the command here gives them for no input at all."""
    import pyarrow

    stream = ArrowStream(command, options, ['-'])
    try:
        list(stream)
    except KmetaError:
        pass  # there is nothing in it, but the schema came
    return pyarrow.schema([(name, pyarrow.string()) for name in ('cluster', 'node', 'file')]
                          + [(field.name, _signed(field.type)) for field in stream.schema])


def _signed(kind: Any) -> Any:
    """Spark has no numbers without a sign: the next larger one holds them."""
    import pyarrow

    larger = {pyarrow.uint8(): pyarrow.int16(), pyarrow.uint16(): pyarrow.int32(), pyarrow.uint32(): pyarrow.int64()}
    if pyarrow.types.is_list(kind):
        return pyarrow.list_(_signed(kind.value_type))
    if pyarrow.types.is_struct(kind):
        return pyarrow.struct([(field.name, _signed(field.type)) for field in kind])
    return larger.get(kind, kind)


def _for_spark(schema: pyarrow.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)
