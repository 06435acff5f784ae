#include "core/tls/client_hello_peek.h"

#include <string>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "core/tls/server_name.h"
#include "tests/unit/core/tls/client_hello_bytes.h"

namespace weir::tls {
namespace {

using Outcome = ClientHelloPeek::Outcome;
using Protocols = std::vector<std::string>;

// A buffer of slices of `size` bytes each; `bytes` must live as long.
Buffer sliced(std::string_view bytes, std::size_t size = SIZE_MAX) {
  Buffer buffer;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, size);
    buffer.append(Slice::of_static(piece));
    bytes.remove_prefix(piece.size());
  }
  return buffer;
}

Outcome look(std::string_view bytes) {
  return ClientHelloPeek().look(sliced(bytes));
}

std::string why(std::string_view bytes) {
  ClientHelloPeek peek;
  EXPECT_EQ(peek.look(sliced(bytes)), Outcome::Malformed);
  return std::string(peek.why());
}

std::string why_of(std::string_view extensions) {
  return why(in_records(hello_message(extensions)));
}

void expect_hello(ClientHelloPeek& peek, const Buffer& input, std::string_view name,
                  const Protocols& protocols) {
  ASSERT_EQ(peek.look(input), Outcome::Hello) << peek.why();
  EXPECT_EQ(peek.hello().server_name, name);
  EXPECT_EQ(peek.hello().protocols, protocols);
}

// What BoringSSL's client sends first.
std::string real_hello(const char* name, std::string_view protocols) {
  bssl::UniquePtr<SSL_CTX> context(SSL_CTX_new(TLS_method()));
  SSL_CTX_set_grease_enabled(context.get(), 1);
  SSL_CTX_set_permute_extensions(context.get(), 1);
  bssl::UniquePtr<SSL> ssl(SSL_new(context.get()));
  BIO* const output = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), output);
  SSL_set_tlsext_host_name(ssl.get(), name);
  SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const std::uint8_t*>(protocols.data()),
                      static_cast<unsigned>(protocols.size()));
  SSL_set_connect_state(ssl.get());
  SSL_do_handshake(ssl.get());
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  BIO_mem_contents(output, &bytes, &size);
  return {reinterpret_cast<const char*>(bytes), size};
}

TEST(ClientHelloPeek, ReadsWhatARealClientSendsHoweverItIsCut) {
  const std::string bytes = real_hello("Shop.Example", "\x02h2\x08http/1.1");
  ASSERT_GT(bytes.size(), 100u);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    ClientHelloPeek peek;
    ASSERT_EQ(peek.look(sliced(std::string_view(bytes).substr(0, cut))), Outcome::More) << cut;
    expect_hello(peek, sliced(bytes, cut == 0 ? SIZE_MAX : cut), "shop.example",
                 {"h2", "http/1.1"});
  }
}

TEST(ClientHelloPeek, ReadsBytesThatComeOneByOneInRecordsOfAnySize) {
  const std::string message = hello_message(sni("shop.example") + alpn({"h2"}));
  for (std::size_t size = 1; size <= message.size(); ++size) {
    const std::string bytes = in_records(message, size);
    ClientHelloPeek peek;
    Buffer input;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
      input.append(Slice::of_static(std::string_view(bytes).substr(i, 1)));
      ASSERT_EQ(peek.look(input), Outcome::More) << size << ' ' << i;
    }
    input.append(Slice::of_static(std::string_view(bytes).substr(bytes.size() - 1)));
    expect_hello(peek, input, "shop.example", {"h2"});
    EXPECT_EQ(input.size(), bytes.size());
  }
}

TEST(ClientHelloPeek, LooksAtWhatIsNewAloneUntilAllIsThere) {
  const std::string all = hello_bytes("shop.example", {"h2"});
  std::string bytes = all;
  ClientHelloPeek peek;
  for (std::size_t size = 1; size < all.size(); ++size) {
    ASSERT_EQ(peek.look(sliced(std::string_view(bytes).substr(0, size), 7)), Outcome::More);
    std::fill_n(bytes.begin(), size, '\xff');
  }
  expect_hello(peek, sliced(all, 7), "shop.example", {"h2"});
}

