"""Zip files whose bytes depend on nothing but what is in them.

Order, times, permissions and the system's mark are fixed. Nothing is compressed: another zlib would give other bytes,
and Lambda unpacks a package once, when it is deployed.
"""

import zipfile

# The first moment that the format knows.
MOMENT = (1980, 1, 1, 0, 0, 0)
EXECUTABLE = 0o100755
UNIX = 3


def pack(bootstrap, target):
    """Makes `target`, the deployment package of one `bootstrap`."""
    entry = zipfile.ZipInfo("bootstrap", MOMENT)
    entry.create_system = UNIX
    entry.external_attr = EXECUTABLE << 16
    entry.compress_type = zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(entry, bootstrap.read_bytes())
