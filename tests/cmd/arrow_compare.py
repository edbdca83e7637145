# SPDX-License-Identifier: Apache-2.0
"""Compares what kmeta-dump prints as a table of Arrow with what it prints as JSON.

Usage: arrow_compare.py KMETA-DUMP PATH...

For each path: the table of all records, and one of each type that is in it, valid by pyarrow and
with the values that the JSON has. Without pyarrow, ends with status 77.
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

HEADS = ("offset", "timestamp", "epoch", "version", "error", "code", "value")


def run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout


def read_table(stream):
    assert stream[-8:] == b"\xff\xff\xff\xff\0\0\0\0", "the stream has no end"
    table = pyarrow.ipc.open_stream(stream).read_all()
    table.validate(full=True)
    return table


def lower(fields):
    """A field that was renamed in case alone is one column."""
    return {name.lower(): value for name, value in fields.items()}


def same(value, column):
    """A value of JSON and one of a column; a field that JSON leaves out is null."""
    if isinstance(column, dict):
        value = lower(value)
        column = lower(column)
        return (not value.keys() - column.keys()
                and all(same(value.get(name), column[name]) for name in column))
    if isinstance(column, list):
        return (isinstance(value, list) and len(value) == len(column)
                and all(map(same, value, column)))
    if isinstance(column, float) and isinstance(value, str):
        return repr(float(value)) == repr(column)
    return value == column and isinstance(value, bool) == isinstance(column, bool)


def check(dump, path, record_type, options):
    chosen = [f"--type={record_type}"] if record_type else []
    json_status, text = run([dump, "-q", "-o", "json", *options, *chosen, path])
    status, stream = run([dump, "-q", "-o", "arrow", *options, *chosen, path])
    lines = [json.loads(line) for line in text.splitlines()]
    table = read_table(stream)
    assert status == json_status, f"status {status}, with JSON {json_status}"
    assert table.num_rows == len(lines), f"{table.num_rows} rows, {len(lines)} lines"
    for row, line in zip(table.to_pylist(), lines):
        if record_type:
            data = line.get("data") or {}
            for head in HEADS:
                name = head if f"record_{head}" not in row else f"record_{head}"
                assert same(line.get(head), row.pop(name)), (head, line)
            assert same(data, row), (line, row)
        else:
            if row["data"] is not None:
                row["data"] = json.loads(row["data"])
            line.pop("unknownTags", None)
            assert {k: v for k, v in row.items() if v is not None} == {
                k: v for k, v in line.items() if v is not None}, (line, row)
    return {line["type"] for line in lines if line["type"]}, len(lines)


def main():
    dump, *paths = sys.argv[1:]
    rows = 0
    for path in paths:
        for options in ([], ["--salvage"], ["--show-secrets"]):
            try:
                types, count = check(dump, path, None, options)
                rows += count
                for record_type in sorted(types):
                    if options and not record_type.startswith("UNKNOWN"):
                        check(dump, path, record_type, options)
            except AssertionError as error:
                print(f"{path} {' '.join(options)}: {error}")
                sys.exit(1)
    print(f"{rows} rows of {len(paths)} paths are equal")


main()
