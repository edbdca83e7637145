#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""incident.py [KEEP]: a real cluster has an incident, and kmeta-report has to tell it.

Brokers are killed, stopped, paused and started, a log directory breaks, elections, reassignments and settings are asked for,
the active controller dies. What was done is written down, with the time, and with the partitions that Kafka's own tools and
the controllers' messages tell of. Then each act has to stand in the report, at its second and with its numbers, and nothing
else. KEEP is a directory for the log and its story. Prints each act, and at last "told" with status 0, or what is wrong."""
import glob
import json
import os
import re
import shutil
import signal
import sys
import time
from datetime import datetime, timezone

from incident_judge import judge
from servers import CONTROLLERS, ORACLE, RELEASE, cluster, command, kraft

BROKERS = (11, 12, 13, 14)
SESSION = 6  # seconds until a broker that is silent is fenced, as kraft.py sets it

made = cluster('kmeta-incident', 23100, BROKERS, two_directories=(14,), **{
    'leader.imbalance.check.interval.seconds': 3600, 'unclean.leader.election.interval.ms': 2000,
    'log.flush.offset.checkpoint.interval.ms': 1000, 'replica.lag.time.max.ms': 30000, 'metadata.max.idle.interval.ms': 500,
    'metadata.log.max.record.bytes.between.snapshots': 100 << 20, 'min.insync.replicas': 1})
truth = []  # {event, from, to (seconds), broker, about, numbers}
followers = []  # {event, broker, from}: what an act may bring about later, any number of times


# ---- doing ----

def start(node):
    """With messages, which the jars of the oracle would drop."""
    folder = f'{made.work}/messages'
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/simplelogger.properties', 'w') as file:
        file.write("org.slf4j.simpleLogger.showDateTime=true\norg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSX\n")
    plain = kraft.cp
    kraft.cp = lambda version: f'{folder}:{ORACLE}/slf4j-simple.jar:{plain(version)}'
    made.nodes[node].start()
    kraft.cp = plain


def did(event, broker=None, about=None, at=None, until=None, **numbers):
    """Writes an act down. It was done between two times, in seconds."""
    now = time.time()
    act = {'event': event, 'from': round(now if at is None else at, 3), 'to': round(now if until is None else until, 3), 'broker': broker,
           'about': about, 'numbers': numbers}
    truth.append(act)
    print(datetime.fromtimestamp(act['from'], timezone.utc).isoformat(timespec='milliseconds'), event, broker or about or '', numbers, flush=True)
    return act


def follows(event, broker=None, since=None):
    followers.append({'event': event, 'broker': broker, 'from': round(time.time() if since is None else since, 3)})


def tool(name, *args):
    boot = ','.join(f'localhost:{made.nodes[node].broker_port}' for node in BROKERS if made.nodes[node].proc and node not in paused)
    return kraft.java(RELEASE, f'org.apache.kafka.tools.{name}', '--bootstrap-server', boot, *args, timeout=120).stdout


paused = set()


def partitions():
    """Kafka's own answer: (topic, partition) to leader, replicas, ISR. A partition without leader has None."""
    found = {}
    for line in tool('TopicCommand', '--describe').splitlines():
        match = re.match(r'\s*Topic: (\S+)\s+Partition: (\d+)\s+Leader: (\S+)\s+Replicas: (\S*)\s+Isr: (\S*)', line)
        if match:
            topic, number, leader, replicas, isr = match.groups()
            found[topic, int(number)] = (int(leader) if leader.lstrip('-').isdigit() and int(leader) >= 0 else None,
                                         numbers_of(replicas), numbers_of(isr))
    if not found:
        raise SystemExit('kafka-topics described nothing')
    return found


def numbers_of(text):
    return [int(number) for number in text.split(',') if number.isdigit()]


def led_by(state, broker):
    return sum(leader == broker for leader, _, _ in state.values())


def in_isr(state, broker):
    return sum(broker in isr for _, _, isr in state.values())


def messages(pattern):
    """(seconds, groups) of the controllers' own messages."""
    found = []
    for node in CONTROLLERS:
        with open(f'{made.nodes[node].dir}.out', errors='replace') as file:
            for line in file:
                stamp = re.match(r'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ', line)
                match = stamp and re.search(pattern, line)
                if match:
                    found.append((datetime.fromisoformat(stamp[1].replace('Z', '+00:00')).timestamp(), match.groups()))
    return sorted(found)


