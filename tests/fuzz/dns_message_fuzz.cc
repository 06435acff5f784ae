#include <climits>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/check.h"
#include "core/net/dns_message.h"

// A reply that is read means the same with more bytes behind it, and what answers its question is
// among its records.

using namespace weir;
using namespace weir::net;

namespace {

bool same(const DnsRecord& a, const DnsRecord& b) {
  return a.name == b.name && a.type == b.type && a.ttl == b.ttl && a.address == b.address &&
         a.target == b.target && a.priority == b.priority && a.weight == b.weight &&
         a.port == b.port;
}

void check_longer(const DnsMessage& message, std::vector<unsigned char> bytes) {
  bytes.insert(bytes.end(), 64, 0xc0);
  const Result<DnsMessage> longer = DnsMessage::parse(bytes);
  WEIR_CHECK(longer);
  WEIR_CHECK(longer->question == message.question);
  WEIR_CHECK(longer->answers.size() == message.answers.size());
  for (std::size_t i = 0; i < message.answers.size(); ++i) {
    WEIR_CHECK(same(longer->answers[i], message.answers[i]));
  }
}

void check_answers(const DnsMessage& message, DnsType type) {
  std::uint32_t ttl = UINT32_MAX;
  for (const DnsRecord* record : message.answers_of(type, ttl)) {
    WEIR_CHECK(record >= message.answers.data());
    WEIR_CHECK(record < message.answers.data() + message.answers.size());
    WEIR_CHECK(record->type == type && record->ttl >= ttl);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<DnsMessage> message = DnsMessage::parse({data, size});
  if (!message) return 0;
  for (const DnsRecord& record : message->answers) {
    const bool addresses = record.type == DnsType::A || record.type == DnsType::Aaaa;
    WEIR_CHECK(record.address.is_ip() == addresses && record.ttl <= INT32_MAX);
  }
  check_longer(*message, {data, data + size});
  for (const DnsType type : {DnsType::A, DnsType::Aaaa, DnsType::Srv, DnsType::Cname}) {
    check_answers(*message, type);
  }
  return 0;
}
