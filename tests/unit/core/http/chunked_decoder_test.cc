#include "core/http/chunked_decoder.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace weir::http {
namespace {

struct Decoded {
  ParseStatus status = ParseStatus::Incomplete;
  std::string data;
  std::size_t used = 0;
  std::string why;

  bool operator==(const Decoded&) const = default;
};

// Feeds pieces of `first` bytes, then of `others` bytes.
Decoded feed(std::string_view bytes, std::size_t first, std::size_t others) {
  ChunkedDecoder decoder;
  Decoded decoded;
  std::size_t given = 0;
  std::size_t size = first;
  do {
    std::string_view piece = bytes.substr(given, size);
    given += piece.size();
    size = others;
    do {
      const ChunkedDecoder::Step step = decoder.next(piece);
      decoded.status = step.status;
      decoded.data += piece.substr(step.skip, step.data);
      decoded.used += step.skip + step.data;
      piece.remove_prefix(step.skip + step.data);
      if (step.status == ParseStatus::Failed) {
        // How much of the body was seen before depends on the split.
        return {ParseStatus::Failed, "", 0, std::string(decoder.error().why)};
      }
      if (step.status == ParseStatus::Complete) return decoded;
    } while (!piece.empty());
  } while (given < bytes.size());
  return decoded;
}

Decoded decode(std::string_view bytes) {
  const Decoded whole = feed(bytes, bytes.size(), 1);
  EXPECT_EQ(feed(bytes, 1, 1), whole) << bytes;
  for (std::size_t at = 1; at < bytes.size() && at < 2048; ++at) {
    EXPECT_EQ(feed(bytes, at, bytes.size()), whole) << bytes << " split at " << at;
  }
  return whole;
}

void expect_refused(std::string_view bytes, std::string_view why) {
  const Decoded decoded = decode(bytes);
  EXPECT_EQ(decoded.status, ParseStatus::Failed) << bytes;
  EXPECT_EQ(decoded.why, why) << bytes;
}

TEST(ChunkedDecoder, FindsTheDataOfEveryChunk) {
  const Decoded decoded = decode("5\r\nhello\r\n00A\r\n, world\r\n.\r\n0\r\n\r\nnext");
  EXPECT_EQ(decoded.status, ParseStatus::Complete);
  EXPECT_EQ(decoded.data, "hello, world\r\n.");
  EXPECT_EQ(decoded.used, 30u);
}

TEST(ChunkedDecoder, EndsBeforeTheTrailerSection) {
  const Decoded decoded = decode("000\r\nX: y\r\n\r\n");
  EXPECT_EQ(decoded.status, ParseStatus::Complete);
  EXPECT_EQ(decoded.used, 5u);
}

TEST(ChunkedDecoder, StaysCompleteOnceItIs) {
  ChunkedDecoder decoder;
  EXPECT_EQ(decoder.next("0\r\n").status, ParseStatus::Complete);
  const ChunkedDecoder::Step step = decoder.next("5\r\nhello");
  EXPECT_EQ(step.status, ParseStatus::Complete);
  EXPECT_EQ(step.skip, 0u);
}

TEST(ChunkedDecoder, StaysFailedOnceItIs) {
  ChunkedDecoder decoder;
  EXPECT_EQ(decoder.next("x").status, ParseStatus::Failed);
  EXPECT_EQ(decoder.next("5\r\nhello").status, ParseStatus::Failed);
}

TEST(ChunkedDecoder, ReadsAgainAfterReset) {
  ChunkedDecoder decoder;
  EXPECT_EQ(decoder.next("x").status, ParseStatus::Failed);
  decoder.reset();
  EXPECT_EQ(decoder.next("0\r\n").status, ParseStatus::Complete);
}

TEST(ChunkedDecoder, IsIncompleteForEveryPrefix) {
  const std::string_view bytes = "a;b=\"c\\\"d\"\r\n0123456789\r\n0\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(decode(bytes.substr(0, size)).status, ParseStatus::Incomplete) << size;
  }
}

TEST(ChunkedDecoder, AcceptsTheLargestSizeAndItsCase) {
  ChunkedDecoder decoder;
  const std::string_view bytes = "7FfFfFfFfFfFfFfF\r\nabc";
  const ChunkedDecoder::Step step = decoder.next(bytes);
  EXPECT_EQ(step.status, ParseStatus::Incomplete);
  EXPECT_EQ(step.skip, 18u);
  EXPECT_EQ(step.data, 3u);
  EXPECT_EQ(decoder.next("0\r\n").data, 3u);
}

