#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""no_op_log.py FILE MILLISECONDS[*COUNT]...: writes a segment that sets metadata.version 20 and then holds a
NO_OP after each of these times."""
import sys

from hostile_log import batch, record

NO_OP = b'\x01\x14\x00\x00'


def each_time(words):
    for word in words:
        passed, _, count = word.partition('*')
        yield from [int(passed)] * int(count or 1)


def main():
    time = 1700000000000
    with open(sys.argv[1], 'wb') as file:
        file.write(batch([record(b'level 20', 0)], time=time))
        for offset, passed in enumerate(each_time(sys.argv[2:]), 1):
            time += passed
            file.write(batch([NO_OP], offset=offset, time=time))


main()
