#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kmeta.spark on a cluster of Spark with two executors: the real logs of testdata as a fleet.

Usage: check.py [PART-OF-A-NAME]    runs the tests, or those with this in their name

KMETA_BIN names the commands that are compared with, KMETA_SHIPPED those that executors get. Takes pyspark 4, pyarrow, pandas
and a JDK.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

project = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(project / 'python'))
os.environ['PYSPARK_PYTHON'] = sys.executable

try:
    import pandas  # noqa: F401 (mapInArrow asks for it)
    import pyarrow  # noqa: F401
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F
except ImportError as missing:
    print(f'{missing}: make check-spark takes pyspark, pyarrow and pandas (pip install), for PYTHON={sys.executable}')
    sys.exit(2)

import kmeta  # noqa: E402
import kmeta.spark  # noqa: E402

testdata = pathlib.Path(os.environ['TESTDATA'])
real = [str(testdata / 'real/*/*/*metadata-0'), str(testdata / 'real/*/*/*/*metadata-0')]
directories = sorted(path for path in testdata.glob('real/**/*metadata-0') if path.is_dir())
CLUSTERS = 24  # of the test that kills an executor
KINDS = ('voter', 'feature', 'broker', 'controller', 'topic', 'partition', 'config', 'quota', 'producer-ids', 'acl', 'scram', 'token')


def cluster():
    spark = (SparkSession.builder.master('local-cluster[2,1,1024]').appName('kmeta')
             .config('spark.ui.enabled', 'false').config('spark.ui.showConsoleProgress', 'false')
             .config('spark.sql.shuffle.partitions', '4')
             # An executor must not find the commands or the package by chance.
             .config('spark.executorEnv.KMETA_BIN', '/nonexistent').config('spark.executorEnv.PYTHONPATH', '')
             .config('spark.worker.cleanup.enabled', 'true').getOrCreate())
    spark.sparkContext.setLogLevel('ERROR')
    kmeta.spark.ship(spark, os.environ.get('KMETA_SHIPPED'))
    return spark


def kmeta_stat(path):
    import json
    run = subprocess.run([f'{os.environ["KMETA_BIN"]}/kmeta-stat', '-o', 'json', str(path)], capture_output=True, check=True)
    return json.loads(run.stdout)


def place(directory):
    """The cluster and the node that the path of a directory of testdata names."""
    parts = directory.relative_to(testdata / 'real').parts
    return '/'.join(parts[:-2]), parts[-2]


def test_counts_are_those_of_kmeta_stat(spark):
    rows = kmeta.spark.records(spark, real).groupBy('cluster', 'node', 'type').count().collect()
    seen = {}
    for row in rows:
        seen.setdefault((row['cluster'], row['node']), {})[row['type']] = row['count']
    assert set(seen) == {place(directory) for directory in directories}
    for directory in directories:
        stat = kmeta_stat(directory)
        types = {}
        for each in stat['types']:  # a row a version
            types[each['type']] = types.get(each['type'], 0) + each['records']
        assert sum(seen[place(directory)].values()) == stat['records'], directory
        assert seen[place(directory)] == types, directory


def test_files_are_named(spark):
    rows = kmeta.spark.records(spark, real).groupBy('file').count().collect()
    for row in rows:
        assert row['count'] == kmeta_stat(row['file'].removeprefix('file:'))['records']
    assert len(rows) == sum(1 for directory in directories for _ in directory.glob('*.log'))


def same_rows(spark_rows, table):
    """Rows of Spark, and those of pyarrow."""
    def text(row):
        return repr(sorted((name, value) for name, value in row.items()))
    return sorted(map(text, spark_rows)) == sorted(map(text, table.to_pylist()))


def test_typed_records_are_those_of_kmeta_dump(spark):
    rows = kmeta.spark.records(spark, real, type='PARTITION_CHANGE').collect()
    for directory in directories:
        wanted = kmeta.records(directory, type='PARTITION_CHANGE').to_arrow()
        mine = [row.asDict(recursive=True) for row in rows if (row['cluster'], row['node']) == place(directory)]
        for row in mine:
            del row['cluster'], row['node'], row['file']
        assert same_rows(mine, wanted), directory


def test_states_are_those_of_kmeta_image(spark):
    for kind in KINDS:
        rows = kmeta.spark.state(spark, real, kind=kind).collect()
        for directory in directories:
            mine = [row.asDict(recursive=True) for row in rows if (row['cluster'], row['node']) == place(directory)]
            for row in mine:
                assert row['file'] == f'file:{directory}'
                del row['cluster'], row['node'], row['file']
            assert same_rows(mine, kmeta.state(directory, kind)), (kind, directory)


def test_state_at_an_offset(spark):
    path = str(testdata / 'real/kraft-4.3-full/*/__cluster_metadata-0')
    rows = kmeta.spark.state(spark, path, at=1050).where('leader = -1').groupBy('cluster').count().collect()
    # One wildcard: it is the cluster's.
    counts = {row['cluster']: row['count'] for row in rows}
    for directory in directories:
        if directory.parts[-3] == 'kraft-4.3-full':
            leaders = kmeta.state(directory, 'partition', 1050)['leader'].to_pylist()
            assert counts[directory.parts[-2]] == leaders.count(-1)


