#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""large_batch.py FROM TO BYTES: appends to TO one sound batch of so many bytes, with the metadata
records of the segment FROM again and again."""
import struct
import sys

from timed_log import crc32c


def signed(number):
    out = b''
    number <<= 1
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def take(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 0x7f) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number >> 1 ^ -(number & 1), at


def records(data):
    """What each record holds behind its delta of the offset."""
    at = 0
    while at + 61 <= len(data):
        size = 12 + struct.unpack_from('>i', data, at + 8)[0]
        attributes, = struct.unpack_from('>h', data, at + 21)
        count, = struct.unpack_from('>i', data, at + 57)
        next_record = at + 61
        for _ in range(0 if attributes & 0x27 else count):
            length, start = take(data, next_record)
            next_record = start + length
            _, behind = take(data, start + 1)
            _, behind = take(data, behind)
            yield data[behind:next_record]
        at += size


def main():
    source, target, size = sys.argv[1:]
    with open(source, 'rb') as file:
        wanted = list(records(file.read()))
    body, count = bytearray(), 0
    while len(body) < int(size):
        record = b'\0' + signed(count % 3) + signed(count) + wanted[count % len(wanted)]
        body += signed(len(record)) + record
        count += 1
    head = struct.pack('>hiqqqhii', 0, count - 1, 1730000000000, 1730000000002, -1, -1, -1, count)
    with open(target, 'ab') as file:
        file.write(struct.pack('>qiibI', 5000, 49 + len(body), 3, 2, crc32c(head + body)) + head + body)


main()
