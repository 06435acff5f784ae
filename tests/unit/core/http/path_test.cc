#include "core/http/path.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

// The normal path, or why it is refused.
std::string normal(std::string_view path, PathOptions options = {}) {
  Arena arena;
  const NormalPath result = normalize_path(path, options, arena);
  return std::string(result.error != nullptr ? result.error->why : result.path);
}

TEST(NormalizePath, GivesBackTheInputWhenNothingChanges) {
  Arena arena;
  for (std::string_view path :
       {"/", "/a/b.c/d", "/.well-known/x", "/a/..b", "/%20%C3%A4", "*", "/a;b=c/@:!$&'()*+,=[]"}) {
    const NormalPath result = normalize_path(path, {}, arena);
    ASSERT_EQ(result.error, nullptr) << path;
    EXPECT_EQ(result.path.data(), path.data()) << path;
    EXPECT_EQ(result.path, path);
  }
}

TEST(NormalizePath, DecodesOnlyUnreservedCharacters) {
  EXPECT_EQ(normal("/%61%5A%30%2d%2E%5f%7ex"), "/aZ0-._~x");
  EXPECT_EQ(normal("/%3a%3B%20%25%3f%23"), "/%3A%3B%20%25%3F%23");
}

TEST(NormalizePath, DecodesOnce) {
  EXPECT_EQ(normal("/%252e%252e/a"), "/%252e%252e/a");
  EXPECT_EQ(normal("/%25%32%65"), "/%252e");
}

TEST(NormalizePath, ResolvesDotSegments) {
  EXPECT_EQ(normal("/a/./b"), "/a/b");
  EXPECT_EQ(normal("/a/../b"), "/b");
  EXPECT_EQ(normal("/a/b/.."), "/a/");
  EXPECT_EQ(normal("/a/b/."), "/a/b/");
  EXPECT_EQ(normal("/a/b/../../c"), "/c");
  EXPECT_EQ(normal("/a/.."), "/");
  EXPECT_EQ(normal("/."), "/");
  EXPECT_EQ(normal("/./././a"), "/a");
  EXPECT_EQ(normal("/a/...//b"), "/a/.../b");
}

TEST(NormalizePath, ResolvesEscapedDotSegments) {
  EXPECT_EQ(normal("/a/%2e%2E/b"), "/b");
  EXPECT_EQ(normal("/a/.%2e/b"), "/b");
  EXPECT_EQ(normal("/a/%2e/b"), "/a/b");
}

TEST(NormalizePath, RefusesToClimbAboveTheRoot) {
  for (const char* path : {"/..", "/../a", "/a/../../b", "/%2e%2e/a", "/./..", "//../a"}) {
    EXPECT_EQ(normal(path), "path_above_root") << path;
  }
}

TEST(NormalizePath, RefusesADotSegmentWithAParameter) {
  for (const char* path : {"/a/..;/b", "/a/..;x=y/b", "/.;/b", "/a/%2e%2e;", "/a/..;"}) {
    EXPECT_EQ(normal(path), "dot_segment_parameter") << path;
  }
  EXPECT_EQ(normal("/a/b;c/.d;e"), "/a/b;c/.d;e");
}

TEST(NormalizePath, MergesSlashes) {
  EXPECT_EQ(normal("//a///b//"), "/a/b/");
  EXPECT_EQ(normal("/a//../b"), "/b");
}

TEST(NormalizePath, KeepsSlashesOnDemand) {
  const PathOptions options{.merge_slashes = false};
  EXPECT_EQ(normal("//a///b//", options), "//a///b//");
  EXPECT_EQ(normal("/a//../b", options), "/a/b");
  EXPECT_EQ(normal("//..", options), "/");
  EXPECT_EQ(normal("/a/.//b", options), "/a//b");
  EXPECT_EQ(normal("//../..", options), "path_above_root");
}

TEST(NormalizePath, RefusesEscapedSlashes) {
  for (const char* path : {"/a%2fb", "/a%2Fb", "/a%5cb", "/a%5Cb", "/..%2fa", "/a\\b"}) {
    EXPECT_EQ(normal(path), "escaped_slash") << path;
  }
}

TEST(NormalizePath, KeepsEscapedSlashesOnDemand) {
  const PathOptions options{.escaped_slash = EscapedSlash::Keep};
  EXPECT_EQ(normal("/a%2fb%5c..", options), "/a%2Fb%5C..");
  EXPECT_EQ(normal("/a\\b", options), "escaped_slash");
}

TEST(NormalizePath, RefusesBadEscapes) {
  for (const char* path : {"/%", "/%2", "/%zz", "/%2g", "/%g2", "/a%", "/%%32", "/% 2"}) {
    EXPECT_EQ(normal(path), "bad_escape") << path;
  }
}

TEST(NormalizePath, RefusesNulHoweverItIsWritten) {
  EXPECT_EQ(normal("/a%00"), "escaped_nul");
  EXPECT_EQ(normal(std::string_view("/a\0", 3)), "bad_path");
}

TEST(NormalizePath, RefusesWhatIsNoPath) {
  for (const char* path : {"", "a", "a/b", "%2f", "**", "/a b", "/a?b", "/a#b", "/\x01", "/\x7f",
                           "/\xc3\xa4", "/<", "/{a}", "/a|b", "/^", "/`", "/\""}) {
    EXPECT_EQ(normal(path), "bad_path") << path;
  }
}

TEST(NormalizePath, IsTheSameWhenAppliedTwice) {
  constexpr std::string_view kParts[] = {"/",   "/",   ".", "..",  "a", "%2e", "%2F", "%25",
                                         "%41", "%c3", ";", "%5c", "2", "e",   "%3b"};
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string path = "/";
    for (auto i = random() % 12; i > 0; --i) path += kParts[random() % std::size(kParts)];
    const PathOptions options{.merge_slashes = random() % 2 == 0,
                              .escaped_slash = EscapedSlash::Keep};
    Arena arena;
    const NormalPath once = normalize_path(path, options, arena);
    if (once.error != nullptr) continue;
    const NormalPath twice = normalize_path(once.path, options, arena);
    ASSERT_EQ(twice.error, nullptr) << path << " gave " << once.path;
    ASSERT_EQ(twice.path, once.path) << path;
  }
}

}  // namespace
}  // namespace weir::http