def test_what_is_damaged_is_a_finding(spark):
    with tempfile.TemporaryDirectory() as folder:
        for name, source in (('sound', testdata / 'real/kraft-4.3-full/node-1/__cluster_metadata-0'),
                             ('flipped', testdata / 'faults/bitflip-crc'),
                             ('no-footer', testdata / 'faults/checkpoint-no-footer')):
            shutil.copytree(source, f'{folder}/{name}/node/__cluster_metadata-0')
        path = f'{folder}/*/*/__cluster_metadata-0'
        counts = {row['cluster']: row['count'] for row in kmeta.spark.records(spark, path).groupBy('cluster').count().collect()}
        dumped = subprocess.run([f'{os.environ["KMETA_BIN"]}/kmeta-dump', '-q', '-o', 'json', str(testdata / 'faults/bitflip-crc')],
                                capture_output=True, check=False).stdout.count(b'\n')
        assert counts['flipped'] == dumped > 0
        assert counts['sound'] == kmeta_stat(testdata / 'real/kraft-4.3-full/node-1')['records']
        found = kmeta.spark.findings(spark, path).where("severity = 'error'").collect()
        places = {(row['cluster'], row['code'], row['position'], row['offset']) for row in found}
        assert ('flipped', 'crc-mismatch', 3690, 38) in places, places
        assert ('no-footer', 'no-footer', 14949, 180) in places, places
        assert not [row for row in found if row['cluster'] == 'sound']
        assert [row['file'] for row in found if row['code'] == 'crc-mismatch'][0].endswith('00000000000000000000.log')
        states = {row['cluster'] for row in kmeta.spark.state(spark, path, kind='topic').select('cluster').distinct().collect()}
        assert 'sound' in states


def executors(spark):
    """The processes of executors: children of the virtual machine of this test's driver, which has the workers in it."""
    driver = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
    listed = subprocess.run(['ps', '-o', 'pid=,args=', '--ppid', str(driver)], capture_output=True, text=True, check=False).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if 'CoarseGrainedExecutorBackend' in line]


def test_a_killed_executor_does_not_change_the_result(spark):
    with tempfile.TemporaryDirectory() as folder:
        source = testdata / 'real/kraft-4.3-full/node-1/__cluster_metadata-0'
        for number in range(CLUSTERS):
            shutil.copytree(source, f'{folder}/cluster-{number}/node-1/__cluster_metadata-0')
        path = f'{folder}/*/*/__cluster_metadata-0'
        wanted = kmeta.state(source, 'partition').num_rows
        records = kmeta_stat(source)['records']

        def slowly(batches):
            for batch in batches:
                time.sleep(0.2)
                yield batch

        table = kmeta.spark.state(spark, path)
        counted = table.mapInArrow(slowly, table.schema).groupBy('cluster').count()
        killed = []

        def kill():
            deadline = time.time() + 60
            before = executors(spark)
            while time.time() < deadline and not killed:
                status = spark.sparkContext.statusTracker()
                for stage in status.getActiveStageIds():
                    about = status.getStageInfo(stage)
                    if about and about.numCompletedTasks >= 5 and before:
                        os.kill(before[0], signal.SIGKILL)
                        killed.append(before[0])
                        break
                time.sleep(0.02)

        killer = threading.Thread(target=kill)
        killer.start()
        rows = {row['cluster']: row['count'] for row in counted.collect()}
        killer.join()
        assert killed, 'no executor was killed'
        assert rows == {f'cluster-{number}': wanted for number in range(CLUSTERS)}
        again = kmeta.spark.records(spark, path).groupBy('cluster').count().collect()
        assert {row['cluster']: row['count'] for row in again} == {f'cluster-{number}': records for number in range(CLUSTERS)}


def test_parquet_by_cluster_and_day(spark):
    with tempfile.TemporaryDirectory() as folder:
        rows = kmeta.spark.records(spark, real, type='PARTITION_CHANGE')
        (rows.withColumn('day', F.to_date(F.timestamp_millis('timestamp'))).repartition('cluster', 'day')
         .write.partitionBy('cluster', 'day').parquet(f'{folder}/changes'))
        read = spark.read.parquet(f'{folder}/changes')
        assert read.count() == rows.count() > 0
        assert {row['cluster'] for row in read.select('cluster').distinct().collect()} == {
            row['cluster'] for row in rows.select('cluster').distinct().collect()}


def test_nothing_there_is_said(spark):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'other').write_text('nothing')
        try:
            kmeta.spark.records(spark, folder)
        except FileNotFoundError as error:
            assert 'name metadata directories' in str(error)
        else:
            raise AssertionError('nothing was said')


def main():
    part = sys.argv[1] if len(sys.argv) > 1 else ''
    spark = cluster()
    passed, failed = 0, 0
    for name, test in list(globals().items()):
        if not name.startswith('test_') or part not in name:
            continue
        began = time.time()
        try:
            test(spark)
            passed += 1
            print(f'ok    {name[5:].replace("_", " ")} ({time.time() - began:.1f} s)', flush=True)
        except Exception:  # every test runs, whatever another one raised
            failed += 1
            print(f'FAIL  {name[5:].replace("_", " ")}', flush=True)
            traceback.print_exc()
    spark.stop()
    print(f'{passed} passed, {failed} failed')
    sys.exit(1 if failed or not passed else 0)


main()
