#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""boots.py NODE FAULT[+FAULT...] OUT: copies the directory of a node and gives it faults.

testdata/boots/verdicts.tsv says whether real servers started on each: NODE below testdata, FAULT, the voters
they were configured with, release, and "starts" or "ends".
"""
import base64
import glob
import os
import shutil
import struct
import sys

from hostile_log import batch, compact, crc32c, topic, unsigned

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

    def remove(self, name):
        if os.path.exists(self.member(name)):
            os.remove(self.member(name))

    def write(self, name, text):
        with open(self.member(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def without(self, beginning):
        self.properties(lambda line: '' if line.startswith(beginning) else line)

    def other(self, key, value):
        self.properties(lambda line: '%s=%s\n' % (key, value) if line.startswith(key + '=') else line)

    def twice(self, beginning):
        self.properties(lambda line: line + line if line.startswith(beginning) else line)


    def properties(self, edit):
        path = os.path.join(self.path, 'meta.properties')
        with open(path, encoding='utf-8') as file:
            lines = [edit(line) for line in file]
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(lines)


def change(path, edit):
    os.chmod(path, 0o644)
    with open(path, 'rb') as file:
        data = edit(bytearray(file.read()))
    with open(path, 'wb') as file:
        file.write(data)


def flip(at):
    def edit(data):
        data[at] ^= 0x10
        return data
    return edit


def sealed(data):
    """The checksums of all batches made right."""
    at = 0
    while at + 61 <= len(data):
        size = 12 + struct.unpack_from('>i', data, at + 8)[0]
        struct.pack_into('>I', data, at + 17, crc32c(data[at + 21:at + size]))
        at += size
    return data


def swap(old, new):
    """Other bytes of the same length where they stand first, the checksums right."""
    def edit(data):
        assert old in data and len(old) == len(new)
        return sealed(bytearray(bytes(data).replace(old, new, 1)))
    return edit


def level(number):
    """Another metadata.version where the log sets it first."""
    def edit(data):
        at = data.index(b'metadata.version\x00') + len(b'metadata.version\x00')
        data[at] = number
        return sealed(data)
    return edit


def next_batch(data):
    """The offset and the epoch that a batch behind the last one has."""
    at = end = epoch = 0
    while at + 61 <= len(data):
        base, length, epoch = struct.unpack_from('>qii', data, at)
        end = base + struct.unpack_from('>i', data, at + 23)[0] + 1
        at += 12 + length
    return end, epoch


CONTROL = 0x20


def control_keys(types):
    return [struct.pack('>hh', 0, kind) for kind in types]


def grow(values, attributes=0, keys=None):
    """A batch more, with these records."""
    def edit(data):
        more = bytearray(batch(values, keys))
        end, epoch = next_batch(data)
        struct.pack_into('>q', more, 0, end)
        struct.pack_into('>i', more, 12, epoch)
        struct.pack_into('>h', more, 21, attributes)
        return data + sealed(more)
    return edit


def voter(node, directory, port):
    endpoint = compact(b'CONTROLLER') + compact(b'localhost') + struct.pack('>HB', port, 0)
    return struct.pack('>i', node) + directory + unsigned(2) + endpoint + struct.pack('>hhBB', 0, 1, 0, 0)


def voters(*each):
    """A record of the voters."""
    return b'\x00\x00' + unsigned(len(each) + 1) + b''.join(each) + b'\x00'


def own_directory(node):
    with open(os.path.join(node.path, 'meta.properties'), encoding='utf-8') as file:
        text = dict(line.strip().split('=', 1) for line in file if '=' in line)['directory.id']
    return base64.urlsafe_b64decode(text + '==')


def later_voters(*each):
    return grow([voters(*each)], CONTROL, control_keys([6]))


def kraft_version(number):
    return grow([b'\x00\x00' + struct.pack('>h', number) + b'\x00'], CONTROL, control_keys([5]))


def feature(name, number):
    return b'\x01\x0c\x00' + compact(name) + struct.pack('>h', number) + b'\x00'


def without_middle_batch(data):
    """The offsets behind it stay."""
    at = 0
    while at < len(data) // 2:
        at += 12 + struct.unpack_from('>i', data, at + 8)[0]
    return data[:at] + data[at + 12 + struct.unpack_from('>i', data, at + 8)[0]:]


def quorum(ids):
    named = ','.join('{"voterId":%d}' % voter for voter in ids)
    return ('{"clusterId":"","leaderId":-1,"leaderEpoch":3,"votedId":-1,"appliedOffset":0,"currentVoters":[%s],'
            '"data_version":0}' % named)


PORT = 22093
KRAFT_VERSION_1 = b'\x00\x00\x00\x05\x0a\x00\x00\x00\x01\x00'

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
    'bootstrap-checkpoint-gone': lambda n: os.remove(os.path.join(n.path, 'bootstrap.checkpoint')),
    'empty-segment-behind': lambda n: n.write('00000000000000005000.log', ''),
    'segment-of-zeros-behind': lambda n: n.write('00000000000000005000.log', '\0' * 4096),
    'last-segment-empty': lambda n: change(n.logs[-1], lambda data: b''),
    'log-empty': lambda n: [change(path, lambda data: b'') for path in n.logs],
    'checkpoint-part': lambda n: n.write('00000000000000000800-0000000002.checkpoint.part', 'half'),
    'checkpoint-deleted': lambda n: n.write('00000000000000000800-0000000002.checkpoint.deleted', 'half'),
    'folder-astray': lambda n: os.mkdir(os.path.join(n.path, 'lost+found')),
    'folder-of-a-topic': lambda n: os.mkdir(os.path.join(n.path, 'orders-0')),
    'file-astray': lambda n: open(os.path.join(n.path, 'notes.txt'), 'w').close(),
    'node-id-other': lambda n: n.other('node.id', '7'),
    'node-id-word': lambda n: n.other('node.id', 'one'),
    'node-id-twice': lambda n: n.twice('node.id'),
    'version-0': lambda n: n.other('version', '0'),
    'version-7': lambda n: n.other('version', '7'),
    'cluster-id-empty': lambda n: n.other('cluster.id', ''),
    'no-directory-id': lambda n: n.without('directory.id'),
    'directory-id-other': lambda n: n.other('directory.id', 'AAECAwQFBgcICQoLDA0ODw'),
    'directory-id-word': lambda n: n.other('directory.id', 'here'),
    'directory-id-reserved': lambda n: n.other('directory.id', 'AAAAAAAAAAAAAAAAAAAAAQ'),
    'quorum-state-gone': lambda n: n.remove('quorum-state'),
    'quorum-state-empty': lambda n: n.write('quorum-state', ''),
    'quorum-state-v2': lambda n: n.write('quorum-state', QUORUM_1.replace('version":1', 'version":2')),
    'quorum-state-high-epoch': lambda n: n.write('quorum-state', QUORUM_1.replace('Epoch":3', 'Epoch":30')),
    'quorum-state-low-epoch': lambda n: n.write('quorum-state', QUORUM_1.replace('Epoch":3', 'Epoch":0')),
    'quorum-state-v0-high-epoch': lambda n: n.write('quorum-state', quorum([1]).replace('Epoch":3', 'Epoch":30')),
    'quorum-state-v0-voted-other': lambda n: n.write('quorum-state', quorum([1]).replace('dId":-1', 'dId":2')),
    'voted-directory-other': lambda n: n.write('quorum-state', QUORUM_1.replace('tedId":-1', 'tedId":1')
                                               .replace('AAAAAAAAAAAAAAAAAAAAAA', 'AAECAwQFBgcICQoLDA0ODw')),
    'epochs-ahead': lambda n: n.write('leader-epoch-checkpoint', '0\n2\n1 0\n40 700\n'),
    'epochs-empty': lambda n: n.write('leader-epoch-checkpoint', ''),
    'voters-checkpoint-gone': lambda n: n.remove('00000000000000000000-0000000000.checkpoint'),
    'voters-later-none': lambda n: change(n.logs[-1], later_voters()),
    'voters-later-port': lambda n: change(n.logs[-1], later_voters(voter(1, own_directory(n), 22999))),
    'voters-later-other-directory': lambda n: change(n.logs[-1], later_voters(voter(1, bytes(range(16)), PORT))),
    'voters-later-other-node': lambda n: change(n.logs[-1], later_voters(voter(7, own_directory(n), PORT))),
    'kraft-version-0': lambda n: change(n.logs[0], swap(KRAFT_VERSION_1, KRAFT_VERSION_1[:-2] + b'\x00\x00')),
    'kraft-version-9': lambda n: change(n.logs[0], swap(KRAFT_VERSION_1, KRAFT_VERSION_1[:-2] + b'\x09\x00')),
    'kraft-version-later-0': lambda n: change(n.logs[-1], kraft_version(0)),
    'kraft-version-later-1': lambda n: change(n.logs[-1], kraft_version(1)),
    'kraft-version-later-9': lambda n: change(n.logs[-1], kraft_version(9)),
    'voters-without-version': lambda n: change(n.logs[-1], later_voters(voter(1, own_directory(n), PORT))),
    'unknown-feature': lambda n: change(n.logs[-1], grow([feature(b'moon.version', 1)])),
    'group-version-9': lambda n: change(n.logs[-1], grow([feature(b'group.version', 9)])),
    'share-version-1': lambda n: change(n.logs[-1], grow([feature(b'share.version', 1)])),
    'transaction-open': lambda n: change(n.logs[-1], grow([b'\x01\x17\x00\x00\x00'])),
    'transaction-end-only': lambda n: change(n.logs[-1], grow([b'\x01\x18\x00\x00'])),
    'unknown-record': lambda n: change(n.logs[-1], grow([b'\x01\x7e\x00\x00'])),
    'unknown-record-version': lambda n: change(n.logs[-1], grow([b'\x01\x14\x09\x00'])),
    'unknown-topic': lambda n: change(n.logs[-1], grow([b'\x01\x09\x00' + bytes(15) + b'\x63\x00'])),
    'record-of-nothing': lambda n: change(n.logs[-1], grow([b''])),
    'unknown-control-record': lambda n: change(n.logs[-1], grow([b'\x00\x00\x00'], 0x20)),
    'control-type-99': lambda n: change(n.logs[-1], grow([bytes(3)], CONTROL, control_keys([99]))),
    'control-abort': lambda n: change(n.logs[-1], grow([bytes(6)], CONTROL, control_keys([0]))),
    'topic-version-9': lambda n: change(n.logs[-1], grow([b'\x01\x02\x09' + topic(b'nine', 90)[3:]])),
    'offsets-jump': lambda n: change(n.logs[0], without_middle_batch),
    'level-99': lambda n: change(n.logs[0], level(99)),
    'level-1': lambda n: change(n.logs[0], level(1)),
    'level-4': lambda n: change(n.logs[0], level(4)),
}


def main():
    node, faults, out = sys.argv[1:]
    shutil.copytree(node, out, ignore=shutil.ignore_patterns('expected-images', '*.txt', 'quorum-state'))
    for fault in faults.split('+'):
        FAULTS[fault](Node(out))


main()
