"""Tries files in a bucket, on a server that speaks S3 and that others made (moto).

    python3 s3.py [command...]

Begins the server, makes a bucket, and runs the command with its address in LEERLOOPBAAN_TEST_S3: the test of files in a
bucket, unless another is given.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "contract"
TEST = ["cargo", "test", "--locked", "-p", "leerloopbaan-tests", "--", "evidence::s3"]


def server():
    """The path of the server, installed beside the build's other products."""
    requirements = HERE / "s3-requirements.txt"
    folder = WORK / f"venv-{hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]}"
    command = folder / "bin" / "moto_server"
    if not command.exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
    return command


def main():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    running = subprocess.Popen([server(), "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(urllib.request.Request(f"{address}/college", method="PUT"), timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            print("s3: the server did not begin")
            return 1
        return subprocess.run(sys.argv[1:] or TEST, cwd=ROOT, env={**os.environ, "LEERLOOPBAAN_TEST_S3": address}).returncode
    finally:
        running.terminate()
        running.wait()


if __name__ == "__main__":
    sys.exit(main())
