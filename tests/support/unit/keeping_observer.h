#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/filter/chain_host.h"

namespace weir::test {

// What a record said, kept.
struct KeptRecord {
  std::uint16_t status;
  filter::Reason why;
  filter::EndedBy ended_by;
  filter::Phase phase;
  std::string id;
  std::string method;
  std::string scheme;
  std::string path;
  std::string filter;
  std::string client;
  std::string user_agent;
  std::uint64_t bytes_in;
  std::uint64_t bytes_out;
};

class KeepingObserver final : public filter::ExchangeObserver {
 public:
  std::vector<KeptRecord> records;

  void on_exchange(const filter::ExchangeRecord& record) override {
    records.push_back({record.status, record.why, record.ended_by, record.phase,
                       std::string(record.id), std::string(record.method),
                       std::string(record.scheme), std::string(record.path),
                       std::string(record.filter), std::string(record.client),
                       std::string(record.user_agent), record.bytes_in, record.bytes_out});
  }
};

}  // namespace weir::test