TEST(ChunkedDecoder, RefusesASizeThatASignedNumberDoesNotHold) {
  expect_refused("8000000000000000\r\n", "bad_chunk_size");
  expect_refused("ffffffffffffffff\r\n", "bad_chunk_size");
}

TEST(ChunkedDecoder, RefusesASizeOfMoreThanSixteenDigits) {
  expect_refused("10000000000000000\r\n", "bad_chunk_size");
  expect_refused("00000000000000005\r\nhello\r\n", "bad_chunk_size");
}

TEST(ChunkedDecoder, RefusesASizeThatIsNotPlainHex) {
  for (const char* size :
       {"", "0x5", "+5", "-5", "5 ", " 5", "\t5", "5\t", "g", "5h", "5_0", "\"5\"", "5,",
        "\x0b"
        "5",
        "5\x0c", "five"}) {
    expect_refused(std::string(size) + "\r\nhello\r\n0\r\n\r\n", "bad_chunk_size");
  }
}

TEST(ChunkedDecoder, RefusesABareLineFeed) {
  expect_refused("5\nhello\r\n0\r\n\r\n", "bare_lf");
  expect_refused("5\r\nhello\r\n0\n\r\n", "bare_lf");
  expect_refused("5;a\nhello\r\n0\r\n\r\n", "bare_lf");
  expect_refused("5;a=b\nhello\r\n0\r\n\r\n", "bare_lf");
  expect_refused("5;a=\"b\"\nhello\r\n0\r\n\r\n", "bare_lf");
}

TEST(ChunkedDecoder, RefusesABareCarriageReturn) {
  expect_refused("5\rhello\r\n0\r\n\r\n", "bare_cr");
  expect_refused("5\r\rhello\r\n0\r\n\r\n", "bare_cr");
  expect_refused("0\rX\r\n\r\n", "bare_cr");
}

TEST(ChunkedDecoder, RefusesDataThatDoesNotEndWhereItSays) {
  expect_refused("5\r\nhelloo\r\n0\r\n\r\n", "bad_chunk_end");
  expect_refused("5\r\nhell\r\n0\r\n\r\n", "bad_chunk_end");
  expect_refused("5\r\nhello0\r\n\r\n", "bad_chunk_end");
  expect_refused("5\r\nhello\n0\r\n\r\n", "bad_chunk_end");
  expect_refused("5\r\nhello\r0\r\n\r\n", "bad_chunk_end");
  expect_refused("5\r\nhello\r\r\n0\r\n\r\n", "bad_chunk_end");
}

TEST(ChunkedDecoder, DropsWellFormedExtensions) {
  const Decoded decoded =
      decode("5;a\r\nhello\r\n1;a=b;c;d=\"e;\\\"\\\xff\t=\"\r\n!\r\n0;last=\"\"\r\n\r\n");
  EXPECT_EQ(decoded.status, ParseStatus::Complete);
  EXPECT_EQ(decoded.data, "hello!");
}

TEST(ChunkedDecoder, RefusesMalformedExtensions) {
  for (const char* extension :
       {";", ";;a", "; a", ";a ", ";a =b", ";a= b", ";a=", ";=b", ";a=b=c", ";a=b c", ";a=\"b\"c",
        ";a=b\"c\"", ";(a)", ";a=\"\x01\"", ";a=\"\\\x7f\"", ";a\x0b", ";a=\x80", ";a=\"b\" "}) {
    expect_refused("5" + std::string(extension) + "\r\nhello\r\n0\r\n\r\n", "bad_chunk_extension");
  }
  expect_refused("5;\nhello\r\n0\r\n\r\n", "bad_chunk_extension");
  expect_refused("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n", "bad_chunk_extension");
  expect_refused("5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n", "bad_chunk_extension");
}

TEST(ChunkedDecoder, EnforcesTheExtensionLimitOverAllChunks) {
  const std::string half(ChunkedDecoder::kMaxExtensionBytes / 2, 'a');
  const std::string most = "1;" + half + "\r\nx\r\n1;" + half + "\r\ny\r\n";
  EXPECT_EQ(decode(most + "0\r\n").status, ParseStatus::Complete);
  expect_refused(most + "0;a\r\n", "chunk_extensions_too_large");
}

}  // namespace
}  // namespace weir::http
