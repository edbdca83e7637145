#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""grow_log.py FROM TO: makes the metadata directory TO what FROM is, as a node of Kafka would come to it.

Batches are appended in two parts; segments roll; epochs are noted before the first batch of each;
a checkpoint is written under another name, and then old files are renamed, and removed.
"""
import glob
import os
import struct
import sys
import time

PAUSE = 0.004  # between the parts of what is one write for Kafka

source, target = sys.argv[1:]
epochs = []
retired = []


def replace(name, content):
    with open(f'{target}/{name}.tmp', 'wb') as f:
        f.write(content)
    os.rename(f'{target}/{name}.tmp', f'{target}/{name}')


def note_epoch(epoch, offset):
    if epochs and epochs[-1][0] == epoch:
        return
    epochs.append((epoch, offset))
    lines = [f'{e} {o}\n' for e, o in epochs]
    replace('leader-epoch-checkpoint', f'0\n{len(lines)}\n{"".join(lines)}'.encode())


def write_checkpoint(path):
    name = os.path.basename(path)
    content = open(path, 'rb').read()
    with open(f'{target}/{name}.part', 'wb', buffering=0) as f:
        for at in range(0, len(content), 4000):
            f.write(content[at:at + 4000])
            time.sleep(PAUSE)
    os.rename(f'{target}/{name}.part', f'{target}/{name}')


def retire(name):
    os.rename(f'{target}/{name}', f'{target}/{name}.deleted')
    retired.append(f'{target}/{name}.deleted')


def append_batches(f, content):
    at = 0
    while at < len(content):
        base, length, epoch = struct.unpack_from('>qii', content, at)
        size = length + 12
        note_epoch(epoch, base)
        f.write(content[at:at + size // 2])
        time.sleep(PAUSE)
        f.write(content[at + size // 2:at + size])
        time.sleep(PAUSE)
        at += size


def main():
    segments = sorted(glob.glob(f'{source}/*.log'))
    first, newest = sorted(glob.glob(f'{source}/*.checkpoint'))
    replace('quorum-state', open(f'{source}/quorum-state', 'rb').read())
    write_checkpoint(first)
    for number, path in enumerate(segments):
        with open(f'{target}/{os.path.basename(path)}', 'wb', buffering=0) as f:
            append_batches(f, open(path, 'rb').read())
        if number == 1:
            write_checkpoint(newest)
            retire(os.path.basename(first))
            retire(os.path.basename(segments[0]))
    for path in retired:
        os.remove(path)


main()
