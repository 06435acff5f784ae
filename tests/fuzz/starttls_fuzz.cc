#include <cstdlib>
#include <string>
#include <string_view>

#include "filters/accept/starttls/postgres_start.h"
#include "filters/accept/starttls/starttls.h"
#include "tests/support/unit/chain_rig.h"

namespace {

using weir::filters::PostgresStart;

// Whatever a prefix is told to be, more bytes must not contradict it.
void parse(std::string_view bytes) {
  const PostgresStart whole = weir::filters::parse_postgres_start(bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const PostgresStart early = weir::filters::parse_postgres_start(bytes.substr(0, size));
    if (early != PostgresStart::Incomplete && early != whole) std::abort();
  }
}

// Of what comes in pieces, one answer stands for each request, and all else reaches the chain.
void answer(std::string_view bytes, std::size_t piece) {
  weir::test::ChainRig rig;
  rig.accept.push_back({"starttls", weir::filters::make_postgres_starttls()});
  rig.offer("rest", {});
  rig.open();
  for (std::size_t at = 0; at < bytes.size(); at += piece) rig.said(bytes.substr(at, piece));
  std::string_view said = rig.pipe.received;
  for (const char answer : {'N', 'S'}) {
    if (!said.starts_with(answer)) continue;
    said.remove_prefix(1);
    bytes.remove_prefix(weir::filters::kPostgresRequest);
  }
  if (!said.empty() && said != "rest:" + std::string(bytes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  parse(bytes);
  for (const std::size_t piece : {1, 8, 64}) answer(bytes, piece);
  return 0;
}
