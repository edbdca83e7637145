#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""boots.py NODE FAULT OUT: copies the directory of a node of kraft-3.3 and gives it a fault.

testdata/boots/verdicts.tsv says whether real servers started on each: FAULT, release, and "starts" or
"ends". They were configured with the static voters 1, and node.id 1.
"""
import glob
import os
import shutil
import sys

from hostile_log import crc32c

import struct

METADATA = '__cluster_metadata-0'


class Node:
    """A copy that faults are made in."""

    def __init__(self, path):
        self.path = path
        self.logs = self.files('*.log')
        self.checkpoints = self.files('*.checkpoint')

    def files(self, pattern):
        return sorted(glob.glob(os.path.join(self.path, METADATA, pattern)))

    def member(self, name):
        return os.path.join(self.path, METADATA, name)

    def write(self, name, text):
        with open(self.member(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def without(self, beginning):
        path = os.path.join(self.path, 'meta.properties')
        with open(path, encoding='utf-8') as file:
            lines = [line for line in file if not line.startswith(beginning)]
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(lines)


def change(path, edit):
    with open(path, 'rb') as file:
        data = edit(bytearray(file.read()))
    with open(path, 'wb') as file:
        file.write(data)


def flip(at):
    def edit(data):
        data[at] ^= 0x10
        return data
    return edit


def level(number):
    """Another metadata.version where the log sets it, the checksum right."""
    def edit(data):
        old = b'metadata.version\x00\x07'
        assert old in data
        data = bytearray(bytes(data).replace(old, old[:-1] + bytes([number]), 1))
        at = 0
        while at + 61 <= len(data):
            size = 12 + struct.unpack_from('>i', data, at + 8)[0]
            struct.pack_into('>I', data, at + 17, crc32c(data[at + 21:at + size]))
            at += size
        return data
    return edit


def quorum(voters):
    named = ','.join('{"voterId":%d}' % voter for voter in voters)
    return ('{"clusterId":"","leaderId":-1,"leaderEpoch":3,"votedId":-1,"appliedOffset":0,"currentVoters":[%s],'
            '"data_version":0}' % named)


QUORUM_1 = ('{"leaderId":-1,"leaderEpoch":3,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA",'
            '"data_version":1}')

FAULTS = {
    'sound': lambda n: None,
    'crc-last-segment': lambda n: change(n.logs[-1], flip(-20)),
    'crc-first-segment': lambda n: change(n.logs[0], flip(3000)),
    'magic-wrong': lambda n: change(n.logs[1], flip(16)),
    'truncated-last': lambda n: change(n.logs[-1], lambda data: data[:-5]),
    'zero-tail': lambda n: change(n.logs[-1], lambda data: data + bytes(4096)),
    'first-segment-gone': lambda n: os.remove(n.logs[0]),
    'middle-segment-gone': lambda n: os.remove(n.logs[1]),
    'segments-gone': lambda n: [os.remove(path) for path in n.logs],
    'indexes-gone': lambda n: [os.remove(path) for path in n.files('*index')],
    'newest-checkpoint-crc': lambda n: change(n.checkpoints[-1], flip(2000)),
    'newest-checkpoint-cut': lambda n: change(n.checkpoints[-1], lambda data: data[:-80]),
    'newest-checkpoint-cut-inside-batch': lambda n: change(n.checkpoints[-1], lambda data: data[:2000]),
    'newest-checkpoint-empty': lambda n: change(n.checkpoints[-1], lambda data: b''),
    'all-checkpoints-gone': lambda n: [os.remove(path) for path in n.checkpoints],
    'checkpoint-past-log': lambda n: os.rename(n.checkpoints[-1],
                                               n.member('00000000000000009999-0000000099.checkpoint')),
    'checkpoint-past-log-low-epoch': lambda n: os.rename(n.checkpoints[-1],
                                                         n.member('00000000000000009999-0000000001.checkpoint')),
    'epochs-garbage': lambda n: n.write('leader-epoch-checkpoint', 'what\n'),
    'epochs-missing': lambda n: os.remove(n.member('leader-epoch-checkpoint')),
    'epochs-nul': lambda n: change(n.member('leader-epoch-checkpoint'), lambda data: data + bytes(20)),
    'quorum-state-garbage': lambda n: n.write('quorum-state', '{'),
    'quorum-state-other-voters': lambda n: n.write('quorum-state', quorum([1, 2])),
    'quorum-state-v1': lambda n: n.write('quorum-state', QUORUM_1),
    'partition-metadata-garbage': lambda n: n.write('partition.metadata', 'version: 7\n'),
    'partition-metadata-missing': lambda n: os.remove(n.member('partition.metadata')),
    'no-meta-properties': lambda n: os.remove(os.path.join(n.path, 'meta.properties')),
    'no-node-id': lambda n: n.without('node.id'),
    'no-cluster-id': lambda n: n.without('cluster.id'),
    'no-version': lambda n: n.without('version'),
    'level-99': lambda n: change(n.logs[0], level(99)),
    'level-1': lambda n: change(n.logs[0], level(1)),
    'level-4': lambda n: change(n.logs[0], level(4)),
}


def main():
    node, fault, out = sys.argv[1:]
    shutil.copytree(node, out, ignore=shutil.ignore_patterns('expected-images', '*.txt', 'quorum-state'))
    FAULTS[fault](Node(out))


main()
