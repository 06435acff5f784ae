#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "core/tls/client_hello_peek.h"
#include "core/tls/server_name.h"

// However the bytes come, the outcome is the same, and what is found can be compared.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace weir;
  using Outcome = tls::ClientHelloPeek::Outcome;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Buffer whole;
  if (!bytes.empty()) whole.append(Slice::of_static(bytes));
  tls::ClientHelloPeek peek;
  const Outcome outcome = peek.look(whole);
  for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{64}}) {
    Buffer parts;
    tls::ClientHelloPeek again;
    Outcome last = Outcome::More;
    for (std::size_t at = 0; at < size; at += step) {
      parts.append(Slice::of_static(bytes.substr(at, step)));
      const Outcome now = again.look(parts);
      if (last != Outcome::More && now != last) std::abort();
      last = now;
    }
    if (last != outcome || again.why() != peek.why()) std::abort();
    if (outcome != Outcome::Hello) continue;
    if (again.hello().server_name != peek.hello().server_name) std::abort();
    if (again.hello().protocols != peek.hello().protocols) std::abort();
  }
  if ((outcome == Outcome::Malformed) != !peek.why().empty()) std::abort();
  if (outcome != Outcome::Hello) return 0;
  const std::string& name = peek.hello().server_name;
  if (!name.empty() && tls::normal_server_name(name) != name) std::abort();
  const auto is_empty = [](const std::string& one) { return one.empty(); };
  const auto& protocols = peek.hello().protocols;
  if (std::any_of(protocols.begin(), protocols.end(), is_empty)) std::abort();
  return 0;
}
