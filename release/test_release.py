"""Tests of what a release is made with: `python3 release/test_release.py`."""

import os
import pathlib
import stat
import tempfile
import unittest
import zipfile

import bootstraps
import zips

AGREED = {(2, 2), (2, 34)}


class Zips(unittest.TestCase):
    def packed(self, folder, moment, mode):
        bootstrap, target = folder / "bootstrap", folder / f"{moment}.zip"
        bootstrap.write_bytes(b"\x7fELF and so on")
        bootstrap.chmod(mode)
        os.utime(bootstrap, (moment, moment))
        zips.pack(bootstrap, target)
        return target

    def test_the_same_bootstrap_makes_the_same_bytes_whenever_and_whoever_packs_it(self):
        with tempfile.TemporaryDirectory() as folder:
            first = self.packed(pathlib.Path(folder), 1_000_000_000, 0o755)
            second = self.packed(pathlib.Path(folder), 1_700_000_000, 0o600)
            self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_lambda_can_run_what_was_packed(self):
        with tempfile.TemporaryDirectory() as folder, \
                zipfile.ZipFile(self.packed(pathlib.Path(folder), 1, 0o600)) as package:
            (entry,) = package.infolist()
            self.assertEqual(entry.filename, "bootstrap")
            self.assertTrue(entry.external_attr >> 16 & stat.S_IXOTH)
            self.assertEqual(package.read(entry), b"\x7fELF and so on")


class Bootstraps(unittest.TestCase):
    def test_what_amazon_linux_2023_can_start_is_taken(self):
        self.assertEqual(bootstraps.judged("f", AGREED, 10, 10), [])

    def test_a_newer_glibc_is_named(self):
        (complaint,) = bootstraps.judged("f", AGREED | {(2, 38)}, 10, 10)
        self.assertIn("needs glibc 2.38", complaint)

    def test_a_bootstrap_beyond_the_limit_is_named(self):
        (complaint,) = bootstraps.judged("f", AGREED, 11, 10)
        self.assertIn("11 bytes", complaint)

    def test_a_binary_of_which_nothing_is_known_is_not_taken(self):
        self.assertEqual(len(bootstraps.judged("f", set(), 10, 10)), 1)

    def test_versions_are_numbers_and_no_texts(self):
        table = "DF *UND* (GLIBC_2.4) fopen\nDF *UND* (GLIBC_2.34) pthread_create\nDF *UND* (GCC_3.0) unwind"
        self.assertEqual(max(bootstraps.versions(table)), (2, 34))


if __name__ == "__main__":
    unittest.main()
