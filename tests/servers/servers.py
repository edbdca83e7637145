# SPDX-License-Identifier: Apache-2.0
"""servers.py: what the tests against real servers share: a cluster of three controllers, from the oracle's scripts and jars."""
import os
import subprocess
import sys

RELEASE = os.environ.get('RELEASE', '4.3.1')
ORACLE = os.environ['ORACLE']
COMMANDS = os.environ['KMETA_BIN']

missing = [path for path in (f'kafka-{RELEASE}/libs', 'cluster/kraft.py', 'cluster/classes/Work.class')
           if not os.path.exists(f'{ORACLE}/{path}')]
if missing:
    sys.exit(f'{ORACLE} lacks {", ".join(missing)}: ORACLE=DIRECTORY names a copy of the oracle where install.sh {RELEASE} and '
             'javac -d cluster/classes cluster/Work.java have run')

sys.path.insert(0, f'{ORACLE}/cluster')
import kraft  # noqa: E402 (it is found by the path above)

CONTROLLERS = (1, 2, 3)
DIRECTORY_IDS = {1: 'Aa1Aa1Aa1Aa1Aa1Aa1Aa1A', 2: 'Bb2Bb2Bb2Bb2Bb2Bb2Bb2A', 3: 'Cc3Cc3Cc3Cc3Cc3Cc3Cc3A'}


def command(name):
    return f'{COMMANDS}/kmeta-{name}'


def run(name, *args):
    """Runs a command of ours that has to end well; returns what it printed."""
    done = subprocess.run([command(name), *args], capture_output=True, text=True)
    print(f'$ kmeta-{name}', *args, done.stderr, sep='\n  ', flush=True)
    if done.returncode:
        raise SystemExit(f'kmeta-{name} ended with status {done.returncode}: {done.stdout}')
    return done.stdout


def cluster(name, port, brokers, two_directories=(), **settings):
    """Three controllers that are voters, and brokers, some with two log directories; formatted, not started."""
    made = kraft.Cluster(name, RELEASE, port, extra={key.replace('_', '.'): value for key, value in settings.items()})
    made.jbod = set(two_directories)
    for node in CONTROLLERS:
        made.node(node, 'controller')
    for node in brokers:
        made.node(node, 'broker')
    voters = ','.join(f'{node}@localhost:{made.nodes[node].ctl_port}:{DIRECTORY_IDS[node]}' for node in CONTROLLERS)
    for node in CONTROLLERS:
        made.nodes[node].format('--initial-controllers', voters)
    for node in brokers:
        made.nodes[node].format('--no-initial-controllers')
    return made


def follow(made, copy, *options):
    """kmeta-fetch that follows all controllers into "copy"; what it says goes to "copy".err."""
    return subprocess.Popen([command('fetch'), '--follow', '--checkpoints', *options, '--out', copy,
                             ','.join(f'localhost:{made.nodes[node].ctl_port}' for node in CONTROLLERS)],
                            stderr=open(f'{copy}.err', 'w'))
