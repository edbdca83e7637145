#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""incident_judge.py KMETA-REPORT DIRECTORY: holds the report of a log against what was done, as incident.py wrote it down.

DIRECTORY has the log and truth.json. Each act has to stand in the report, at its second and with its numbers, and nothing else
may. Prints what is wrong, or "told"."""
import json
import subprocess
import sys
from datetime import datetime, timezone

# What a cluster does by itself at any time.
ALWAYS = {'no-op', 'directories-assigned'}


def story(report, log):
    """The events, and the summary."""
    done = subprocess.run([report, '-q', '-o', 'json', '--verbose', log], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f'kmeta-report ended with status {done.returncode}: {done.stderr}')
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[:-1], lines[-1]['summary']


def fits(event, act):
    second = event['timestamp'] / 1000
    return (event['event'] == act['event'] and act['from'] - 1 <= second <= act['to'] + 1
            and act['broker'] in (None, event.get('broker')) and act['about'] in (None, event['about']))


def may_follow(event, follow):
    return event['event'] in ALWAYS or any(
        event['event'] == each['event'] and each['broker'] in (None, event.get('broker')) and event['timestamp'] / 1000 >= each['from'] - 1
        for each in follow)


def judge(report, directory):
    with open(f'{directory}/truth.json') as file:
        truth = json.load(file)
    events, summary = story(report, f'{directory}/__cluster_metadata-0')
    left = [event for event in events if event['timestamp'] / 1000 >= truth['began']]
    wrong = []
    if sum(event['records'] for event in events) != summary['records']:
        wrong.append('the records of the events are not those of the log')
    for act in sorted(truth['acts'], key=lambda act: act['from']):
        found = next((event for event in left if fits(event, act)), None)
        what = f'{act["event"]} {act["broker"] or act["about"] or ""} at {datetime.fromtimestamp(act["from"], timezone.utc):%H:%M:%S}'
        if not found:
            wrong.append(f'not told: {what}')
            continue
        left.remove(found)
        told = found.get('effects', {})
        for name, number in act['numbers'].items():
            if told.get(name, 0) != number:
                wrong.append(f'{what}: {name} is {told.get(name, 0)}, and was {number} (offset {found["offset"]})')
    wrong += [f'told and not done: {json.dumps(event)}' for event in left if not may_follow(event, truth['follow'])]
    return wrong


def main():
    wrong = judge(*sys.argv[1:])
    print(*wrong, sep='\n')
    print('told' if not wrong else 'NOT TOLD')
    raise SystemExit(bool(wrong))


if __name__ == '__main__':
    main()
