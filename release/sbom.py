"""A software bill of materials for each binary: CycloneDX JSON, by cargo-cyclonedx, held to CycloneDX's own schema.

It names every crate that the binary was built from with version, licence and checksum, build scripts' and macros' too.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

GENERATOR = "0.5.9"
SPECIFICATION = "1.5"
VALIDATOR = "cyclonedx-python-lib[json-validation]==11.12.0"
MANIFESTS = {
    "gateway": "functions/gateway",
    "gateway-worker": "functions/gateway",
    "manager-agent": "functions/manager-agent",
    "delivery": "functions/delivery",
}


def written(root, out, moment):
    """Writes the descriptions of what `root` has committed into `out`, dated `moment`; the files."""
    tools = root / ".venv" / "release"
    install(tools)
    files = []
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        check_out(root, copy)
        describe(tools, copy, moment)
        for binary, manifest in MANIFESTS.items():
            told = (copy / manifest / f"{binary}_bin.cdx.json").read_text()
            target = out / f"{binary}.cdx.json"
            # Where this copy lay is nobody's business, and differs every time.
            target.write_text(told.replace(f"file://{copy}", "file://"))
            files.append(target)
    judge = [tools / "python" / "bin" / "python", __file__, *files]
    subprocess.run(judge, check=True)
    return files


def install(tools):
    """The generator, from source (two minutes of a core), and the validator; once."""
    if not (tools / "bin" / "cargo-cyclonedx").exists():
        install_generator = ["cargo", "install", "--locked", "--debug", "--root", tools, f"cargo-cyclonedx@{GENERATOR}"]
        subprocess.run(install_generator, check=True, env=os.environ | {"CARGO_TARGET_DIR": str(tools / "target")})
    if not (tools / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", tools / "python"], check=True)
    subprocess.run([tools / "python" / "bin" / "pip", "install", "--quiet", VALIDATOR], check=True)


def check_out(root, copy):
    """The generator writes beside every manifest: into a copy, which has only what is committed."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", copy], input=archive, check=True)


def describe(tools, copy, moment):
    lock = (copy / "Cargo.lock").read_bytes()
    # cargo calls its subcommands with their name as first argument.
    call = [tools / "bin" / "cargo-cyclonedx", "cyclonedx", "--format", "json", "--spec-version", SPECIFICATION,
            "--describe", "binaries"]
    if target := os.environ.get("TARGET"):
        call += ["--target", target]
    subprocess.run(call, cwd=copy, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": str(moment)})
    # The generator has no --locked.
    if (copy / "Cargo.lock").read_bytes() != lock:
        raise SystemExit("Cargo.lock does not fit the manifests: run `cargo metadata`, and commit it")


def valid(files):
    """Whether CycloneDX's schema takes each file; runs in the validator's environment."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    validator = JsonStrictValidator(SchemaVersion.from_version(SPECIFICATION))
    complaints = [f"{file}: {error}" for file in files if (error := validator.validate_str(pathlib.Path(file).read_text()))]
    print("\n".join(complaints) or f"{len(files)} descriptions are valid CycloneDX {SPECIFICATION}")
    return not complaints


if __name__ == "__main__":
    sys.exit(0 if valid(sys.argv[1:]) else 1)
