#include "core/net/dns_message.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include <ares.h>
#include <strings.h>

namespace weir::net {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::uint16_t kClassIn = 1;
// CNAMEs in a row; more are a loop or a mistake.
constexpr int kMaxChain = 16;

// Reads a reply from front to back. After the first failure every read fails.
class Reader {
 public:
  explicit Reader(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  std::size_t position() const { return at_; }
  void seek(std::size_t position) { at_ = position; }

  const unsigned char* take(std::size_t count) {
    if (failed_ || bytes_.size() - at_ < count) {
      failed_ = true;
      return nullptr;
    }
    const unsigned char* start = bytes_.data() + at_;
    at_ += count;
    return start;
  }
  std::uint16_t u16() {
    const unsigned char* from = take(2);
    return from == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(from[0] << 8 | from[1]);
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  std::string name() {
    char* text = nullptr;
    long length = 0;
    if (failed_ ||
        ares_expand_name(bytes_.data() + at_, bytes_.data(), static_cast<int>(bytes_.size()), &text,
                         &length) != ARES_SUCCESS) {
      failed_ = true;
      return {};
    }
    std::string result = text;
    ares_free_string(text);
    take(static_cast<std::size_t>(length));
    return result;
  }

 private:
  std::span<const unsigned char> bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

Address address_of(const unsigned char* bytes, std::size_t size) {
  if (size == sizeof(in_addr)) {
    sockaddr_in v4 = {};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, bytes, size);
    return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  std::memcpy(&v6.sin6_addr, bytes, size);
  return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

// The next record; nothing when it is of no interest, or malformed.
std::optional<DnsRecord> read_record(Reader& reader) {
  DnsRecord record;
  record.name = reader.name();
  record.type = static_cast<DnsType>(reader.u16());
  const std::uint16_t record_class = reader.u16();
  record.ttl = reader.u32();
  if (record.ttl > INT32_MAX) record.ttl = 0;
  const std::size_t size = reader.u16();
  const std::size_t start = reader.position();
  const unsigned char* body = reader.take(size);
  if (body == nullptr || record_class != kClassIn) return std::nullopt;

  switch (record.type) {
    case DnsType::A:
    case DnsType::Aaaa:
      if (size != (record.type == DnsType::A ? sizeof(in_addr) : sizeof(in6_addr))) {
        return std::nullopt;
      }
      record.address = address_of(body, size);
      return record;
    case DnsType::Srv:
    case DnsType::Cname:
      reader.seek(start);
      if (record.type == DnsType::Srv) {
        record.priority = reader.u16();
        record.weight = reader.u16();
        record.port = reader.u16();
      }
      record.target = reader.name();
      if (reader.failed() || reader.position() != start + size) {
        reader.take(SIZE_MAX);
        return std::nullopt;
      }
      return record;
  }
  return std::nullopt;
}

bool same_name(const std::string& a, const std::string& b) {
  return strcasecmp(a.c_str(), b.c_str()) == 0;
}

}  // namespace

Result<DnsMessage> DnsMessage::parse(std::span<const unsigned char> bytes) {
  const Error malformed = {ErrorOrigin::Upstream, "the DNS server sent a malformed answer"};
  if (bytes.size() < kHeaderSize) return malformed;
  Reader reader(bytes);
  reader.u16();
  const unsigned code = reader.u16() & 15u;
  if (code != 0) {
    return Error{ErrorOrigin::Upstream,
                 "the DNS server answered with error code " + std::to_string(code)};
  }
  if (reader.u16() != 1) return malformed;
  const unsigned count = reader.u16();
  reader.u32();

  DnsMessage message;
  message.question = reader.name();
  reader.u32();
  for (unsigned i = 0; i < count && !reader.failed(); ++i) {
    if (auto record = read_record(reader)) message.answers.push_back(std::move(*record));
  }
  if (reader.failed()) return malformed;
  return message;
}

std::vector<const DnsRecord*> DnsMessage::answers_of(DnsType type, std::uint32_t& ttl) const {
  const std::string* name = &question;
  for (int i = 0; i < kMaxChain; ++i) {
    const auto alias = std::find_if(answers.begin(), answers.end(), [&](const DnsRecord& record) {
      return record.type == DnsType::Cname && same_name(record.name, *name);
    });
    if (alias == answers.end()) break;
    name = &alias->target;
    ttl = std::min(ttl, alias->ttl);
  }
  std::vector<const DnsRecord*> found;
  for (const DnsRecord& record : answers) {
    if (record.type != type || !same_name(record.name, *name)) continue;
    found.push_back(&record);
    ttl = std::min(ttl, record.ttl);
  }
  return found;
}

}  // namespace weir::net
