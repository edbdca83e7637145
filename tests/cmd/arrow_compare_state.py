# SPDX-License-Identifier: Apache-2.0
"""Compares the tables of entities that kmeta-image prints with what it prints as JSON.

Usage: arrow_compare_state.py KMETA-IMAGE PATH...

For each path and each kind of entity: the table is valid by pyarrow, and has the rows and values of
the records and of the document. Ends with status 77 without pyarrow.
"""
import json
import subprocess
import sys

try:
    import pyarrow
    import pyarrow.ipc
except ImportError:
    print("pyarrow is not installed")
    sys.exit(77)

KINDS = ("voter", "feature", "zk-migration", "broker", "controller", "topic", "partition", "config",
         "quota", "producer-ids", "acl", "scram", "token")

# What Kafka calls the numbers of its enumerations (ConfigResource.Type, ScramMechanism, ...).
WORDS = {
    ("config", "resourceType"): {2: "topic", 4: "broker", 8: "broker-logger", 16: "client-metrics", 32: "group"},
    ("scram", "mechanism"): {1: "SCRAM-SHA-256", 2: "SCRAM-SHA-512"},
    ("partition", "leaderRecoveryState"): {0: "recovered", 1: "recovering"},
    ("zk-migration", "zkMigrationState"): {0: "none", 1: "migration", 2: "pre-migration", 3: "post-migration", 4: "zk"},
    ("acl", "resourceType"): {1: "any", 2: "topic", 3: "group", 4: "cluster", 5: "transactional-id",
                              6: "delegation-token", 7: "user"},
    ("acl", "patternType"): {1: "any", 2: "match", 3: "literal", 4: "prefixed"},
    ("acl", "permissionType"): {1: "any", 2: "deny", 3: "allow"},
    ("acl", "operation"): dict(enumerate(
        ["any", "all", "read", "write", "create", "delete", "alter", "describe", "cluster-action", "describe-configs",
         "alter-configs", "idempotent-write", "create-tokens", "describe-tokens", "two-phase-commit"], 1)),
}


def run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout


def read_table(stream):
    assert stream[-8:] == b"\xff\xff\xff\xff\0\0\0\0", "the stream has no end"
    table = pyarrow.ipc.open_stream(stream).read_all()
    table.validate(full=True)
    return table


def in_words(kind, name, value):
    words = WORDS.get((kind, name))
    return value if words is None or value is None else words.get(value, str(value))


def same(value, column):
    """A value of JSON and one of a column; a field that JSON leaves out is null."""
    if isinstance(column, dict):
        value = {name.lower(): each for name, each in value.items()}
        column = {name.lower(): each for name, each in column.items()}
        return (not value.keys() - column.keys()
                and all(same(value.get(name), each) for name, each in column.items()))
    if isinstance(column, list):
        return isinstance(value, list) and len(value) == len(column) and all(map(same, value, column))
    if isinstance(column, float) and isinstance(value, str):
        return repr(float(value)) == repr(column)
    return value == column and isinstance(value, bool) == isinstance(column, bool)


def entities_of_document(kind, document):
    """Kinds that the document holds whole, as rows."""
    if kind == "partition":
        return [fields | {"topic": topic} for topic, each in document.get("topics", {}).items()
                for fields in each["partitions"].values()]
    groups = {"voter": "voters", "broker": "brokers", "controller": "controllers", "acl": "acls"}
    return list(document[groups[kind]].values()) if groups.get(kind) in document else []


def check(image, path, kind, options):
    chosen = ["-q", *options, f"--kind={kind}", path]
    status, stream = run([image, "-o", "arrow", *chosen])
    records_status, records = run([image, "-o", "records", *chosen])
    document_status, document = run([image, "-o", "json", *chosen])
    assert status == records_status == document_status, f"status {status}, with JSON {document_status}"
    rows = read_table(stream).to_pylist()
    lines = [json.loads(line) for line in records.splitlines()]
    if kind != "voter":
        wanted = [line["data"] | {"unknown": line.get("unknown")} for line in lines]
        assert len(rows) == len(wanted), f"{len(rows)} rows of {len(wanted)} {kind}"
        for row, data in zip(rows, wanted):
            topic = {"topic": row["topic"]} if kind == "partition" else {}
            words = {name: in_words(kind, name, value) for name, value in data.items()}
            assert same(words | topic, row), (row, data)
    if kind in ("voter", "partition", "broker", "controller", "acl") and "--newest" not in options:
        wanted = entities_of_document(kind, json.loads(document) if document else {})
        if len({(row["topic"], row["partitionId"]) for row in rows if kind == "partition"}) == len(rows):
            assert len(rows) == len(wanted), f"{len(rows)} rows, {len(wanted)} in the document"
        for row, data in zip(rows, wanted if len(rows) == len(wanted) else []):
            words = {name: in_words(kind, name, value) for name, value in data.items()}
            assert same(words, row), (row, data)
    return len(rows)


def main():
    image, *paths = sys.argv[1:]
    rows = 0
    for path in paths:
        for kind in KINDS:
            for options in ([], ["--partial", "--show-secrets"]):
                try:
                    rows += check(image, path, kind, options)
                except AssertionError as error:
                    print(f"{path} {kind} {' '.join(options)}: {error}")
                    sys.exit(1)
    assert rows, "nothing was compared"
    print(f"{rows} rows of {len(paths)} paths are equal")


main()
