"""Runs the Athena table, view and queries of athena/ by DuckDB over the running stack's exports, and holds their results
to what is counted from the files themselves.

Usage: query_exports.py READY_JSON ATHENA_FOLDER

First it asks a few questions more, so that there is something to count: several systems, failures, misroutes.
"""

import collections
import json
import math
import pathlib
import re
import shutil
import sys
import tempfile
import time
import urllib.request

import duckdb

# Trino's functions that DuckDB calls otherwise. The percentile is exact here, so that it can be checked.
DIALECT = """
CREATE MACRO from_iso8601_timestamp(moment) AS CAST(moment AS TIMESTAMPTZ);
CREATE MACRO date_format(moment, form) AS strftime(moment, form);
CREATE MACRO approx_percentile(value, share) AS quantile_disc(value, share);
"""
TYPES = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE"}
PYTHON = {"string": str, "int": int, "bigint": int, "double": (int, float)}
UNSURE = 0.5
# Of these the stand-in for the agent makes something else than the question alone leads to expect.
UNEXPECTED = ["What is our win rate on leads?", "average deal size by lead source", "Tell me about Globex"]
WITHIN = 60


def main(ready_json, athena):
    ready_json, athena = pathlib.Path(ready_json).resolve(), pathlib.Path(athena)
    ready = json.loads(ready_json.read_text(encoding="utf-8"))
    history = ready_json.parent / "s3" / ready["bucket"] / "conversation-history"
    seed(ready, history)
    columns = declared((athena / "conversation_history.sql").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        # The stack goes on exporting; both sides count the same moment.
        frozen = pathlib.Path(shutil.copytree(history, pathlib.Path(folder) / "conversation-history"))
        vary(frozen)
        files = sorted(frozen.glob("*/*/*/*/*.json"))
        passed = check_types(files, columns)
        rows = [read(file) for file in files if file.name == "summary.json"]
        found = query(frozen, columns, athena)
    for name, counted in expected(rows).items():
        if not counted:
            sys.exit(f"{name}: nothing to count, which proves nothing")
        if found[name] != counted:
            sys.exit(f"{name}: the query says\n  {found[name]}\nthe files say\n  {counted}")
        print(f"{name}: {len(counted)} rows as counted, such as {counted[0]}")
        passed += 1
    print(f"{passed} passed, 0 failed")


def seed(ready, history):
    fault(ready, "inbox/lead_analysis", {"status": 404, "count": 2})
    ids = []
    for system in ["crm", "Büro 🧾", "مكتب", "e\u0301quipe"]:
        for text in ["What is the deal status for IXIS?", "Which leads should we contact first?", "😀 \u0000\u2028?"]:
            ids.append(ask(ready, system, text))
    ids += [ask(ready, "crm", text) for text in UNEXPECTED]
    deadline = time.monotonic() + WITHIN
    while not all(any(history.glob(f"*/*/*/{id}/summary.json")) for id in ids):
        if time.monotonic() > deadline:
            sys.exit(f"not all of {ids} were exported within {WITHIN} s")
        time.sleep(0.1)


def vary(history):
    """Adds what a healthy stack does not make: an unsure class, one without a webhook, an expired conversation."""
    example = next(history.glob("*/*/*/*/summary.json"))
    variants = [
        {"confidence": 0.31, "classification_method": "evidence"},
        {"confidence": 0.42, "classification_method": "evidence"},
        {"header": "lead_analysis", "expected_header": "lead_analysis", "target": "general"},
        {"status": "expired", "reason": "deliver_before", "end_to_end_ms": None},
    ]
    for number, changed in enumerate(variants):
        row = {**read(example), "tracking_id": f"00000000-0000-7000-8000-{number:012}", **changed}
        file = example.parent.parent / row["tracking_id"] / example.name
        file.parent.mkdir()
        file.write_text(json.dumps(row) + "\n", encoding="utf-8")


def ask(ready, system, text):
    question = {"source_system": system, "source_process": "ci", "timestamp": "2025-08-13T06:30:00Z", "query": text}
    return call(ready, "POST", "/webhook", question)["tracking_id"]


def fault(ready, place, told):
    call(ready, "PUT", f"/_local/{place}", told)


def call(ready, method, path, body):
    headers = {"content-type": "application/json", "x-api-key": ready["api_key"]}
    request = urllib.request.Request(
        ready["gateway_url"] + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def declared(ddl):
    """The columns of the DDL with their types."""
    inside = re.search(r"CREATE EXTERNAL TABLE[^(]*\((.*?)\)\s*PARTITIONED BY \(dt string\)", ddl, re.S).group(1)
    return dict(line.strip().rstrip(",").split() for line in inside.strip().splitlines())


def read(file):
    text = file.read_bytes()
    if text.count(b"\n") != 1 or not text.endswith(b"\n"):
        sys.exit(f"{file} is not one line")
    return json.loads(text)


def check_types(files, columns):
    """Every file of the folder, since Athena reads them all: what a column names is null or of its type."""
    for file in files:
        for name, value in read(file).items():
            wanted = PYTHON.get(columns.get(name))
            wrong = isinstance(value, bool) or not isinstance(value, wanted) if wanted and value is not None else False
            if wrong or (file.name == "summary.json" and name not in columns):
                sys.exit(f"{file}: {name} is {value!r}, the table says {columns.get(name)}")
    return len(files)


def query(history, columns, athena):
    """The rows of each query, run as the repository has it."""
    database = duckdb.connect()
    database.execute(DIALECT)
    types = ", ".join(f"{name}: '{TYPES[kind]}'" for name, kind in columns.items())
    database.execute(f"""
        CREATE VIEW conversation_history AS
        SELECT * EXCLUDE (filename), filename AS "$path",
            regexp_extract(filename, 'conversation-history/(\\d+/\\d+/\\d+)/', 1) AS dt
        FROM read_json('{history}/*/*/*/*/*.json', format = 'newline_delimited', filename = true,
                       columns = {{{types}}})""")
    database.execute((athena / "conversations.sql").read_text(encoding="utf-8"))
    queries = sorted((athena / "queries").glob("*.sql"))
    return {file.stem: database.execute(file.read_text(encoding="utf-8")).fetchall() for file in queries}


def expected(rows):
    """The same results, counted without SQL."""
    return {
        "volume_and_success_by_source": volume(rows),
        "end_to_end_by_class": end_to_end(rows),
        "misroutes_and_low_confidence": misroutes(rows),
    }


def volume(rows):
    by_source = collections.defaultdict(collections.Counter)
    for row in rows:
        by_source[row["source_system"]][row["status"]] += 1
    result = [
        (source, n.total(), n["delivered"], n["failed"], n["expired"], percent(n["delivered"], n.total()))
        for source, n in by_source.items()
    ]
    return sorted(result, key=lambda row: (-row[1], row[0].encode()))


def percent(part, whole):
    """To one decimal, a half upwards, as SQL rounds; Python rounds it to the even neighbour."""
    return math.floor(1000 * part / whole + 0.5) / 10


def end_to_end(rows):
    by_class = collections.defaultdict(list)
    for row in rows:
        if row["status"] == "delivered":
            by_class[row["header"]].append(row["end_to_end_ms"])
    return [
        (header, len(times), percentile(times, 0.5), percentile(times, 0.95), max(times))
        for header, times in sorted(by_class.items())
    ]


def percentile(values, share):
    return sorted(values)[math.ceil(share * len(values)) - 1]


def misroutes(rows):
    groups = collections.defaultdict(list)
    for row in rows:
        signs = [row["header"] != row["expected_header"], row["target"] != row["header"]]
        if row["confidence"] is not None and (any(signs) or row["confidence"] < UNSURE):
            key = (row["expected_header"], row["header"], row["target"], row["classification_method"])
            groups[key].append(row)
    result = []
    for key, group in groups.items():
        lowest, worst = min((row["confidence"], row["tracking_id"]) for row in group)
        unsure = sum(row["confidence"] < UNSURE for row in group)
        unexpected = len(group) if key[1] != key[0] else 0
        fallen_back = len(group) if key[2] != key[1] else 0
        result.append((*key, len(group), unexpected, fallen_back, unsure, lowest, worst))
    return sorted(result, key=lambda row: (-row[4], *row[:4]))


if __name__ == "__main__":
    main(*sys.argv[1:])
