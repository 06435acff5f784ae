#include <string>

#include <gtest/gtest.h>

#include "tests/support/unit/chain_rig.h"
#include "tests/unit/core/tls/client_hello_bytes.h"

namespace weir::filter {
namespace {

using test::ChainRig;
using tls::hello_bytes;

// Takes the first byte away.
class FirstByte final : public AcceptFilter {
 public:
  Verdict on_accept(ConnectionInfo&) override { return Verdict::Pause; }
  Verdict on_peek(ConnectionInfo&, net::Connection& connection) override {
    connection.input().consume(1);
    return Verdict::Continue;
  }
};

class FirstByteFactory final : public AcceptFilterFactory {
 public:
  std::unique_ptr<AcceptFilter> create(event::Reactor&, const ConnectionInfo&) const override {
    return std::make_unique<FirstByte>();
  }
};

class ChainByHello : public testing::Test, protected ChainRig {
 protected:
  void offer_by_protocol(const char* name, std::string protocol) {
    route::Match match;
    match.alpn = {std::move(protocol)};
    offer(name, std::move(match));
  }
  void offer_shop_and_rest() {
    offer_by_name("shop", "*.shop.example");
    offer("rest", {});
  }
};

TEST_F(ChainByHello, ChoosesByTheServerNameAndTakesNoByteAway) {
  offer_shop_and_rest();
  open();
  const std::string hello = hello_bytes("a.Shop.example");
  EXPECT_EQ(said(hello), "shop:" + hello);
  EXPECT_EQ(info().sni(), "a.shop.example");
}

TEST_F(ChainByHello, ASuffixDoesNotIncludeTheNameItself) {
  offer_shop_and_rest();
  open();
  const std::string hello = hello_bytes("shop.example");
  EXPECT_EQ(said(hello), "rest:" + hello);
}

TEST_F(ChainByHello, ChoosesTheSameWhenTheBytesComeOneByOne) {
  offer_shop_and_rest();
  open();
  const std::string hello = hello_bytes("a.shop.example");
  for (std::size_t i = 0; i + 1 < hello.size(); ++i) ASSERT_EQ(said(hello.substr(i, 1)), "") << i;
  EXPECT_EQ(said(hello.substr(hello.size() - 1)), "shop:" + hello);
}

TEST_F(ChainByHello, ChoosesByWhatTheClientOffersInTheOrderOfChains) {
  offer_by_protocol("acme", "acme-tls/1");
  offer_by_protocol("h1", "http/1.1");
  offer_by_protocol("h2", "h2");
  open();
  const std::string hello = hello_bytes("a.example", {"h2", "http/1.1"});
  EXPECT_EQ(said(hello), "h1:" + hello);
}

TEST_F(ChainByHello, AsksBothWhereBothAreWritten) {
  route::Match match;
  match.sni = {{route::TextMatch::Kind::Exact, "a.example", false}};
  match.alpn = {"h2"};
  offer("both", std::move(match));
  offer("rest", {});
  open();
  const std::string hello = hello_bytes("a.example", {"http/1.1"});
  EXPECT_EQ(said(hello), "rest:" + hello);
}

TEST_F(ChainByHello, DoesNotWaitWhereAnEarlierChainTakesTheClient) {
  route::Match of_client;
  of_client.client_ip = {net::Cidr::parse("192.0.2.0/24").value()};
  offer("near", std::move(of_client));
  offer_shop_and_rest();
  open();
  EXPECT_EQ(said(""), "near:");
}

TEST_F(ChainByHello, DoesNotWaitForChainsOfOtherClients) {
  route::Match of_others;
  of_others.client_ip = {net::Cidr::parse("10.0.0.0/8").value()};
  of_others.sni = {{route::TextMatch::Kind::Exact, "a.example", false}};
  offer("others", std::move(of_others));
  offer("rest", {});
  open();
  EXPECT_EQ(said(""), "rest:");
}

TEST_F(ChainByHello, ChainsThatAskForAHelloDoNotTakeOtherProtocols) {
  offer_by_name("not shop", "shop.example", true);
  offer("rest", {});
  open();
  EXPECT_EQ(said("GET / HTTP/1.1\r\n"), "rest:GET / HTTP/1.1\r\n");
}

TEST_F(ChainByHello, AHelloWithoutNameIsNoneOfThoseThatAreExcluded) {
  offer_by_name("shop", "*");
  offer_by_name("not shop", "shop.example", true);
  open();
  const std::string hello = tls::in_records(tls::hello_message(""));
  EXPECT_EQ(said(hello), "not shop:" + hello);
}

TEST_F(ChainByHello, ClosesOneThatIsMalformed) {
  offer_shop_and_rest();
  open();
  EXPECT_EQ(said(hello_bytes("shop example")), "");
  EXPECT_TRUE(closed());
}

TEST_F(ChainByHello, ClosesWhenNoChainIsForTheName) {
  offer_by_name("shop", "shop.example");
  open();
  EXPECT_EQ(said(hello_bytes("a.example")), "");
  EXPECT_TRUE(closed());
}

TEST_F(ChainByHello, GoesOnWithoutAfterTheTimeout) {
  offer_shop_and_rest();
  open(20);
  const std::string part = hello_bytes("a.shop.example").substr(0, 30);
  EXPECT_EQ(said(part), "");
  wait_for_timeout();
  EXPECT_EQ(pipe.received, "rest:" + part);
}

TEST_F(ChainByHello, ClosesAfterTheTimeoutWhenEveryChainAsks) {
  offer_by_name("shop", "*");
  open(20);
  wait_for_timeout();
  EXPECT_TRUE(closed());
}

TEST_F(ChainByHello, GoesOnWithoutWhenNoMoreComes) {
  offer_shop_and_rest();
  open();
  EXPECT_EQ(said("\x16\x03"), "");
  pipe.send_fin();
  pipe.run();
  EXPECT_EQ(pipe.received, "rest:\x16\x03");
  EXPECT_TRUE(pipe.got_fin);
}

TEST_F(ChainByHello, LooksBehindWhatAcceptFiltersTake) {
  accept.push_back({"first_byte", std::make_unique<FirstByteFactory>()});
  offer_shop_and_rest();
  open();
  const std::string hello = hello_bytes("a.shop.example");
  EXPECT_EQ(said("x" + hello), "shop:" + hello);
}

TEST_F(ChainByHello, ClosesWhoHasSaidNothingWhenWeirEnds) {
  offer_shop_and_rest();
  open();
  drain();
  EXPECT_TRUE(closed());
}

}  // namespace
}  // namespace weir::filter
