# SPDX-License-Identifier: Apache-2.0
"""The metadata log of Apache Kafka's KRaft quorum (``__cluster_metadata-0``), by kmeta's commands.

    import kmeta

    for record in kmeta.records('/var/lib/kafka/metadata', type='PARTITION_CHANGE', time='-10m..'):
        print(record.offset, record.data)

A path is what the commands take: a segment, a checkpoint, the metadata directory, the log directory above it. The
commands are found in the directory that the environment variable KMETA_BIN names, and else in PATH. They run while an
iterator is read, and end with it: no log is held in memory.

What cannot be read raises :class:`KmetaError`, behind all that could be.
"""

from kmeta.errors import CommandMissing, Finding, KmetaError
from kmeta.questions import Change, Record, Report, Stream, diff, history, image, records, sql, state, verify

__all__ = ['Change', 'CommandMissing', 'Finding', 'KmetaError', 'Record', 'Report', 'Stream', 'diff', 'history', 'image',
           'records', 'sql', 'state', 'verify']
