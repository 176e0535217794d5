"""Sends generated requests to a running server and holds every answer against the document.

    BASE_URL=http://127.0.0.1:8080/v1 python3 schemathesis.py [document]

document   default: openapi/openapi.json
CASES      how many cases to aim at, over all personas together; default 1500
PERSONAS   whose tokens to send, from {BASE_URL}/dev/tokens; default coach,student,administrator
PHASES     default: fuzzing, and from 5000 cases on also examples,coverage,stateful
SEED       default 20261123; the same seed generates the same cases
WORKERS    default 1

Ids that a persona may list are tried besides invented ones, so that not every answer is a 404. The exit
code is 1 at any finding. Reports are left in target/contract/schemathesis/.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "contract"
EVERYTHING_FROM = 5000

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]

# A refusal for any reason is a refusal: who may do it, whether it exists and its state may be looked at before the body.
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]


def program():
    """The path of the schemathesis command, installed beside the build's other products."""
    requirements = HERE / "requirements.txt"
    folder = WORK / f"venv-{hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]}"
    command = folder / "bin" / "schemathesis"
    if not command.exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
    return command


def send(url, token=None, body=None):
    """The JSON answer, or None when it is refused."""
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)
    except (urllib.error.HTTPError, json.JSONDecodeError):
        return None


def known_ids(base_url, token, document):
    """Ids per collection that this persona may list: {"students": [...]}, nested lists one level deep."""
    ids = {}

    def read(url, collection):
        answer = send(url, token)
        items = answer.get("items", []) if isinstance(answer, dict) else []
        found = [item["id"] for item in items if isinstance(item, dict) and "id" in item]
        ids.setdefault(collection, []).extend(found)

    def tells_json(item):
        return "application/json" in item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})

    lists = [path for path, item in document["paths"].items() if tells_json(item)]
    for path in lists:
        if "{" not in path:
            read(base_url + path, path.strip("/"))
    for path in lists:
        nested = re.fullmatch(r"/([a-z-]+)/\{\w+\}/([a-z-]+)", path)
        if nested:
            for one in ids.get(nested[1], [])[:3]:
                read(base_url + re.sub(r"\{\w+\}", str(one), path), nested[2])
    return {name: sorted(set(found)) for name, found in ids.items() if found}


def whole_answers(document):
    """The document without `fields`: a part of a thing is not the whole that its schema describes (docs/decisions/0009)."""
    whole = json.loads(json.dumps(document))
    for path in whole["paths"].values():
        for operation in path.values():
            operation["parameters"] = [one for one in operation.get("parameters", []) if one["name"] != "fields"]
    return whole


def configuration(document, ids):
    """Tells schemathesis which ids exist, per path, and what counts as a refusal."""
    lines = ["[checks.negative_data_rejection]", f"expected-statuses = {json.dumps(REFUSALS)}"]
    for name, values in ids.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
    for path in document["paths"]:
        first = re.match(r"/([a-z-]+)/\{(\w+)\}", path)
        if first and first[1] in ids:
            binding = f'{{ dictionary = "{first[1]}", probability = 0.9 }}'
            lines += ["[[operations]]", f"include-path = {json.dumps(path)}"]
            lines += [f'parameters = {{ "path.{first[2]}" = {binding} }}']
    return "\n".join(lines) + "\n"


def run(command, options):
    """Runs one persona to its end and returns the report of schemathesis, or None when it made none."""
    folder = WORK / "schemathesis" / options["persona"]
    # Nothing is kept from the run before, so that the seed alone decides what is sent.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config, report = folder / "schemathesis.toml", folder / "report.json"
    config.write_text(options["config"])
    arguments = [
        command, "--config-file", config, "--no-color", "run", options["document"],
        "--url", options["base_url"],
        "--header", f"Authorization: Bearer {options['token']}",
        "--phases", options["phases"],
        "--checks", ",".join(CHECKS),
        "--max-examples", str(options["examples"]),
        "--seed", options["seed"],
        "--workers", options["workers"],
        "--generation-database", "none",
        "--suppress-health-check", "all",
        "--continue-on-failure",
        "--report", "json", "--report-json-path", report,
    ]  # fmt: skip
    with open(folder / "output.txt", "w", encoding="utf-8") as output:
        words = [str(word) for word in arguments]
        subprocess.run(words, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False)
    if not report.exists():
        print((folder / "output.txt").read_text())
        return None
    return json.loads(report.read_text())


def tell(persona, report, known):
    """Prints the figures of one persona and returns how many findings there are."""
    rates = [phase for operation in report["valid_rates"].values() for phase in operation.values()]
    accepted = sum(rate["accepted"] for rate in rates)
    cases, operations = report["test_cases"], report["operations"]
    findings = cases["unique_failures"] + len(report["errors"])
    print(
        f"{persona}: {cases['generated']} cases on {operations['tested']} of {operations['selected']} operations, "
        f"{accepted} accepted, {known} known ids, {findings} findings, {report['running_time']:.0f} s"
    )
    for name, found in report["warnings"].items():
        if found:
            print(f"  warning {name}: {len(found)}")
    if findings:
        text = (WORK / "schemathesis" / persona / "output.txt").read_text()
        print(text[max(text.find("= ERRORS ="), 0) if report["errors"] else max(text.find("= FAILURES ="), 0) :])
    return findings if report["complete"] else max(findings, 1)


def main():
    base_url = os.environ.get("BASE_URL", "").rstrip("/")
    if not base_url:
        sys.exit("BASE_URL is needed, such as http://127.0.0.1:8080/v1")
    file = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "openapi" / "openapi.json").resolve()
    document = json.loads(file.read_text())
    personas = os.environ.get("PERSONAS", "coach,student,administrator").split(",")
    cases = int(os.environ.get("CASES", "1500"))
    phases = "examples,coverage,fuzzing,stateful" if cases >= EVERYTHING_FROM else "fuzzing"
    methods = {"get", "put", "post", "delete", "patch"}
    operations = sum(len(methods & item.keys()) for item in document["paths"].values())
    WORK.mkdir(parents=True, exist_ok=True)
    held = WORK / "document.json"
    held.write_text(json.dumps(whole_answers(document)))
    command, began, findings, total = program(), time.monotonic(), 0, 0
    for persona in personas:
        answer = send(f"{base_url}/dev/tokens", body={"persona": persona})
        if not answer:
            sys.exit(f"no token for the persona {persona}")
        ids = known_ids(base_url, answer["accessToken"], document)
        options = {
            "persona": persona,
            "token": answer["accessToken"],
            "base_url": base_url,
            "document": held,
            "config": configuration(document, ids),
            "phases": os.environ.get("PHASES", phases),
            "examples": max(1, cases // len(personas) // operations),
            "seed": os.environ.get("SEED", "20261123"),
            "workers": os.environ.get("WORKERS", "1"),
        }
        report = run(command, options)
        if report is None:
            sys.exit(f"schemathesis gave no report for {persona}")
        findings += tell(persona, report, sum(len(values) for values in ids.values()))
        total += report["test_cases"]["generated"]
    print(f"{total} cases, {findings} findings, {time.monotonic() - began:.0f} s, seed {options['seed']}")
    sys.exit(1 if findings else 0)


main()
