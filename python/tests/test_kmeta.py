# SPDX-License-Identifier: Apache-2.0
"""The package says what the commands say. KMETA_BIN and TESTDATA name the commands and the logs, as tests/run sets them."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

project = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(project / 'python'))
os.environ.setdefault('KMETA_BIN', str(project / 'build/release'))

import kmeta  # noqa: E402 (it is found by the path above)
from kmeta import spark  # noqa: E402 (it takes pyspark only where a function of it is called)

testdata = pathlib.Path(os.environ.get('TESTDATA', project / 'testdata'))
node = testdata / 'real/kraft-4.3-full/node-1'
logs = sorted(path for path in testdata.glob('real/**/__cluster_metadata-0') if path.is_dir())


def printed(command, *arguments):
    """The lines that a command prints, whatever its status."""
    run = subprocess.run([f'{os.environ["KMETA_BIN"]}/kmeta-{command}', '-o', 'json', *map(str, arguments)], capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def plain(item):
    """As the commands print it: without what is None."""
    return {name: value for name, value in vars(item).items() if value is not None and name != 'other'}


@pytest.mark.parametrize('log', logs, ids=lambda log: str(log.relative_to(testdata)))
def test_records_of_real_logs(log):
    assert [plain(record) for record in kmeta.records(log)] == printed('dump', log)


def test_filters_are_those_of_the_command():
    cases = [
        (dict(type='CONFIG'), ['--type=CONFIG']),
        (dict(type=['TOPIC', 'PARTITION'], topic='orders*'), ['--type=TOPIC,PARTITION', '--topic=orders*']),
        (dict(offset=(100, 200)), ['--offset=100..200']),
        (dict(offset=(None, 50)), ['--offset=..50']),
        (dict(offset=1143, batch=True), ['--offset=1143', '--batch']),
        (dict(time='2026-11-24T14:15:56Z..2026-11-24T14:16:01Z'), ['--time=2026-11-24T14:15:56Z..2026-11-24T14:16:01Z']),
        (dict(epoch=2, limit=5), ['--epoch=2', '--limit=5']),
        (dict(topic='orders', partition=3), ['--topic=orders', '--partition=3']),
        (dict(broker=[11, 12], type='*BROKER*'), ['--broker=11,12', '--type=*BROKER*']),
        (dict(type='*SCRAM*', show_secrets=True), ['--type=*SCRAM*', '--show-secrets']),
    ]
    for wishes, options in cases:
        expected = printed('dump', *options, node)
        assert expected
        assert [plain(record) for record in kmeta.records(node, **wishes)] == expected


def test_image_at_a_point():
    assert kmeta.image(node) == printed('image', node)[0]
    assert kmeta.image(node, 990, 'topics/orders/3', 'brokers') == printed('image', f'{node}@990', 'topics/orders/3', 'brokers')[0]
    assert kmeta.image(node, '2026-11-24T14:15:54Z')['endOffset'] == 990


def test_diff_and_history():
    assert [plain(change) for change in kmeta.diff(f'{node}@100', f'{node}@700', only='config')] == printed('diff', '--only=config', f'{node}@100', f'{node}@700')
    changes = list(kmeta.history(node, 'orders/3', since=100))
    assert [plain(change) for change in changes] == printed('history', '--since=100', node, 'orders/3')
    assert changes[-1].fields['leader'] == [12, -1]
    assert list(kmeta.diff(node, node)) == []


def test_verify():
    report = kmeta.verify(node)
    assert report.clean and not [finding for finding in report.findings if finding.severity != 'note']
    report = kmeta.verify(testdata / 'faults/checkpoint-no-footer')
    assert not report.clean
    assert (report.findings[0].code, report.findings[0].position, report.findings[0].offset) == ('no-footer', 14949, 180)
    with pytest.raises(kmeta.KmetaError) as caught:
        kmeta.verify('nowhere')
    assert caught.value.finding.code == 'cannot-read'
    assert caught.value.finding.file == 'nowhere'


def test_sql():
    if not os.access(f'{os.environ["KMETA_BIN"]}/kmeta-sql', os.X_OK):
        pytest.skip('kmeta-sql is not built')
    assert list(kmeta.sql('SELECT count(*) AS n FROM records', node)) == [{'n': len(printed('dump', node))}]
    with pytest.raises(kmeta.KmetaError, match='no such table: absent'):
        list(kmeta.sql('SELECT * FROM absent', node))


def test_damage_raises_behind_what_was_readable():
    damaged = testdata / 'faults/bitflip-crc'
    records = kmeta.records(damaged)
    seen = []
    with pytest.raises(kmeta.KmetaError) as caught:
        for record in records:
            seen.append(record)
    assert [plain(record) for record in seen] == printed('dump', damaged)
    assert seen
    finding = caught.value.finding
    assert (finding.position, finding.offset, caught.value.status) == (3690, 38, 2)
    assert finding.file.endswith('00000000000000000000.log')
    assert 'CRC-32C' in finding.message
    salvaged = []
    with pytest.raises(kmeta.KmetaError):
        for record in kmeta.records(damaged, salvage=True):
            salvaged.append(record)
    wrong = [record for record in salvaged if record.error]
    assert len(salvaged) > len(seen) and wrong and wrong[0].code


def children():
    return subprocess.run(['ps', '-o', 'args=', '--ppid', str(os.getpid())], capture_output=True, text=True).stdout


def test_the_command_ends_with_the_iterator():
    with kmeta.records(node) as records:
        assert next(records).offset == 0
        assert 'kmeta-dump' in children()
    assert 'kmeta-dump' not in children()
    records = kmeta.records(node)
    next(records)
    del records
    assert 'kmeta-dump' not in children()


def test_names_that_look_like_options(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.symlink(node, '--help')
    assert next(kmeta.records('--help')).offset == 0


def test_commands_that_are_missing(monkeypatch, tmp_path):
    monkeypatch.setenv('KMETA_BIN', str(tmp_path))
    with pytest.raises(kmeta.CommandMissing, match='kmeta-dump is neither in'):
        next(kmeta.records(node))


def test_arrow():
    pyarrow = pytest.importorskip('pyarrow')
    table = kmeta.records(node, type='PARTITION').to_arrow()
    table.validate(full=True)
    expected = printed('dump', '--type=PARTITION', node)
    assert table.num_rows == len(expected)
    assert table.schema.field('offset').type == pyarrow.int64()
    assert [row['replicas'] for row in table.to_pylist()] == [record['data']['replicas'] for record in expected]
    assert [row['topicId'] for row in table.to_pylist()] == [record['data']['topicId'] for record in expected]
    expected = printed('dump', node)
    stream = kmeta.records(node, batch=True)
    assert next(stream).offset == 0
    table = stream.to_arrow()
    table.validate(full=True)
    assert table['offset'].to_pylist() == [record['offset'] for record in expected[1:]]
    assert [json.loads(data) for data in table['data'].to_pylist()] == [record['data'] for record in expected[1:]]


def test_arrow_of_a_state():
    pytest.importorskip('pyarrow')
    partitions = kmeta.state(node, 'partition', 990)
    partitions.validate(full=True)
    topics = kmeta.image(node, 990)['topics']
    assert [(row['topic'], row['partitionId'], row['leader'], row['isr']) for row in partitions.to_pylist()] == [
        (name, fields['partitionId'], fields['leader'], fields['isr']) for name, topic in topics.items() for fields in topic['partitions'].values()]
    assert kmeta.state(node, 'partition', 990, 'topics/orders/*').num_rows == len(topics['orders']['partitions'])
    with pytest.raises(kmeta.KmetaError, match='kind'):
        kmeta.state(node, 'partition,topic')


def test_arrow_of_what_is_damaged():
    pytest.importorskip('pyarrow')
    with pytest.raises(kmeta.KmetaError) as caught:
        kmeta.records(testdata / 'faults/bitflip-crc').to_arrow()
    assert (caught.value.finding.position, caught.value.finding.offset) == (3690, 38)
    with pytest.raises(kmeta.KmetaError):
        kmeta.state('nowhere', 'partition')


def test_arrow_of_rows_that_are_no_records():
    pytest.importorskip('pyarrow')
    assert kmeta.history(node, 'orders/3').to_arrow()['offset'].to_pylist() == [change['offset'] for change in printed('history', node, 'orders/3')]


def test_wildcards_name_cluster_and_node():
    names = spark._names
    assert names('s3a://bucket/east/n1/__cluster_metadata-0', ['s3a://bucket/*/*/__cluster_metadata-0/']) == ('east', 'n1')
    assert names('s3a://bucket/east/__cluster_metadata-0', ['s3a://bucket/*/__cluster_metadata-0']) == ('east', None)
    assert names('file:/data/eu/east/n1/@metadata-0', ['/data/*/*/__cluster_metadata-0', '/data/*/*/*/*metadata-0']) == ('eu/east', 'n1')
    assert names('file:/data/east/n1/__cluster_metadata-0', ['/data/{east,west}/n[12]/__cluster_metadata-0']) == ('east', 'n1')
    assert names('file:/data/east/__cluster_metadata-0', ['/data/east/__cluster_metadata-0']) == ('east', None)
