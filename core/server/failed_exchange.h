#pragma once

#include <cstdint>
#include <string>

#include "core/filter/exchange_record.h"

namespace weir::server {

// An exchange that did not go as it should, as it is remembered: its record without views.
struct FailedExchange {
  // Of each text; the rest is cut off.
  static constexpr std::size_t kMaxText = 512;

  std::int64_t time_us = 0;  // since 1970
  std::string id;
  std::uint64_t snapshot = 0;
  std::string listener;
  std::string chain;
  std::string route;
  std::string cluster;
  std::string endpoint;
  std::string client;
  std::string method;
  std::string host;
  std::string path;
  std::string attempts;  // "10.0.0.2:9000 connect_failed 1 ms, …"
  std::uint16_t status = 0;
  filter::EndedBy ended_by = filter::EndedBy::Weir;
  std::string filter;
  filter::Phase phase = filter::Phase::Body;
  filter::Reason why = filter::Reason::Ok;
  std::uint32_t total_us = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;

  // Keeps the memory of its texts.
  void take(const filter::ExchangeRecord& record);
};

// Whether somebody may ask why it ended as it did.
bool is_failed(const filter::ExchangeRecord& record);

}  // namespace weir::server
