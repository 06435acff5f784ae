#include <cstdlib>
#include <string_view>

#include "filters/accept/proxy_protocol/proxy_header_parser.h"

// Whatever a prefix is told to be, more bytes must not contradict it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace weir::filters;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ProxiedConnection whole;
  const ProxyParse outcome = parse_proxy_header(bytes, whole);
  if (outcome == ProxyParse::Complete && whole.header_size > size) std::abort();
  for (std::size_t part = 0; part < size; ++part) {
    ProxiedConnection early;
    switch (parse_proxy_header(bytes.substr(0, part), early)) {
      case ProxyParse::Incomplete:
        if (outcome == ProxyParse::Complete && part >= whole.header_size) std::abort();
        break;
      case ProxyParse::Complete:
        if (outcome != ProxyParse::Complete || early.header_size != whole.header_size) std::abort();
        break;
      case ProxyParse::Absent:
      case ProxyParse::Failed:
        if (outcome == ProxyParse::Complete || outcome == ProxyParse::Incomplete) std::abort();
        break;
    }
  }
  return 0;
}
