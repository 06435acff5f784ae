#include "config/build/reference.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "core/filter/reason.h"
#include "filters/builtin.h"

namespace weir::config {
namespace {

TEST(Reference, IsTheCommittedPage) {
  std::ostringstream committed;
  committed << std::ifstream("config/REFERENCE.md", std::ios::binary).rdbuf();
  EXPECT_EQ(committed.str(), reference())
      << "bring it up to date: build/dev/weir config docs >config/REFERENCE.md";
}

TEST(Reference, HasEveryFilterAndEveryReason) {
  const std::string page = reference();
  for (const filter::FilterType& type : filters::builtin_filters()) {
    EXPECT_NE(page.find("### `" + std::string(type.name) + "` ("), std::string::npos) << type.name;
  }
  for (const filter::ReasonText& reason : filter::reasons()) {
    EXPECT_NE(page.find("| `" + std::string(reason.code) + "` | " + std::string(reason.advice)),
              std::string::npos)
        << reason.code;
  }
}

}  // namespace
}  // namespace weir::config
