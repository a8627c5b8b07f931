"""Certificates by nobody but themselves."""

import ssl
import subprocess
from pathlib import Path


def self_signed(folder: Path, name: str) -> Path:
    """A certificate for a server of that name, with its key in the same file."""
    named = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *named]
    both, alone = folder / "both", folder / "certificate"
    subprocess.run(["openssl", "req", *made, "-keyout", both, "-out", alone], check=True, capture_output=True)
    both.write_bytes(both.read_bytes() + alone.read_bytes())
    return both


def proving_by(both: Path) -> ssl.SSLContext:
    """For a server that shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
