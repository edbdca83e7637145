#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""restore.py: all controllers lose their disks, and the copy of kmeta-fetch brings the cluster back, as the manual says.

Prints what happens, and at last "restored" with status 0, or what is wrong with status 1."""
import json
import os
import re
import shutil
import signal
import time

from servers import CONTROLLERS, DIRECTORY_IDS, RELEASE, cluster, follow, kraft, run

BROKERS = (11, 12)
BEFORE, AFTER = 200, 50


def tool(name, *args):
    return kraft.java(RELEASE, f'org.apache.kafka.tools.{name}', '--bootstrap-server', f'localhost:{made.nodes[11].broker_port}', *args,
                      timeout=120).stdout


def problems():
    """What the cluster does not have again."""
    topics = tool('TopicCommand', '--list').split()
    if len([t for t in topics if t.startswith('bulk-')]) != 30 or 'orders' not in topics or 'after' not in topics:
        yield f'topics: {topics}'
    read = tool('consumer.ConsoleConsumer', '--topic', 'orders', '--from-beginning', '--timeout-ms', '15000')
    records = re.findall(r'^v\d+$', read, re.MULTILINE)
    if len(records) != BEFORE + AFTER:
        yield f'{len(records)} records are read where {BEFORE} and {AFTER} were written'
    if 'retention.ms=77777777' not in tool('TopicCommand', '--describe', '--topic', 'orders'):
        yield 'the setting of the topic is gone'
    status = json.loads(run('fetch', '--status', '-o', 'json', f'localhost:{made.nodes[1].ctl_port}'))
    if status['votersInStep'] != len(CONTROLLERS):
        yield f'voters: {status}'


made = cluster('kmeta-restore', 21100, BROKERS, **{'metadata.log.max.record.bytes.between.snapshots': 40000, 'metadata.max.idle.interval.ms': 500})
copy = made.work + '/copy'
try:
    for node in made.nodes.values():
        node.start()
    for broker in BROKERS:
        made.wait_port(made.nodes[broker].broker_port)
    fetch = follow(made, copy)
    made.do(f'wait-brokers 2\ntopic orders 4 2\ntopics bulk- 30 3 2\nproduce orders {BEFORE}\nconfig TOPIC orders retention.ms=77777777\n'
            'scram carol SCRAM_SHA_256 4096 carol-pw\nacl TOPIC orders LITERAL User:alice * READ ALLOW\n')
    run('fetch', '--status', f'localhost:{made.nodes[1].ctl_port}')
    time.sleep(2)
    for node in CONTROLLERS:
        made.nodes[node].stop(signal.SIGKILL)
        shutil.rmtree(made.nodes[node].dir)
    time.sleep(3)
    fetch.send_signal(signal.SIGTERM)
    if fetch.wait(20):
        raise SystemExit(f'kmeta-fetch ended with status {fetch.returncode}: {open(copy + ".err").read()}')

    first = made.nodes[1]
    os.makedirs(first.dir)
    run('verify', copy + '/__cluster_metadata-0')
    run('snapshot', '--node-id=1', '--cluster-id=' + json.load(open(copy + '/fetch.json'))['clusterId'], '--directory-id=' + DIRECTORY_IDS[1],
        f'--voters=1@{DIRECTORY_IDS[1]}@localhost:{first.ctl_port}', '--out=' + first.dir + '/data', copy)
    first.start()
    made.wait_port(first.ctl_port)
    for node in CONTROLLERS[1:]:
        made.nodes[node].format('--no-initial-controllers')
        made.nodes[node].start()
        made.wait_port(made.nodes[node].ctl_port)
    time.sleep(15)
    made.do('wait-brokers 2\n')
    for node in CONTROLLERS[1:]:
        files = open(made.nodes[node].dir + '/data/meta.properties').read()
        directory = files.split('directory.id=')[1].split()[0]
        made.do(f'add-voter {node} {directory} CONTROLLER localhost {made.nodes[node].ctl_port}\nsleep 3000\n')
    made.do(f'produce orders {AFTER}\ntopic after 3 2\nproduce after 10\n')
    wrong = list(problems())
finally:
    made.stop_all()
print(*wrong, sep='\n')
print('restored' if not wrong else 'NOT RESTORED')
raise SystemExit(bool(wrong))