TEST(ClientHelloPeek, LeavesWhatComesBehindAlone) {
  const std::string bytes = hello_bytes("shop.example") + "\x16\x03\x03more";
  ClientHelloPeek peek;
  const Buffer input = sliced(bytes, 10);
  expect_hello(peek, input, "shop.example", {});
  EXPECT_EQ(input.to_string(), bytes);
}

TEST(ClientHelloPeek, TakesHellosWithoutNameOrExtensions) {
  ClientHelloPeek peek;
  const std::string with_others = in_records(hello_message(extension(10, "xx")));
  expect_hello(peek, sliced(with_others), "", {});
  std::string body = "\x03\x01" + std::string(32, 'r') + prefixed(1, "") +
                     prefixed(2, std::string("\x00\x2f", 2)) + prefixed(1, std::string(1, '\0'));
  const std::string old = in_records('\x01' + prefixed(3, body));
  ClientHelloPeek none;
  expect_hello(none, sliced(old), "", {});
}

TEST(ClientHelloPeek, KnowsOtherProtocolsByTheirFirstBytes) {
  EXPECT_EQ(look("G"), Outcome::NotTls);
  EXPECT_EQ(look(std::string_view("\0\0\0\x08", 4)), Outcome::NotTls);
  EXPECT_EQ(look("\x16"), Outcome::More);
  EXPECT_EQ(look("\x16\x02"), Outcome::NotTls);
  EXPECT_EQ(look(std::string_view("\x80\x2e\x01\x03\x01", 5)), Outcome::NotTls);
  EXPECT_EQ(look("\x15\x03\x01"), Outcome::NotTls);
}

TEST(ClientHelloPeek, RefusesEmptyRecords) {
  EXPECT_EQ(why(std::string_view("\x16\x03\x01\0\0", 5)), "a record of it is empty");
  const std::string message = hello_message(sni("shop.example"));
  const std::string_view view = message;
  EXPECT_EQ(why(in_records(view.substr(0, 9)) + std::string("\x16\x03\x01\0\0", 5) +
                in_records(view.substr(9))),
            "a record of it is empty");
}

TEST(ClientHelloPeek, RefusesRecordsThatAreTooLongOrOfAnotherKind) {
  EXPECT_EQ(why("\x16\x03\x01\x40\x01"), "a record of it is too long");
  const std::string message = hello_message(sni("shop.example"));
  const std::string begin = in_records(std::string_view(message).substr(0, 9));
  const std::string_view kOther = "it goes on in a record that is none of a handshake";
  EXPECT_EQ(why(begin + "\x17"), kOther);
  EXPECT_EQ(why(begin + "\x16\x02"), kOther);
}

TEST(ClientHelloPeek, RefusesMessagesThatAreNotTheFirstOfAClient) {
  EXPECT_EQ(why(std::string_view("\x16\x03\x01\0\x04\x02", 6)), "another message comes first");
}

TEST(ClientHelloPeek, TakesSixteenKiBAndNoMore) {
  const std::size_t others = hello_message(sni("shop.example") + extension(21, "")).size() - 4;
  const auto padded = [&](std::size_t size) {
    const std::string padding(size - others, '\0');
    return hello_message(sni("shop.example") + extension(21, padding));
  };
  const std::string largest = in_records(padded(ClientHelloPeek::kMaxMessage));
  ClientHelloPeek peek;
  expect_hello(peek, sliced(largest, 4096), "shop.example", {});
  EXPECT_EQ(why(in_records(padded(ClientHelloPeek::kMaxMessage + 1)).substr(0, 9)),
            "it is too long");
}

