#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""flip_bits.py: does kmeta-verify find every bit that changed?

usage: KMETA_BIN=DIRECTORY tests/cmd/flip_bits.py FILE BATCHES [NAME=BESIDE...]

Makes a copy of the first BATCHES batches of FILE for every bit, with that bit flipped, in the
current directory. With files to lie BESIDE it, each copy is in a directory of its own, and only
the bits of epochs are flipped. Prints the bits that no error was found for, as "batch FIELD", or
"batch FIELD up" or "down" where that is a number that got larger or smaller, each once; then how
many were flipped.
"""
import json
import os
import shutil
import struct
import subprocess
import sys

# Of a batch's header: names, and where they begin.
FIELDS = [('baseOffset', 0), ('batchLength', 8), ('partitionLeaderEpoch', 12), ('magic', 16),
          ('crc', 17), ('the rest', 21)]
AT_ONCE = 2000


def batches(data, count):
    """Where each begins, and the last one ends."""
    places = [0]
    while len(places) <= count and places[-1] < len(data):
        places.append(places[-1] + 12 + struct.unpack_from('>i', data, places[-1] + 8)[0])
    return places


def field(data, places, bit):
    """What the bit belongs to, and in which direction flipping it goes."""
    batch = next(n for n, end in enumerate(places[1:]) if bit // 8 < end)
    name, start = [f for f in FIELDS if places[batch] + f[1] <= bit // 8][-1]
    was_set = data[bit // 8] >> bit % 8 & 1
    is_sign = bit == (places[batch] + start) * 8 + 7
    return f'{batch} {name}' + (' down' if was_set != is_sign else ' up') * (start < 16)


def main():
    file, count = sys.argv[1], int(sys.argv[2])
    beside = [argument.split('=', 1) for argument in sys.argv[3:]]
    with open(file, 'rb') as source:
        data = source.read()
    places = batches(data, count)
    data = data[:places[-1]]

    address = {}
    for bit in range(len(data) * 8):
        what = field(data, places, bit)
        if beside and 'Epoch' not in what:
            continue
        copy = bytearray(data)
        copy[bit // 8] ^= 1 << bit % 8
        name = os.path.join(str(bit), os.path.basename(file))
        os.mkdir(str(bit))
        with open(name, 'wb') as target:
            target.write(copy)
        for other, path in beside:
            shutil.copy(path, os.path.join(str(bit), other))
        address[str(bit)] = what, str(bit) if beside else name

    missed = dict(address)
    every = [path for _, path in address.values()]
    for start in range(0, len(every), AT_ONCE):
        run = subprocess.run(
            [os.path.join(os.environ['KMETA_BIN'], 'kmeta-verify'), '-o', 'json', '--skip=nodes',
             *every[start:start + AT_ONCE]], stdout=subprocess.PIPE, check=False)
        assert run.returncode == 1, run.returncode
        for finding in map(json.loads, run.stdout.splitlines()):
            if finding.get('severity') == 'error':
                missed.pop(finding['file'].split('/')[0], None)
    for what in dict.fromkeys(what for what, _ in missed.values()):
        print(what)
    print(len(address))


main()
