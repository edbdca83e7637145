#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reseal.py FILE OLD NEW: replaces bytes in a file, and computes the checksums of its batches again.

OLD and NEW have the same length, and are written as Python writes bytes, without quotes.
"""
import struct
import sys

from hostile_log import crc32c


def main():
    path, *texts = sys.argv[1:]
    old, new = (text.encode('latin-1').decode('unicode_escape').encode('latin-1') for text in texts)
    with open(path, 'rb') as file:
        data = bytearray(file.read())
    if len(old) != len(new) or old not in data:
        sys.exit(f'{path}: nothing to replace')
    data = bytearray(data.replace(old, new))
    at = 0
    while at + 61 <= len(data):
        size = 12 + struct.unpack_from('>i', data, at + 8)[0]
        struct.pack_into('>I', data, at + 17, crc32c(data[at + 21:at + size]))
        at += size
    with open(path, 'wb') as file:
        file.write(data)


main()
