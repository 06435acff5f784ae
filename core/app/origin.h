#pragma once

#include <memory>
#include <string>

#include "core/net/address.h"
#include "core/server/snapshot_source.h"

namespace weir::app {

// A small origin: what it serves is in kOriginPaths. The Snapshot has one listener with `http` and
// a terminal filter that answers.
class OriginSource final : public server::SnapshotSource {
 public:
  OriginSource(std::string name, net::Address address, unsigned workers)
      : name_(std::move(name)), address_(std::move(address)), workers_(workers) {}

  server::LoadedSnapshot load(std::uint64_t number) override;

 private:
  std::string name_;
  net::Address address_;
  unsigned workers_;
};

inline constexpr const char* kOriginPaths =
    "  /            says its name and shows the request\n"
    "  /headers     the request's header fields\n"
    "  /bytes/N     N bytes\n"
    "  /chunked/N   N chunks, without Content-Length\n"
    "  /delay/MS    answers after MS milliseconds\n"
    "  /status/NNN  answers with that status\n"
    "  /echo        sends the request's body back\n"
    "  /ws          WebSocket: sends back what it gets\n";

}  // namespace weir::app
