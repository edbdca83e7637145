# SPDX-License-Identifier: Apache-2.0
"""Reads the messages of an Arrow stream from standard input: their frames, and no more.

Prints a line for each: its kind, rows and bytes; then "end". Anything else ends it with status 1.
"""
import struct
import sys

KINDS = {1: "schema", 3: "batch"}


def field(data, table, slot, form):
    """The field of a flatbuffers table; None: it is absent."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, vtable)[0]
    at = struct.unpack_from("<H", data, vtable + 4 + 2 * slot)[0] if 4 + 2 * slot < size else 0
    return (table + at, struct.unpack_from(form, data, table + at)[0]) if at else None


def main():
    stream = sys.stdin.buffer.read()
    at = 0
    while True:
        marker, size = struct.unpack_from("<Ii", stream, at)
        assert marker == 0xFFFFFFFF, f"byte {at}: no continuation marker"
        at += 8
        if not size:
            break
        assert size % 8 == 0 and size > 0, f"byte {at}: {size} bytes of metadata"
        data = stream[at:at + size]
        message = struct.unpack_from("<I", data, 0)[0]
        assert field(data, message, 0, "<h")[1] == 4, "not version 5 of the metadata"
        kind = KINDS[field(data, message, 1, "<B")[1]]
        header, offset = field(data, message, 2, "<I")
        body = field(data, message, 3, "<q")[1]
        assert body % 8 == 0 and at + size + body <= len(stream), f"byte {at}: {body} bytes of rows"
        rows = field(data, header + offset, 0, "<q")[1] if kind == "batch" else 0
        print(kind, rows)
        at += size + body
    assert at == len(stream), f"{len(stream) - at} bytes behind the end"
    print("end")


main()
