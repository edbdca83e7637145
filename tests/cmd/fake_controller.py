#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A controller that serves a real log over Kafka's protocol, with faults on request.

usage: fake_controller.py [option...] DIRECTORY     (a metadata directory; prints its port, then serves)

It answers as releases 3.3 to 4.4 do: ApiVersions, SaslHandshake, SaslAuthenticate, DescribeCluster,
DescribeQuorum, Fetch and FetchSnapshot. Each option below is a way to be another kind of server.
"""

import argparse
import base64
import bisect
import functools
import glob
import hashlib
import hmac
import itertools
import os
import socket
import ssl
import struct
import sys
import threading
import time

from hostile_log import unsigned

parser = argparse.ArgumentParser()
parser.add_argument('directory')
parser.add_argument('--node', type=int, default=1)
parser.add_argument('--leader', type=int, default=1)
parser.add_argument('--leader-port', type=int, default=0, help='where the leader is told to be')
parser.add_argument('--epoch', type=int, default=0, help='of the quorum; 0: that of the last batch')
parser.add_argument('--log-start', type=int, default=0)
parser.add_argument('--high-watermark', help='a file that holds it; it may change')
parser.add_argument('--cluster', default='a1B2c3D4e5F6g7H8i9J0kQ')
parser.add_argument('--release', default='4.3', help='3.3 or 4.3: which requests there are')
parser.add_argument('--faults', default='', help='names between commas')
parser.add_argument('--tls', help='PEM of the key and certificate')
parser.add_argument('--client-ca', help='PEM: clients need a certificate of it')
parser.add_argument('--login', help='MECHANISM:USER:PASSWORD')
parser.add_argument('--lag', type=int, default=0, help='milliseconds that the other voters are behind')
parser.add_argument('--repeat', type=int, default=1, help='serve the log so many times over, renumbered')
args = parser.parse_args()
faults = set(filter(None, args.faults.split(',')))
modern = args.release != '3.3'
counts = {}
port = 0


def once(fault):
    """True the first time that a fault is due, if it is wanted."""
    counts[fault] = counts.get(fault, 0) + 1
    return fault in faults and counts[fault] == 1


# ---- the log ----


def read_batches():
    batches = []
    for name in sorted(glob.glob(args.directory + '/*.log')):
        with open(name, 'rb') as file:
            data = file.read()
        at = 0
        while at + 61 <= len(data):
            base, length, epoch = struct.unpack_from('>qii', data, at)
            delta = struct.unpack_from('>i', data, at + 23)[0]
            if length < 49 or at + 12 + length > len(data):
                break
            batches.append((base, base + delta, epoch, data[at:at + 12 + length]))
            at += 12 + length
    if args.repeat > 1:
        first = batches
        size = first[-1][1] + 1
        top = first[-1][2]
        batches = [(b + size * i, e + size * i, top, struct.pack('>q', b + size * i) + d[8:12] + struct.pack('>i', top) + d[16:])
                   for i in range(args.repeat) for b, e, _, d in first]
    return [b for b in batches if b[0] >= args.log_start]


batches = read_batches()
end = batches[-1][1] + 1
checkpoints = sorted((int(os.path.basename(n)[:20]), int(os.path.basename(n)[21:31]), n)
                     for n in glob.glob(args.directory + '/*.checkpoint'))
epoch_now = args.epoch or batches[-1][2]


def high_watermark():
    if not args.high_watermark:
        return end
    with open(args.high_watermark, encoding='ascii') as file:
        wanted = int(file.read() or -1)
    # It never falls inside of a batch.
    return -1 if wanted < 0 else max([b[1] + 1 for b in batches if b[1] < wanted], default=0)


def epoch_of_start():
    return next((e for o, e, _ in checkpoints if o == args.log_start), 0)


@functools.cache
def end_of_epoch(epoch):
    """The largest epoch up to this one, and where it ends."""
    last, stop = epoch_of_start(), args.log_start
    for _, to, its, _ in batches:
        if its <= epoch:
            last, stop = its, to + 1
    return (epoch, end) if epoch == epoch_now else (last, stop)


# ---- the encodings ----


def i8(n):
    return struct.pack('>b', n)


def i16(n):
    return struct.pack('>h', n)


def i32(n):
    return struct.pack('>i', n)


def i64(n):
    return struct.pack('>q', n)


def string(text):
    return b'\0' if text is None else unsigned(len(text.encode()) + 1) + text.encode()


def data_of(value):
    return unsigned(len(value) + 1) + value


def array(items):
    return unsigned(len(items) + 1) + b''.join(items)


def tags(*pairs):
    return unsigned(len(pairs)) + b''.join(unsigned(k) + unsigned(len(v)) + v for k, v in pairs)


class Request:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, form):
        return struct.unpack('>' + form, self.take(struct.calcsize('>' + form)))[0]

    def uvarint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def bytes(self):
        size = self.uvarint()
        return None if size == 0 else self.take(size - 1)

    def tags(self):
        return {self.uvarint(): self.take(self.uvarint()) for _ in range(self.uvarint())}


# ---- answers ----

VERSIONS = {18: (0, 3), 17: (0, 1), 36: (0, 2), 1: (4, 17 if modern else 13), 59: (0, 1 if modern else 0),
            55: (0, 2 if modern else 0)}
if modern:
    VERSIONS[60] = (0, 1)
if 'broker' in faults:
    del VERSIONS[59]


def node(number, at):
    return i32(number) + string('localhost') + i32(at)


def answer_versions():
    return i16(0) + array([i16(k) + i16(lo) + i16(hi) + tags() for k, (lo, hi) in VERSIONS.items()]) + i32(0) + tags()


def answer_cluster():
    nodes = [node(args.node, port) + string(None) + tags()]
    if args.leader_port:
        nodes.append(node(args.leader, args.leader_port) + string(None) + tags())
    return i32(0) + i16(0) + string(None) + i8(2) + string(args.cluster) + i32(args.leader) + array(nodes) + i32(0) + tags()


def leader_tag():
    return (1, i32(args.leader) + i32(epoch_now) + tags())


def leader_error(asked):
    """The error of a request that names an epoch, as a follower or a leader gives it."""
    if 'unauthorized' in faults:
        return 31
    if args.node != args.leader:
        return 6
    if asked != epoch_now:
        return 74 if asked < epoch_now else 75
    return 0


def other_cluster(tag):
    return 0 in tag and tag[0][1:].decode() != args.cluster


lasts = [b[1] for b in batches]
starts = [0, *itertools.accumulate(len(b[3]) for b in batches)]
joined = b''.join(b[3] for b in batches)


def records_from(offset, most):
    """Whole batches from the one that holds the offset on, and one at least."""
    first = bisect.bisect_left(lasts, offset)
    if first == len(batches):
        return b''
    behind = max(bisect.bisect_right(starts, starts[first] + most) - 1, first + 1)
    if behind > first + 10 and once('gap'):
        return joined[starts[first]:starts[first + 5]] + joined[starts[first + 6]:starts[behind]]
    return joined[starts[first]:starts[behind]]


def changed(records):
    if len(records) > 400 and (once('flip') or 'flip-always' in faults):
        spoilt = bytearray(records)
        spoilt[len(records) // 2] ^= 4
        return bytes(spoilt)
    return records


def fetch(version, request):
    if version < 15:
        request.number('i')
    wait, _, most = request.number('i'), request.number('i'), request.number('i')
    request.take(9)
    request.uvarint()
    request.take(16)
    request.uvarint()
    request.number('i')
    asked, offset, last_epoch = request.number('i'), request.number('q'), request.number('i')
    request.number('q'), request.number('i'), request.tags(), request.tags(), request.uvarint(), request.bytes()
    error = leader_error(asked)
    if other_cluster(request.tags()):
        return i32(0) + i16(104) + i32(0) + array([]) + tags()
    if 'epochs' in faults:
        counts['epochs'] = counts.get('epochs', 0) + 1
        return partition_of_fetch(74, b'', (1, i32(args.leader) + i32(asked + 1) + tags()))
    if 'counts' in faults:
        return i32(0) + i16(0) + i32(0) + unsigned(1 << 30)
    if error:
        return partition_of_fetch(error, b'', leader_tag())
    if offset < args.log_start or (offset == args.log_start and args.log_start and last_epoch != epoch_of_start()):
        newest = checkpoints[-1]
        return partition_of_fetch(0, b'', (2, i64(newest[0]) + i32(newest[1]) + tags()))
    found = end_of_epoch(last_epoch)
    if offset and offset != args.log_start and (found[0] != last_epoch or found[1] < offset):
        return partition_of_fetch(0, b'', (0, i32(found[0]) + i64(found[1]) + tags()))
    until = time.monotonic() + wait / 1000
    while offset >= end and time.monotonic() < until:
        time.sleep(0.02)
    return partition_of_fetch(0, changed(records_from(offset, most)))


def partition_of_fetch(error, records, *tag):
    part = i32(0) + i16(error) + i64(high_watermark()) + i64(high_watermark()) + i64(args.log_start) + array([])
    part += i32(-1) + data_of(records) + tags(*tag)
    nodes = array([node(args.leader, args.leader_port or port) + string(None) + tags()])
    known = tags((0, nodes)) if modern and tag and tag[0][0] == 1 else tags()
    return i32(0) + i16(0) + i32(0) + array([bytes(15) + b'\1' + array([part]) + tags()]) + known


def snapshot(request):
    request.number('i')
    most = request.number('i')
    request.uvarint(), request.bytes(), request.uvarint(), request.number('i')
    asked, offset, epoch = request.number('i'), request.number('q'), request.number('i')
    request.tags()
    position = request.number('q')
    error, data = leader_error(asked), b''
    names = [n for o, e, n in checkpoints if (o, e) == (offset, epoch)]
    if not error and (not names or once('snapshot-gone')):
        error = -1
    if not error:
        with open(names[0], 'rb') as file:
            data = file.read()
        if once('snapshot-flip') or 'snapshot-flip-always' in faults:
            data = data[:300] + bytes([data[300] ^ 1]) + data[301:]
    piece = data[position:position + min(most, 4096)]
    told = position + 1 if 'snapshot-position' in faults else position
    size = len(data) + position if 'snapshot-grows' in faults else len(data)
    part = i32(0) + i16(error) + i64(offset) + i32(epoch) + tags() + i64(size) + i64(told) + data_of(piece)
    part += tags((0, i32(args.leader) + i32(epoch_now) + tags())) if error in (6, 74, 75) else tags()
    return i32(0) + i16(0) + array([string('__cluster_metadata') + array([part]) + tags()]) + tags()


def quorum(version):
    error = 6 if args.node != args.leader else 0
    now = int(time.time() * 1000)

    def replica(number, behind, since):
        out = i32(number)
        out += bytes([number] * 16) if version >= 2 else b''
        out += i64(end - behind)
        out += i64(now - since) + i64(now - since) if version >= 1 else b''
        return out + tags()

    voters = [replica(args.leader, 0, 0)] + [replica(n, args.lag, args.lag) for n in (8, 9)]
    part = i32(0) + i16(error) + (string(None) if version >= 2 else b'') + i32(args.leader) + i32(epoch_now)
    part += i64(high_watermark()) + array(voters) + array([replica(21, 3, 700)]) + tags()
    out = i16(0) + (string(None) if version >= 2 else b'')
    out += array([string('__cluster_metadata') + array([part]) + tags()])
    if version >= 2:
        name = 'CONTROLLER\033[31m' if 'control' in faults else 'CONTROLLER'
        out += array([i32(args.leader) + array([string(name) + string('localhost') + struct.pack('>H', port) + tags()]) + tags()])
    return out + tags()


# ---- login ----


class Login:
    def __init__(self):
        self.mechanism, self.user, self.password = (args.login or '::').split(':', 2)
        self.first = None

    def handshake(self, wanted):
        error = 0 if wanted == self.mechanism else 33
        return i16(error) + i32(1) + i16(len(self.mechanism)) + self.mechanism.encode()

    def refused(self):
        text = 'Authentication failed\033]0;owned\007' if 'control' in faults else 'Authentication failed'
        return i16(58) + string(text) + data_of(b'') + i64(0) + tags()

    def step(self, token):
        if self.mechanism == 'PLAIN':
            good = token == f'\0{self.user}\0{self.password}'.encode()
            return (i16(0) + string(None) + data_of(b'') + i64(0) + tags(), True) if good else (self.refused(), False)
        if self.mechanism == 'OAUTHBEARER':
            good = token == f'n,,\1auth=Bearer {self.password}\1\1'.encode()
            return (i16(0) + string(None) + data_of(b'') + i64(0) + tags(), True) if good else (self.refused(), False)
        if self.mechanism == 'GSSAPI':
            return self.kerberos(token)
        return self.scram(token.decode())

    def kerberos(self, token):
        import gssapi

        def answer(data, good=None):
            return i16(0) + string(None) + data_of(data) + i64(0) + tags(), good

        try:
            if self.first is None:
                self.first = gssapi.SecurityContext(usage='accept', creds=gssapi.Credentials(usage='accept'))
                return answer(self.first.step(token) + (b'x' if 'gss-token' in faults else b''))
            if token == b'':
                offer = {'gss-layer': b'\4\0\x10\0', 'gss-short': b'\1'}
                offer = next((v for k, v in offer.items() if k in faults), b'\1\0\0\0')
                return answer(b'not wrapped' if 'gss-plain' in faults else self.first.wrap(offer, False).message)
            choice = self.first.unwrap(token).message
            good = choice == b'\1\0\0\0' and str(self.first.initiator_name) == self.user
            return answer(b'', True) if good else (self.refused(), False)
        except gssapi.exceptions.GSSError:
            return self.refused(), False

    def scram(self, text):
        digest = 'sha512' if self.mechanism.endswith('512') else 'sha256'
        if self.first is None:
            bare = text.removeprefix('n,,')
            fields = dict(f.split('=', 1) for f in bare.split(','))
            nonce = fields['r'] + 'server'
            if 'scram-nonce' in faults:
                nonce = 'another' + nonce
            count = 1 << 30 if 'scram-count' in faults else 4096
            self.first = (bare, f"r={nonce},s={base64.b64encode(b'salt-of-8').decode()},i={count}", fields['n'])
            return i16(0) + string(None) + data_of(self.first[1].encode()) + i64(0) + tags(), None
        without, proof = text.rsplit(',p=', 1)
        signed = ','.join([self.first[0], self.first[1], without]).encode()
        salted = hashlib.pbkdf2_hmac(digest, self.password.encode(), b'salt-of-8', 4096)

        def mac(key, value):
            return hmac.new(key, value, digest).digest()

        client = mac(salted, b'Client Key')
        signature = mac(hashlib.new(digest, client).digest(), signed)
        right = bytes(a ^ b for a, b in zip(client, signature))
        user = self.user.replace('=', '=3D').replace(',', '=2C')
        if base64.b64decode(proof) != right or self.first[2] != user:
            return self.refused(), False
        final = mac(mac(salted, b'Server Key'), signed)
        if 'scram-server' in faults:
            final = bytes(len(final))
        return i16(0) + string(None) + data_of(b'v=' + base64.b64encode(final)) + i64(0) + tags(), True


# ---- connections ----


def read_exactly(stream, size):
    data = b''
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def misbehave(stream):
    """What a server does that is none of Kafka's. True: that was all."""
    if 'close' in faults:
        return True
    if 'silent' in faults:
        time.sleep(60)
        return True
    sent = {'garbage': bytes(range(256)), 'http': b'HTTP/1.1 400 Bad Request\r\n\r\n', 'alert': b'\x15\3\3\0\2\2\x50',
            'huge': i32(0x7fffffff) + b'x' * 100, 'negative': i32(-1)}
    for name, data in sent.items():
        if name in faults:
            read_exactly(stream, 4)
            stream.sendall(data)
            return True
    return False


