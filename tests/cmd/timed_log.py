#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""timed_log.py FILE TIME...: writes a segment with a no-op record at each of these times, in milliseconds."""
import struct
import sys


def remainder(byte):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82f63b78 if byte & 1 else 0)
    return byte


REMAINDERS = [remainder(byte) for byte in range(256)]


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ REMAINDERS[(crc ^ byte) & 0xff]
    return crc ^ 0xffffffff


# The frame of a record without a key, with NO_OP version 0 as its value, each number a varint.
RECORD = b'\x14\x00\x00\x00\x01\x08\x01\x14\x00\x00\x00'


def write_log(path, times):
    with open(path, 'wb') as file:
        for offset, time in enumerate(times):
            body = struct.pack('>hiqqqhii', 0, 0, time, time, -1, -1, -1, 1) + RECORD
            file.write(struct.pack('>qiibI', offset, len(body) + 9, 1, 2, crc32c(body)) + body)


if __name__ == '__main__':
    write_log(sys.argv[1], map(int, sys.argv[2:]))
