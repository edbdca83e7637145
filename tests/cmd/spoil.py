#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Spoil a file of batches.

usage: spoil.py FILE NUMBER flip|zero|cut|drop|end|base|epoch the batch with this number, from 0 on
       spoil.py FILE random SEED                              anything anywhere

flip changes a byte under the checksum, base and epoch a bit of the header that is not; cut ends the
file in the batch, end before it.
"""

import random
import struct
import sys


def batches(data):
    at = 0
    while at + 61 <= len(data):
        size = 12 + struct.unpack_from('>i', data, at + 8)[0]
        if size < 61 or at + size > len(data):
            return
        yield at, size
        at += size


def spoil(data, at, size, how):
    if how == 'flip':
        data[at + size - 3] ^= 0x5a
    elif how == 'zero':
        data[at:at + size] = bytes(size)
    elif how == 'cut':
        del data[at + 30:]
    elif how == 'end':
        del data[at:]
    elif how == 'drop':
        del data[at:at + size]
    elif how == 'base':
        data[at + 6] ^= 4
    elif how == 'epoch':
        data[at + 15] ^= 8


def main():
    name, number, how = sys.argv[1:]
    with open(name, 'rb') as file:
        data = bytearray(file.read())
    found = list(batches(data))
    if number == 'random':
        dice = random.Random(how)
        number = dice.randrange(len(found))
        how = dice.choice(['flip', 'zero', 'cut', 'drop', 'base', 'epoch'])
    spoil(data, *found[int(number)], how)
    with open(name, 'wb') as file:
        file.write(data)


main()
