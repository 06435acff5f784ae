#!/usr/bin/env python3
"""Tests of check.py on small trees."""

import tempfile
import unittest
from pathlib import Path

import check

README = """<!-- dependency-table -->
| folder | may include |
|---|---|
| core/base | nothing |
| core/event | core/base |
| core/server | core except core/app |
| core/app | everything |
| filters | core except core/app core/server, config/node.h |
| config | core/base |
| tests | everything |

| library | header prefix | only in |
|---|---|---|
| libuv | uv.h | core/event |
<!-- /dependency-table -->
"""


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("core/README.md", README)
        for header in ("core/base/a.h", "core/event/a.h", "core/server/a.h", "core/app/a.h"):
            self.write_header(header)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def write_header(self, path, text=""):
        self.write(path, "#pragma once\n" + text)

    def breaches(self, check_function=check.check_includes):
        return list(check_function(self.root))

    def test_accepts_what_the_table_allows(self):
        self.write_header("core/event/loop.h", '#include <uv.h>\n#include <sys/types.h>\n')
        self.write("core/event/loop.cc", '#include "core/event/loop.h"\n#include "core/base/a.h"\n')
        self.write("core/server/worker.cc", '#include "core/event/loop.h"\n')
        self.write("core/app/main.cc", '#include "core/server/a.h"\n')
        self.write("tests/unit/core/event/loop_test.cc", "#include <uv.h>\n")
        self.assertEqual(self.breaches(), [])

    def test_refuses_a_header_that_may_be_read_twice(self):
        self.write("core/base/b.h", "\n#pragma once\n")
        self.assertEqual(
            self.breaches(), ["core/base/b.h:1: a header begins with #pragma once"]
        )

    def test_refuses_a_source_that_includes_its_header_behind_others(self):
        self.write("core/base/a.cc", '#include <vector>\n#include "core/base/a.h"\n')
        self.write("core/event/a.cc", '// nothing\n')
        self.assertEqual(
            self.breaches(),
            ["core/base/a.cc:1: a.h is included first", "core/event/a.cc:1: a.h is included first"],
        )

    def test_refuses_an_upward_include(self):
        self.write("core/base/b.cc", '\n#include "core/event/a.h"\n')
        self.assertEqual(
            self.breaches(), ['core/base/b.cc:2: core/base may not include "core/event/a.h"']
        )

    def test_refuses_what_is_excepted(self):
        self.write("filters/http/x.cc", '#include "core/server/a.h"\n#include "core/app/a.h"\n')
        self.write("core/server/b.cc", '#include "core/app/a.h"\n')
        self.assertEqual(len(self.breaches()), 3)

    def test_allows_only_the_named_headers_of_a_folder(self):
        self.write_header("config/node.h")
        self.write_header("config/reader.h")
        self.write("filters/x.cc", '#include "config/node.h"\n#include "config/reader.h"\n')
        self.assertEqual(
            self.breaches(), ['filters/x.cc:2: filters may not include "config/reader.h"']
        )

    def test_refuses_a_library_outside_its_folder(self):
        self.write_header("core/base/b.h", "#include <uv.h>\n")
        self.write("tests/unit/core/base/b_test.cc", "#include <uv.h>\n")
        self.assertEqual(len(self.breaches()), 2)

    def test_refuses_a_library_without_a_row(self):
        self.write_header("core/base/b.h", "#include <boost/any.hpp>\n")
        self.assertEqual(len(self.breaches()), 1)

    def test_refuses_a_folder_without_a_row_and_a_relative_include(self):
        self.write_header("other/b.h", "#include <vector>\n")
        self.write_header("core/base/b.h", '#include "a.h"\n')
        self.assertEqual(len(self.breaches()), 2)

    def test_refuses_a_target_that_the_table_does_not_allow(self):
        self.write("core/event/CMakeLists.txt", "weir_library(weir_event DEPS weir_base)\n")
        self.write("core/base/CMakeLists.txt", "weir_library(weir_base\n  DEPS weir_event)\n")
        self.assertEqual(
            self.breaches(), ["core/base/CMakeLists.txt:2: core/base may not link weir_event"]
        )

    def test_refuses_a_long_file(self):
        self.write("core/base/b.h", "\n" * check.MAX_LINES)
        self.assertEqual(self.breaches(check.check_sizes), [])
        self.write("core/base/b.h", "\n" * (check.MAX_LINES + 1))
        self.assertEqual(len(self.breaches(check.check_sizes)), 1)

    def test_refuses_leftovers(self):
        self.write("a.cc", "// TO" + "DO: later\n" + "open(/ho" + "me/someone/x)\n")
        self.assertEqual(len(self.breaches(check.check_leftovers)), 2)


if __name__ == "__main__":
    unittest.main()
