#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hold the answers of kmeta-sql against those of the other commands, for the same questions.

usage: sql_compare.py COMMANDS-DIRECTORY records|entities|history|diff|findings ADDRESS...

Prints each difference, and how many questions were asked; the exit status is 1 if there was one.
"""

import json
import pathlib
import subprocess
import sys


class Commands:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    def lines(self, name, *arguments):
        done = subprocess.run([self.directory / f'kmeta-{name}', *arguments], capture_output=True)
        if done.returncode not in (0, 1, 2):
            sys.exit(f'kmeta-{name} {arguments} ended with {done.returncode}: {done.stderr.decode()}')
        # Lines end with a newline alone: texts may hold other ends of lines.
        return done.returncode, [json.loads(line) for line in done.stdout.decode().split('\n')[:-1]]

    def sql(self, *arguments):
        return self.lines('sql', '-q', '-o', 'json', *arguments)


def records(commands, address):
    """Every record, damaged ones too, with what is known of its batch."""
    dumped = commands.lines('dump', '-q', '-o', 'json', '--batch', '--salvage', address)
    asked = commands.sql('--salvage', address, 'select * from records')
    yield ('records', [(r['offset'], r['timestamp'], r['epoch'], r['type'], r['version'], r.get('data'),
                        r.get('error'), r['batch']['file'], r['batch']['baseOffset'], r['batch']['size'],
                        r['batch']['codec'], r['batch']['valid'], r['batch']['isControl'])
                       for r in dumped[1]],
           [(r['offset'], r['timestamp'], r['epoch'], r['type'], r['version'], r['data'], r['error'],
             r['file'], r['batch_offset'], r['batch_size'], r['codec'], r['valid'], r['control'])
            for r in asked[1]])
    yield ('status', dumped[0] == 2, asked[0] == 2)


TERMS = [
    ("type = 'PARTITION_CHANGE_RECORD'", '--type=PARTITION_CHANGE'),
    ("type in ('TOPIC_RECORD', 'CONFIG_RECORD')", '--type=TOPIC,CONFIG'),
    ("topic = 'orders'", '--topic=orders'),
    ("topic in ('orders', 'payments') and partition = 0", '--topic=orders,payments', '--partition=0'),
    ('partition in (1, 2)', '--partition=1,2'),
    ('broker = 11', '--broker=11'),
    ('offset between 100 and 200', '--offset=100..200'),
    ('offset in (3, 5) or offset = 7', '--offset=3,5,7'),
    ('epoch = 2', '--epoch=2'),
    ('epoch > 1 and offset < 700 and broker = 12', '--epoch=2..', '--offset=..699', '--broker=12'),
    ('timestamp >= 1795529760000', '--time=@1795529760000..'),
    ('control', '--control'),
]


def conditions(commands, address):
    """The conditions that go down to the log, forwards and backwards."""
    for condition, *options in TERMS:
        for order, more in (('', []), (' order by offset desc limit 20', ['--reverse', '--limit=20'])):
            dumped = commands.lines('dump', '-q', '-o', 'json', '--salvage', *options, *more, address)[1]
            asked = commands.sql('--salvage', address,
                                 f'select offset from records where ({condition}){order}')[1]
            yield (condition + order, [r['offset'] for r in dumped], [r['offset'] for r in asked])


def snake(name):
    return ''.join('_' + c.lower() if c.isupper() else c for c in name)


PARTITION = {'partitionId': 'partition', 'removingReplicas': 'removing', 'addingReplicas': 'adding',
             'eligibleLeaderReplicas': 'elr'}
KINDS = {
    'TOPIC_RECORD': ('topics', {'name': 'topic'}),
    'PARTITION_RECORD': ('partitions', PARTITION),
    'REGISTER_BROKER_RECORD': ('brokers', {'brokerId': 'broker'}),
    'REGISTER_CONTROLLER_RECORD': ('controllers', {'controllerId': 'controller'}),
    'CONFIG_RECORD': ('configs', {'resourceName': 'resource'}),
    'ACCESS_CONTROL_ENTRY_RECORD': ('acls', {}),
    'CLIENT_QUOTA_RECORD': ('quotas', {'entity': None, 'remove': None}),
    'USER_SCRAM_CREDENTIAL_RECORD': ('scram', {'name': 'user'}),
    'DELEGATION_TOKEN_RECORD': ('tokens', {}),
    'FEATURE_LEVEL_RECORD': ('features', {'featureLevel': 'level'}),
}
# Numbers that SQL has as words.
WORDS = {'resourceType', 'patternType', 'permissionType', 'operation', 'mechanism', 'leaderRecoveryState'}


def entities(commands, address):
    """Every field of every entity, in the order of kmeta-image."""
    status, image = commands.lines('image', '-q', '-o', 'records', address)
    if status:
        # What is in doubt fails.
        yield ('a state in doubt', 2, commands.sql(address, 'select * from topics')[0])
    for record, (table, names) in KINDS.items():
        wanted = [line['data'] for line in image if line['type'] == record]
        asked = commands.sql('--salvage', address, f'select * from {table}')[1]
        yield (table, len(wanted), len(asked))
        for data, row in zip(wanted, asked):
            known = {names.get(name, snake(name)): value for name, value in data.items()
                     if name not in WORDS and names.get(name, name)}
            yield (table, known, {name: row[name] for name in known})
    for option, column in (('--leaderless', 'leaderless'), ('--under-replicated', 'under_replicated'),
                           ('--under-min-isr', 'under_min_isr'), ('--reassigning', 'reassigning')):
        wanted = commands.lines('image', '-q', '-o', 'records', option, address)[1]
        asked = commands.sql('--salvage', address, f'select topic_id, partition from partitions where {column}')[1]
        yield (option, [(line['data']['topicId'], line['data']['partitionId']) for line in wanted],
               [(row['topic_id'], row['partition']) for row in asked])


def changed(line):
    return (line['change'], line['entity'], line['key'], line['fields'])


def history(commands, address):
    """Every change of all topics and brokers."""
    told = commands.lines('history', '-q', '-o', 'json', address, 'topics', 'brokers')[1]
    for before in ([line for line in told if line['by']],):
        asked = commands.sql('--salvage', address, 'select * from history where "by" is not null and '
                             "(path like 'topics/%' or path like 'brokers/%' or path like 'configs/topic/%')")[1]
        yield ('history', [(line['offset'], line['timestamp'], line['epoch'], line['by'], *changed(line))
                           for line in before],
               [(row['offset'], row['timestamp'], row['epoch'], row['by'], *changed(row)) for row in asked])


def diff(commands, address):
    """From the start to the end."""
    told = commands.lines('diff', '-q', '-o', 'json', f'{address}@start', address)[1]
    listed = commands.lines('diff', '-o', 'json', f'{address}@start', address)[1]
    asked = commands.sql('--salvage', f'{address}@start', address, 'select * from changes')[1]
    yield ('diff', [changed(line) for line in told or listed], [changed(row) for row in asked])


def findings(commands, address):
    told = commands.lines('verify', '-o', 'json', address)[1]
    asked = commands.sql(address, 'select * from findings')[1]
    yield ('findings', [line for line in told if 'summary' not in line],
           [{name: value for name, value in row.items() if value is not None} for row in asked])


def main(directory, what, *addresses):
    commands = Commands(directory)
    ask = {'records': records, 'conditions': conditions, 'entities': entities, 'history': history,
           'diff': diff, 'findings': findings}[what]
    asked = differing = 0
    for address in addresses:
        for question, wanted, answer in ask(commands, address):
            asked += 1
            if wanted != answer:
                differing += 1
                print(f'{address}: {question}')
                if isinstance(wanted, list):
                    other = [pair for pair in zip(wanted, answer) if pair[0] != pair[1]]
                    print(f'  {len(wanted)} and {len(answer)}, first other: {other[:1]}')
                else:
                    print(f'  {wanted}\n  {answer}')
    print(f'{asked} questions, {differing} other answers')
    return 1 if differing or not asked else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
