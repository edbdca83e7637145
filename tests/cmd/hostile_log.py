#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile_log.py FILE NAME...: writes a segment that creates a topic of each name; of a NAME that is
KEY=VALUE a config of broker 1; of one that is a JSON list of pairs a quota of that entity; of "level N" a
metadata.version.

Names are given as Python writes strings, without quotes: hostile_log.py FILE '\\x1b[2J' '\\u202e'.
Kafka would refuse most of them, but a reader has to live with what a file says.
"""
import json
import struct
import sys


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def unsigned(number):
    out = b''
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def varint(number):
    return unsigned(number << 1 if number >= 0 else (-number << 1) - 1)


def compact(text):
    return unsigned(len(text) + 1) + text


def topic(name, number):
    return b'\x01\x02\x00' + compact(name) + struct.pack('>QQ', 1, number + 1) + b'\x00'


def config(name):
    key, value = name.split(b'=', 1)
    return b'\x01\x04\x00\x04' + compact(b'1') + compact(key) + compact(value) + b'\x00'


def quota(name):
    pairs = json.loads(name)
    entity = b''.join(compact(kind.encode()) + (b'\x00' if value is None else compact(value.encode())) + b'\x00'
                      for kind, value in pairs)
    return (b'\x01\x0e\x00' + unsigned(len(pairs) + 1) + entity + compact(b'producer_byte_rate') +
            struct.pack('>d', 1000) + b'\x00\x00')


def record(name, number):
    if name.startswith(b'[['):
        return quota(name)
    if name.startswith(b'level '):
        return b'\x01\x0c\x00' + compact(b'metadata.version') + struct.pack('>h', int(name[6:])) + b'\x00'
    return config(name) if b'=' in name else topic(name, number)


def batch(values, keys=None, offset=0, time=1700000000000):
    records = b''
    for i, value in enumerate(values):
        key = varint(len(keys[i])) + keys[i] if keys else varint(-1)
        record = b'\x00' + varint(0) + varint(i) + key + varint(len(value)) + value + varint(0)
        records += varint(len(record)) + record
    count = len(values)
    body = struct.pack('>hiqqqhii', 0, count - 1, time, time, -1, -1, -1, count) + records
    return struct.pack('>qiibI', offset, len(body) + 9, 1, 2, crc32c(body)) + body


def main():
    names = [name.encode('latin-1', 'backslashreplace').decode('unicode_escape').encode('utf-8')
             for name in sys.argv[2:]]
    with open(sys.argv[1], 'wb') as file:
        file.write(batch([record(name, number) for number, name in enumerate(names)]))


if __name__ == '__main__':
    main()