def serve(stream):
    login, logged_in = Login(), not args.login
    answered = 0
    while True:
        if misbehave(stream):
            return
        size = struct.unpack('>i', read_exactly(stream, 4))[0]
        if not 0 < size < 1 << 20:
            return
        request = Request(read_exactly(stream, size))
        key, version, correlation = request.number('h'), request.number('h'), request.number('i')
        request.take(request.number('h'))
        if key != 17:
            request.tags()
        if not logged_in and key not in (17, 18, 36):
            return
        head = i32(correlation + ('correlation' in faults)) + (b'' if key in (17, 18) else tags())
        if key == 18:
            body = answer_versions()
        elif key == 17:
            body = login.handshake(request.take(request.number('h')).decode())
        elif key == 36:
            body, good = login.step(request.bytes())
            logged_in = good or logged_in
            if good is False:
                stream.sendall(i32(len(head + body)) + head + body)
                return
        elif key == 60:
            body = answer_cluster()
        elif key == 1:
            body = fetch(version, request)
        elif key == 59:
            body = snapshot(request)
        else:
            body = quorum(version)
        if 'cut' in faults and key == 1:
            stream.sendall(i32(len(head + body)) + (head + body)[:-10])
            return
        stream.sendall(i32(len(head + body)) + head + body)
        answered += 1
        if 'drop' in faults and answered % 5 == 0:
            return


def connection(plain, context):
    try:
        stream = context.wrap_socket(plain, server_side=True) if context else plain
        serve(stream)
        stream.close()
    except (OSError, EOFError, struct.error, IndexError):
        plain.close()


def main():
    global port
    context = None
    if args.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.tls)
        if args.client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(args.client_ca)
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    print(port, flush=True)
    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print('connection', file=sys.stderr, flush=True)
        threading.Thread(target=connection, args=(plain, context), daemon=True).start()


main()