def wait_message(pattern, since, seconds=60):
    """The first such message after a time."""
    end = time.time() + seconds
    while time.time() < end:
        for when, groups in messages(pattern):
            if when >= since - 0.01:
                return when, groups
        time.sleep(0.1)
    raise SystemExit(f'no controller said {pattern}')


def changed(pattern, near):
    """How many partitions the controller says that it changed, in the same act. It says nothing where it changed none."""
    return sum(int(groups[-1]) for when, groups in messages(pattern) if abs(when - near) < 0.1)


def ask(operations):
    """Admin operations, each of which has to succeed. Returns when they began and ended."""
    began = time.time()
    said = made.do(operations)
    if 'FAIL' in said:
        raise SystemExit(said)
    return began, time.time()


def settle(condition, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        state = partitions()
        if condition(state):
            return state
        time.sleep(0.5)
    raise SystemExit('the cluster did not come to rest')


def whole(state):
    """Every replica on a disk that works is in sync."""
    return all(leader is not None and set(replicas) - broken == set(isr) - broken for leader, replicas, isr in state.values())


broken = set()


def fenced(broker, since, state):
    """A broker that went silent, and the state before that."""
    when, _ = wait_message(rf'Fencing broker {broker} ', since)
    time.sleep(1)
    now = partitions()
    lost = sum(leader == broker and now[place][0] is None for place, (leader, _, _) in state.items())
    # Releases before 4.0 leave the last replica in the ISR.
    shrunk = in_isr(state, broker) - in_isr(now, broker)
    act = did('broker-fenced', broker, at=when, until=when, moved=led_by(state, broker) - lost, lost=lost, shrunk=shrunk)
    said = changed(r'handleBrokerFenced: changing (\d+) partition', when)
    if said:
        act['numbers']['partitions'] = said
    return now


def back(broker, since, restarted):
    """A broker that comes into service, as another process or the same one."""
    if restarted:
        when, _ = wait_message(rf'(?:Registering a new incarnation of broker|No previous registration found for broker) {broker}\b', since)
        did('broker-restarted', broker, at=when, until=when)
    when, _ = wait_message(rf'request from broker {broker} to unfence has been granted', since)
    unclean = sum(abs(at - when) < 0.1 for at, _ in messages(r'Setting new leader .* using an unclean election'))
    did('broker-unfenced', broker, at=when, until=when, found=changed(r'handleBrokerUnfenced: changing (\d+) partition', when) - unclean)
    if unclean:
        did('unclean-election', broker, at=when, until=when, unclean=unclean, found=unclean)
        follows('recovered', since=when)
    follows('isr-grown', broker, when)
    follows('directories-changed', broker, since)


def kill(broker, state):
    began = time.time()
    made.nodes[broker].stop(signal.SIGKILL)
    return fenced(broker, began, state)


def leader():
    said = tool('MetadataQuorumCommand', 'describe', '--status')
    return int(re.search(r'LeaderId:\s+(\d+)', said)[1])


# ---- the incident ----

def make_topics():
    assignments = {'orders': '11,12,13;12,13,14;13,14,11;14,11,12;11,12,13;12,13,14;13,14,11;14,11,12', 'risky': '11,12;12,11;11,12',
                   'moving': '11,12;12,13;13,11', 'wide': ';'.join(['14,11', '14,12', '14,13'] * 4)}
    for name, assignment in assignments.items():
        began, ended = ask(f'assign-topic {name} {assignment}\n')
        did('topic-made', about=f'topics/{name}', at=began, until=ended, partitions=assignment.count(';') + 1)
    began, ended = ask('topic old 2 2\n')
    did('topic-made', about='topics/old', at=began, until=ended, partitions=2)


def change_settings():
    for operation, event, about in (('config TOPIC orders retention.ms=86400000', 'setting', 'configs/topic/orders'),
                                    ('config BROKER <default> log.retention.ms=1234567', 'setting', 'configs/broker/<default>'),
                                    ('config BROKER 12 log.cleaner.threads=2', 'setting', 'configs/broker/12'),
                                    ('delconfig TOPIC orders retention.ms', 'setting', 'configs/topic/orders'),
                                    ('quota user=alice producer_byte_rate=1048576', 'quota', None),
                                    ('scram carol SCRAM_SHA_256 4096 carol-pw', 'scram-set', 'scram/carol'),
                                    ('delscram carol SCRAM_SHA_256', 'scram-removed', 'scram/carol')):
        began, ended = ask(operation + '\n')
        did(event, about=about, at=began, until=ended)


def kill_and_start():
    """While the broker is down, a reassignment to it cannot end, and is taken back."""
    kill(12, settle(whole))
    began, ended = ask('reassign moving 2 13,12\nsleep 700\nreassign moving 2 cancel\n')
    did('reassignment-begun', about='topics/moving/2', at=began, until=ended, partitions=1)
    did('reassignment-cancelled', about='topics/moving/2', at=began, until=ended, partitions=1)
    began = time.time()
    start(12)
    back(12, began, True)


def stop_and_start():
    state = settle(whole)
    began = time.time()
    made.nodes[13].stop()
    ended = time.time()
    when, groups = wait_message(r'enterControlledShutdown\[13\]: changing (\d+) partition', began)
    did('broker-shutting-down', 13, at=when, until=when, moved=led_by(state, 13), shrunk=in_isr(state, 13), partitions=int(groups[0]), lost=0)
    when, _ = wait_message(r'request from broker 13 to shut down has been granted', began)
    did('broker-stopped', 13, at=when, until=when)
    follows('broker-stopped', 13, ended)  # once more, when the heartbeats have ended
    time.sleep(SESSION + 4)
    began = time.time()
    start(13)
    back(13, began, True)


def elect_preferred():
    state = settle(whole)
    place = next(place for place, (now, replicas, _) in sorted(state.items()) if now != replicas[0])
    began, ended = ask(f'elect PREFERRED {place[0]} {place[1]}\n')
    did('leaders-preferred', about=f'topics/{place[0]}/{place[1]}', at=began, until=ended, moved=1, partitions=1)


def pause():
    state = settle(whole)
    began = time.time()
    made.nodes[11].proc.send_signal(signal.SIGSTOP)
    paused.add(11)
    fenced(11, began, state)
    time.sleep(4)
    made.nodes[11].proc.send_signal(signal.SIGCONT)
    paused.discard(11)
    back(11, time.time(), False)


def reassign():
    settle(whole)
    began, ended = ask('reassign moving 1 12,14\n')
    settle(lambda state: set(state['moving', 1][1]) == {12, 14})
    did('reassignment-begun', about='topics/moving/1', at=began, until=ended, partitions=1)
    did('reassignment-done', about='topics/moving/1', at=began, until=time.time(), partitions=1)
    follows('reassignment-changed', since=began)


def delete_and_make_again():
    began, ended = ask('deltopic old\n')
    did('topic-deleted', about='topics/old', at=began, until=ended, partitions=2)
    began, ended = ask('topic old 3 2\n')
    did('topic-made-again', about='topics/old', at=began, until=ended, partitions=3)
    began, ended = ask('partitions old 5\n')
    did('topic-grown', about='topics/old', at=began, until=ended, partitions=2)


def kill_controller():
    active = leader()
    began = time.time()
    made.nodes[active].stop(signal.SIGKILL)
    when, _ = wait_message(r'Becoming the active controller at epoch', began)
    successor = leader()
    did('controller-elected', successor, at=began, until=when + 1)
    began = time.time()
    start(active)
    made.wait_port(made.nodes[active].ctl_port)
    time.sleep(5)
    did('controller-registered', active, at=began, until=time.time())


def restart_at_once():
    """A broker is killed, and starts before its heartbeats are missed."""
    state = settle(whole)
    began = time.time()
    made.nodes[13].stop(signal.SIGKILL)
    start(13)
    when, _ = wait_message(r'Registering a new incarnation of broker 13\b', began)
    for at, _ in messages(r'Fencing broker 13 '):
        if began <= at <= when:  # the new process had to wait for that
            did('broker-fenced', 13, at=at, until=at, moved=led_by(state, 13), lost=0, shrunk=in_isr(state, 13))
    back(13, began, True)


def stop_two():
    """Two brokers are stopped at the same moment. Which partitions move where depends on who is first."""
    settle(whole)
    began = time.time()
    for broker in (12, 14):
        made.nodes[broker].proc.send_signal(signal.SIGTERM)
    for broker in (12, 14):
        made.nodes[broker].proc.wait(60)
        made.nodes[broker].proc = None
    ended = time.time()
    for broker in (12, 14):
        when, groups = wait_message(rf'enterControlledShutdown\[{broker}\]: changing (\d+) partition', began)
        did('broker-shutting-down', broker, at=when, until=when, partitions=int(groups[0]))
        when, _ = wait_message(rf'request from broker {broker} to shut down has been granted', began)
        did('broker-stopped', broker, at=when, until=when)
        follows('broker-stopped', broker, ended)
    time.sleep(SESSION + 4)
    began = time.time()
    for broker in (12, 14):
        start(broker)
    for broker in (12, 14):
        back(broker, began, True)


def stop_controller():
    """The active controller is stopped, and hands over."""
    settle(whole)
    active = leader()
    began = time.time()
    made.nodes[active].stop()
    when, _ = wait_message(r'Becoming the active controller at epoch', began)
    did('controller-elected', leader(), at=began, until=when + 1)
    began = time.time()
    start(active)
    made.wait_port(made.nodes[active].ctl_port)
    time.sleep(5)
    did('controller-registered', active, at=began, until=time.time())


def break_directory():
    state = settle(whole)
    here = made.nodes[14].dir + '/d2'
    lost = {tuple(name.rsplit('-', 1)) for name in os.listdir(here) if re.fullmatch(r'\w+-\d+', name)}
    lost = {(topic, int(number)) for topic, number in lost}
    assert lost, 'nothing is in the second directory'
    led = sum(state[place][0] == 14 for place in lost)
    began = time.time()
    os.rename(here, here + '.gone')
    open(here, 'w').close()  # the directory cannot be read any more
    when, groups = wait_message(r'handleDirectoriesOffline\[14:[^]]*\]: changing (\d+) partition', began)
    assert int(groups[0]) == len(lost), (groups, lost)
    did('directory-lost', 14, at=when, until=when, partitions=len(lost), moved=led, lost=0, shrunk=len(lost))
    broken.add(14)


def elect_uncleanly():
    """Both replicas of a topic die one after the other, and the first to die comes back."""
    state = partitions()
    state = kill(12, state)
    state = kill(11, state)
    began = time.time()
    start(12)
    back(12, began, True)
    time.sleep(1)
    assert all(state[place][0] is None for place in state if place[0] == 'risky'), state
    began, ended = ask('config TOPIC risky unclean.leader.election.enable=true\n')
    did('setting', about='configs/topic/risky', at=began, until=ended)
    settle(lambda state: all(state[place][0] == 12 for place in state if place[0] == 'risky'))
    did('unclean-election', at=began, until=time.time() + 1, unclean=3)
    follows('recovered', since=began)
    began = time.time()
    start(11)
    back(11, began, True)


def begin():
    for node in made.nodes:
        start(node)
    for broker in BROKERS:
        made.wait_port(made.nodes[broker].broker_port)
    ask('wait-brokers 4\n')
    time.sleep(4)
    return time.time()


# ---- keeping ----

def log_of(node):
    return glob.glob(f'{made.nodes[node].dir}/*/__cluster_metadata-0')[0]


def keep(folder, log):
    """The log, and the truth of it."""
    shutil.copytree(log, f'{folder}/__cluster_metadata-0', ignore=shutil.ignore_patterns('*.index', '*.timeindex', '*.txnindex', '*.snapshot'))
    with open(f'{folder}/truth.json', 'w') as file:
        acts = ',\n'.join(json.dumps(act) for act in truth)
        later = ',\n'.join(json.dumps(each) for each in followers)
        file.write(f'{{"began": {began:.3f}, "acts": [\n{acts}\n], "follow": [\n{later}\n]}}\n')


try:
    began = begin()
    for part in (make_topics, change_settings, kill_and_start, stop_and_start, elect_preferred, pause, reassign, delete_and_make_again,
                 kill_controller, elect_uncleanly, restart_at_once, stop_two, stop_controller, break_directory):
        print(f'--- {part.__name__}', flush=True)
        part()
    time.sleep(3)
    copy = made.work + '/copy'
    keep(copy, log_of(leader()))
finally:
    paused.clear()
    for node in made.nodes.values():
        if node.proc:
            node.proc.send_signal(signal.SIGCONT)
            node.stop(signal.SIGKILL)
if len(sys.argv) > 1:
    shutil.copytree(copy, sys.argv[1])
wrong = judge(command('report'), copy)
print(*wrong, sep='\n')
print('told' if not wrong else 'NOT TOLD')
raise SystemExit(bool(wrong))
