"""Holds the licence of every crate that is built in to the list in deny.toml.

    python3 licences.py

`cargo deny check licenses` says the same and more; this needs nothing but Python, and so runs everywhere.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def allowed(expression, allow):
    """Whether an SPDX expression (annex D of its specification) can be satisfied with these licences."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def either():
        holds = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            holds = both() or holds
        return holds

    def both():
        holds = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            holds = one() and holds
        return holds

    def one():
        token = tokens.pop(0)
        if token == "(":
            holds = either()
            tokens.pop(0)
            return holds
        if tokens and tokens[0] == "WITH":
            tokens.pop(0)
            token = f"{token} WITH {tokens.pop(0)}"
        return token in allow

    return either()


def main():
    allow = set(tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]["allow"])
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--all-features"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    refused = [
        f"{package['name']} {package['version']}: {package['license'] or 'no licence is told'}"
        for package in metadata["packages"]
        if not (package["license"] and allowed(package["license"], allow))
    ]
    print(*refused, sep="\n", end="\n" if refused else "")
    print(f"licences: {len(metadata['packages'])} crates, {len(refused)} findings")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
