"""Tries letters, on a mail server that others made (aiosmtpd).

    python3 smtp.py [command...]

Begins the server, which lets nobody in without a password, and runs the command with its address in LEERLOOPBAAN_TEST_SMTP and
the folder of what it took in LEERLOOPBAAN_TEST_LETTERS: the test of letters, unless another is given. `smtp.py serve PORT FOLDER` is
the server itself, in the environment that it is installed in.
"""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "contract"
TEST = ["cargo", "test", "--locked", "-p", "leerloopbaan-tests", "--", "leermeter::mail::real"]
WHO = ("lob@college.example", "secret")


def python():
    """The path of a Python that has the server, installed beside the build's other products."""
    requirements = HERE / "smtp-requirements.txt"
    folder = WORK / f"venv-{hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]}"
    command = folder / "bin" / "python"
    if not (folder / "bin" / "aiosmtpd").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [command, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
    return command


def serve(port, folder):
    """Serves until it is ended; says so with a file beside the folder."""
    import email
    import email.policy

    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Keeper:
        async def handle_DATA(self, server, session, envelope):
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            kept = {
                "readers": envelope.rcpt_tos,
                "from": letter["From"],
                "to": letter["To"],
                "subject": letter["Subject"],
                "type": letter.get_content_type(),
                "text": letter.get_content().replace("\r\n", "\n"),
            }
            # It is in the folder when it is whole.
            name = f"{uuid.uuid4()}.json"
            part = Path(folder).parent / name
            part.write_text(json.dumps(kept))
            part.rename(Path(folder) / name)
            return "250 taken"

    def let_in(server, session, envelope, mechanism, said):
        # Not handled: the server says itself what is wrong.
        return AuthResult(success=(said.login, said.password) == tuple(word.encode() for word in WHO), handled=False)

    running = Controller(
        Keeper(), hostname="127.0.0.1", port=port, authenticator=let_in, auth_required=True, auth_require_tls=False
    )
    running.start()
    (Path(folder).parent / "begun").touch()
    while True:
        time.sleep(3600)


def main():
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "letters"
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        running = subprocess.Popen([python(), "-W", "ignore", __file__, "serve", str(port), folder])
        try:
            for _ in range(300):
                if (Path(work) / "begun").exists():
                    break
                time.sleep(0.1)
            else:
                print("smtp: the server did not begin")
                return 1
            user = WHO[0].replace("@", "%40")
            address = f"smtp://{user}:{WHO[1]}@127.0.0.1:{port}"
            told = {"LEERLOOPBAAN_TEST_SMTP": address, "LEERLOOPBAAN_TEST_LETTERS": str(folder)}
            return subprocess.run(sys.argv[1:] or TEST, cwd=ROOT, env={**os.environ, **told}).returncode
        finally:
            running.terminate()
            running.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]), sys.argv[3])
    sys.exit(main())