TEST(ClientHelloPeek, RefusesMoreRecordsThanAMessageNeeds) {
  const std::string message = hello_message(extension(21, std::string(8'000, '\0')));
  const std::string bytes = in_records(message, 3);
  ASSERT_GT(bytes.size(), ClientHelloPeek::kMaxBytes);
  EXPECT_EQ(look(std::string_view(bytes).substr(0, ClientHelloPeek::kMaxBytes - 1)), Outcome::More);
  EXPECT_EQ(why(bytes.substr(0, ClientHelloPeek::kMaxBytes)), "it is spread over too many records");
  EXPECT_EQ(why(bytes), "it is spread over too many records");
}

TEST(ClientHelloPeek, RefusesListsOfNamesThatAreNotOneHost) {
  const std::string_view kWrong = "its SNI is not one host name";
  const std::string name = prefixed(2, "a.example");
  EXPECT_EQ(why_of(extension(0, "")), kWrong);
  EXPECT_EQ(why_of(extension(0, prefixed(2, ""))), kWrong);
  EXPECT_EQ(why_of(extension(0, prefixed(2, '\x01' + name))), kWrong);
  EXPECT_EQ(why_of(extension(0, prefixed(2, '\0' + name + '\0' + name))), kWrong);
  EXPECT_EQ(why_of(extension(0, prefixed(2, '\0' + name + '\x01' + name))), kWrong);
  EXPECT_EQ(why_of(extension(0, prefixed(2, '\0' + name) + "x")), kWrong);
  EXPECT_EQ(why_of(sni("a.example") + sni("a.example")), "it has SNI twice");
}

TEST(ClientHelloPeek, RefusesNamesThatAreNoneOfAHost) {
  using namespace std::string_literals;
  const std::string label(63, 'a');
  const std::string long_name = label + '.' + label + '.' + label + '.' + label;
  for (const std::string& name :
       {""s, "."s, ".a"s, "a..b"s, "a.example."s, "a.example\0.b"s, "a\0"s, "a b"s, "[::1]"s,
        "::1"s, "a/b"s, "*.a"s, "b\xc3\xbc"s, label + "a", long_name}) {
    EXPECT_EQ(why_of(sni(name)), "the name in its SNI is none of a host") << name;
  }
}

TEST(ClientHelloPeek, RefusesWrongProtocolLists) {
  const std::string_view kWrong = "its ALPN is no list of protocols";
  EXPECT_EQ(why_of(extension(16, "")), kWrong);
  EXPECT_EQ(why_of(extension(16, prefixed(2, ""))), kWrong);
  EXPECT_EQ(why_of(alpn({"h2", ""})), kWrong);
  EXPECT_EQ(why_of(extension(16, prefixed(2, "\x05h2"))), kWrong);
  EXPECT_EQ(why_of(extension(16, prefixed(2, "\x02h2") + "x")), kWrong);
  EXPECT_EQ(why_of(alpn({"h2"}) + alpn({"h2"})), "it has ALPN twice");
}

TEST(ClientHelloPeek, RefusesMessagesThatAreCutWithinTheirLength) {
  const std::string whole = hello_message(sni("a.example"));
  for (std::size_t size = 0; size + 4 < whole.size(); ++size) {
    // Without extensions it is whole again.
    const std::string message = '\x01' + prefixed(3, whole.substr(4, size));
    const bool no_extensions = size == 2 + 32 + 33 + 6 + 2;
    EXPECT_EQ(look(in_records(message)), no_extensions ? Outcome::Hello : Outcome::Malformed)
        << size;
  }
  EXPECT_EQ(why(in_records('\x01' + prefixed(3, whole.substr(4) + "x"))), "its extensions are cut");
}

TEST(ClientHelloPeek, StaysWithWhatItHasSaid) {
  ClientHelloPeek peek;
  EXPECT_EQ(peek.look(sliced("GET ")), Outcome::NotTls);
  EXPECT_EQ(peek.look(sliced("GET / HTTP/1.1\r\n")), Outcome::NotTls);
}

TEST(ServerName, ComparesInLowerCase) {
  EXPECT_EQ(normal_server_name("Shop_1.EXAMPLE"), "shop_1.example");
  EXPECT_EQ(normal_server_name("localhost"), "localhost");
  EXPECT_EQ(normal_server_name("10.0.0.1"), "10.0.0.1");
}

}  // namespace
}  // namespace weir::tls
