#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""soak.py [SECONDS]: kmeta-fetch follows three controllers that are killed and started again at random, under load.

Each time it is looked at, the copy has to be a prefix of the log of a majority, byte for byte. Prints each look, and at last
"N looks, none wrong" with status 0, or what was wrong with status 1."""
import glob
import random
import signal
import struct
import sys
import threading
import time

from servers import CONTROLLERS, cluster, follow, run

seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 1200


def log(directory):
    """The whole batches of all segments, as one string."""
    whole = b''
    for path in sorted(glob.glob(f'{directory}/__cluster_metadata-0/*.log')):
        data, at = open(path, 'rb').read(), 0
        while at + 61 <= len(data) and 49 <= (size := struct.unpack_from('>i', data, at + 8)[0]) <= len(data) - at - 12:
            at += size + 12
        whole += data[:at]
    return whole


def is_prefix(mine):
    """What was copied is committed, so each of the others comes to have it: wait a little for that."""
    for _ in range(20):
        logs = [log(made.nodes[node].dir + '/data') for node in CONTROLLERS]
        if sum(theirs.startswith(mine) for theirs in logs) >= 2 and all(theirs.startswith(mine) or mine.startswith(theirs) for theirs in logs):
            return True
        time.sleep(0.5)
    return False


def work():
    count = 0
    while not ended.is_set():
        count += 1
        try:
            made.do(f'topics t{count}- 40 3 1\nsleep 3000\n', timeout=120)
        except Exception as error:  # a controller is down: that is what the test is about
            print('load:', error)


made = cluster('kmeta-soak', 22100, (11,),
               **{'metadata.log.max.record.bytes.between.snapshots': 200000, 'metadata.max.idle.interval.ms': 20,
                  'controller.quorum.election.timeout.ms': 1000, 'controller.quorum.fetch.timeout.ms': 2000})
copy = made.work + '/copy'
ended, looks, wrong = threading.Event(), 0, []
try:
    for node in made.nodes.values():
        node.start()
    made.wait_port(made.nodes[11].broker_port)
    fetch = follow(made, copy, '--segment-bytes', '200K')
    threading.Thread(target=work, daemon=True).start()
    end = time.time() + seconds
    while time.time() < end and fetch.poll() is None:
        time.sleep(random.uniform(3, 10))
        victim = made.nodes[random.choice(CONTROLLERS)]
        victim.stop(signal.SIGKILL)
        time.sleep(random.uniform(1, 8))
        victim.start()
        time.sleep(random.uniform(4, 10))
        mine = log(copy)
        looks += 1
        if not is_prefix(mine):
            wrong.append(f'look {looks}: {len(mine)} bytes are no prefix of the others\' logs')
        peak = open(f'/proc/{fetch.pid}/status').read().split('VmHWM:')[1].split()[0]
        print(f'{end - time.time():.0f} seconds left: look {looks}, {len(mine)} bytes, {peak} KiB at most', flush=True)
    ended.set()
    if fetch.poll() is None:
        fetch.send_signal(signal.SIGTERM)
    if fetch.wait(20):
        wrong.append(f'kmeta-fetch ended with status {fetch.returncode}: {open(copy + ".err").read()[-1000:]}')
    run('verify', copy + '/__cluster_metadata-0')
finally:
    ended.set()
    made.stop_all()
print(*wrong, sep='\n')
print(f'{looks} looks, {len(wrong) or "none"} wrong')
raise SystemExit(bool(wrong) or not looks)
