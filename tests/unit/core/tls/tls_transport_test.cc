#include "core/tls/tls_transport.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/core/tls/tls_pair.h"

namespace weir::tls {
namespace {

using test::in_turn;

class TlsTransportTest : public test::TlsPairTest {
 protected:
  std::string pattern(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
      text[i] = static_cast<char>('a' + (i * 7 + i / 997) % 26);
    return text;
  }
  void only(Version version) {
    server_spec.protocol.min_version = version;
    server_spec.protocol.max_version = version;
  }
};

TEST_F(TlsTransportTest, CarriesBytesBothWays) {
  server_spec.alpn = {"h2", "http/1.1"};
  client_spec.alpn = {"http/1.1", "h2"};
  meet();
  ASSERT_TRUE(server->handshake && client->handshake) << server->reason() << client->reason();
  EXPECT_EQ(server->handshake->version, "TLSv1.3");
  EXPECT_EQ(server->handshake->cipher, client->handshake->cipher);
  EXPECT_EQ(server->handshake->alpn, "h2");
  EXPECT_EQ(server->handshake->server_name, "example.com");
  EXPECT_FALSE(server->handshake->resumed);
  EXPECT_FALSE(server->handshake->peer);
  ASSERT_TRUE(client->handshake->peer);
  EXPECT_EQ(client->handshake->peer->subject, "CN=server");
  talk();
}

TEST_F(TlsTransportTest, ShakesHandsInPiecesOfEverySize) {
  for (const Version version : {Version::Tls12, Version::Tls13}) {
    only(version);
    configure();
    for (const std::size_t size : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 13u, 64u, 255u, 256u, 1000u}) {
      begin();
      server->limits = client->limits = {size, size};
      ASSERT_TRUE(run_until([&] { return server->over() && client->over(); })) << size;
      ASSERT_TRUE(server->handshake && client->handshake) << server->reason();
      talk();
      server->limits = client->limits = {};
    }
  }
}

TEST_F(TlsTransportTest, TakesBytesThatWereReadBefore) {
  configure();
  auto [near, far] = test::make_sockets();
  client = std::make_unique<test::TlsEnd>(loop, blocks);
  client->start(client_context->new_connection(host, "peer"), std::move(far));
  for (const std::size_t peeked : {1u, 100u, 4'000u}) {
    auto [a, b] = test::make_sockets();
    client = std::make_unique<test::TlsEnd>(loop, blocks);
    client->start(client_context->new_connection(host, "peer"), std::move(b));
    std::string bytes(peeked, ' ');
    const ssize_t got = read(a.get(), bytes.data(), bytes.size());
    ASSERT_GT(got, 0);
    Buffer already_read;
    already_read.append_copy(blocks, bytes.substr(0, static_cast<std::size_t>(got)));
    server = std::make_unique<test::TlsEnd>(loop, blocks);
    server->start(server_context->new_connection(), std::move(a), 10'000, std::move(already_read));
    ASSERT_TRUE(run_until([&] { return server->over() && client->over(); }));
    ASSERT_TRUE(server->handshake && client->handshake) << server->reason();
    talk();
  }
}

TEST_F(TlsTransportTest, MovesMuchInBothDirectionsAtOnce) {
  const std::string up = pattern(3'000'000);
  const std::string down = pattern(2'500'000);
  for (const Version version : {Version::Tls12, Version::Tls13}) {
    only(version);
    configure();
    meet();
    in_turn(loop, [&] {
      client->connection->output().append_copy(blocks, up);
      server->connection->output().append_copy(blocks, down);
    });
    ASSERT_TRUE(run_until(
        [&] { return server->seen.size() == up.size() && client->seen.size() == down.size(); }));
    EXPECT_TRUE(server->seen == up);
    EXPECT_TRUE(client->seen == down);
  }
}

TEST_F(TlsTransportTest, HoldsBackWhatThePeerDoesNotRead) {
  meet();
  in_turn(loop, [&] { client->connection->pause(net::kPausedByOutput); });
  const std::string down = pattern(2'000'000);
  server->write(down);
  for (int i = 0; i < 200; ++i) loop.run_once();
  EXPECT_GT(server->connection->output_size(), 1'000'000u);
  EXPECT_EQ(client->seen, "");
  // What is encrypted and not written is a little more than one portion.
  EXPECT_LT(blocks.bytes_in_use(), server->connection->memory() + 8 * 16 * 1024);
  in_turn(loop, [&] { client->connection->resume(net::kPausedByOutput); });
  ASSERT_TRUE(run_until([&] { return client->seen.size() == down.size(); }));
  EXPECT_TRUE(client->seen == down);
}

TEST_F(TlsTransportTest, HoldsNoBlockBetweenMessages) {
  meet();
  talk();
  EXPECT_EQ(blocks.bytes_in_use(), 0u);
}

TEST_F(TlsTransportTest, WakesItsOwnerForBytesThatAreHereAlready) {
  meet();
  in_turn(loop, [&] { server->connection->pause(net::kPausedByFilter); });
  // Much more than one read of the owner's, in one read below.
  const std::string up = pattern(60'000);
  client->write(up);
  for (int i = 0; i < 50; ++i) loop.run_once();
  EXPECT_EQ(server->seen, "");
  in_turn(loop, [&] { server->connection->resume(net::kPausedByFilter); });
  ASSERT_TRUE(run_until([&] { return server->seen.size() == up.size(); }, 20));
}

TEST_F(TlsTransportTest, WritesAMessageWithOneCall) {
  meet();
  talk();
  const int writes = server->limits.writes;
  const int reads = client->limits.reads;
  in_turn(loop, [&] {
    for (int i = 0; i < 100; ++i) {
      server->connection->output().append_copy(blocks, std::string(500, 'x'));
    }
  });
  EXPECT_EQ(server->limits.writes, writes + 1);
  ASSERT_TRUE(run_until([&] { return client->seen.size() == 6 + 50'000; }));
  EXPECT_LT(client->limits.reads, reads + 6);
}

TEST_F(TlsTransportTest, GoesOnInOneDirectionWhenTheOtherHasEnded) {
  meet();
  in_turn(loop, [&] {
    client->connection->output().append_copy(blocks, "all of it");
    client->connection->shutdown_write();
  });
  ASSERT_TRUE(run_until([&] { return server->ended; }));
  EXPECT_EQ(server->seen, "all of it");
  EXPECT_FALSE(server->closed);
  server->write(pattern(200'000));
  ASSERT_TRUE(run_until([&] { return client->seen.size() == 200'000; }));
  in_turn(loop, [&] { server->connection->close_when_flushed(); });
  ASSERT_TRUE(run_until([&] { return client->ended && server->closed.has_value(); }));
  EXPECT_EQ(server->closed, net::CloseReason::Local);
}

TEST_F(TlsTransportTest, SendsTheLastAnswerAndTheEndTogether) {
  meet();
  talk();
  const int writes = server->limits.writes;
  in_turn(loop, [&] {
    server->connection->output().append_copy(blocks, "bye");
    server->connection->close_when_flushed();
  });
  EXPECT_EQ(server->limits.writes, writes + 1);
  ASSERT_TRUE(run_until([&] { return client->ended; }));
  EXPECT_EQ(client->seen, "answerbye");
}

TEST_F(TlsTransportTest, LosesNothingWhenItIsDestroyedBehindTheLastByte) {
  meet();
  const std::string down = pattern(900'000);
  in_turn(loop, [&] { client->connection->pause(net::kPausedByOutput); });
  in_turn(loop, [&] {
    server->connection->output().append_copy(blocks, down);
    server->connection->close_when_written();
  });
  for (int i = 0; i < 20; ++i) loop.run_once();
  EXPECT_FALSE(server->closed);
  in_turn(loop, [&] { client->connection->resume(net::kPausedByOutput); });
  ASSERT_TRUE(run_until([&] { return client->ended && server->closed.has_value(); }));
  EXPECT_TRUE(client->seen == down);
}

TEST_F(TlsTransportTest, IsNotDoneWithBytesThatAreEncryptedOnly) {
  meet();
  const std::string down = pattern(5'000);
  server->limits.write = 100;
  server->write(down);
  EXPECT_EQ(server->connection->output_size(), 1u);
  in_turn(loop, [&] { server->connection->close_when_written(); });
  EXPECT_FALSE(server->closed);
  ASSERT_TRUE(run_until([&] { return client->ended && server->closed.has_value(); }));
  EXPECT_TRUE(client->seen == down);
}

TEST_F(TlsTransportTest, TakesAnEndWithoutCloseNotifyForAnError) {
  meet();
  talk();
  in_turn(loop, [&] {
    client->connection->output().append_copy(blocks, "half a mess");
    client->connection->close();
  });
  ASSERT_TRUE(run_until([&] { return server->closed.has_value(); }));
  EXPECT_FALSE(server->ended);
  EXPECT_EQ(server->closed, net::CloseReason::Reset);
}

TEST_F(TlsTransportTest, TakesBytesThatNobodyEncryptedForAnError) {
  meet();
  talk();
  const std::string junk = std::string("\x17\x03\x03\x00\x15", 5) + "plain text, no cipher";
  ASSERT_GT(write(client->connection->transport().raw_fd(), junk.data(), junk.size()), 0);
  ASSERT_TRUE(run_until([&] { return server->closed.has_value(); }));
  EXPECT_EQ(server->closed, net::CloseReason::Reset);
  EXPECT_EQ(server->seen, "question");
}

TEST_F(TlsTransportTest, IsQuietUntilTheOtherSideSaysSomething) {
  meet();
  EXPECT_TRUE(client->connection->quiet());
  // Brings tickets with it, which are nothing that anybody asked for.
  talk();
  EXPECT_TRUE(client->connection->quiet());
  EXPECT_TRUE(client->connection->seems_quiet());
  server->write("more");
  EXPECT_FALSE(client->connection->quiet());
  ASSERT_TRUE(run_until([&] { return client->seen == "answermore"; }));
  EXPECT_TRUE(client->connection->quiet());
  in_turn(loop, [&] { server->connection->shutdown_write(); });
  EXPECT_FALSE(client->connection->quiet());
}

TEST_F(TlsTransportTest, MakesSmallRecordsFirst) {
  // Nobody decrypts: what arrives are records, whose heads say how long they are.
  meet();
  in_turn(loop, [&] { client->connection->pause(net::kPausedByOutput); });
  server->write(pattern(60'000));
  std::string records(120'000, ' ');
  const ssize_t got =
      read(client->connection->transport().raw_fd(), records.data(), records.size());
  ASSERT_GT(got, 60'000);
  std::vector<std::size_t> sizes;
  for (std::size_t at = 0; at + 5 <= static_cast<std::size_t>(got);) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(records[at + i]); };
    sizes.push_back(std::size_t{byte(3)} << 8 | byte(4));
    at += 5 + sizes.back();
  }
  // Two tickets come first.
  ASSERT_GT(sizes.size(), 12u);
  EXPECT_LE(sizes[2], 1'428u);
  EXPECT_LE(sizes[8], 1'428u);
  EXPECT_GT(sizes[sizes.size() - 2], 16'000u);
}

TEST_F(TlsTransportTest, SaysThatAClientSpokeHttp) {
  configure();
  auto [a, b] = test::make_sockets();
  server = std::make_unique<test::TlsEnd>(loop, blocks);
  server->at_failure = [&] {
    const std::string_view answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
    const iovec piece{const_cast<char*>(answer.data()), answer.size()};
    server->transport->below().write_some(std::span(&piece, 1), true);
    server->connection->close_when_flushed();
  };
  server->start(server_context->new_connection(), std::move(a));
  const std::string_view request = "OPTIONS / HTTP/1.1\r\nHost: example.com\r\n\r\n";
  ASSERT_GT(write(b.get(), request.data(), request.size()), 0);
  ASSERT_TRUE(run_until([&] { return server->failure.has_value(); }));
  EXPECT_EQ(server->reason(), "http_request");
  std::string answer(100, ' ');
  answer.resize(static_cast<std::size_t>(read(b.get(), answer.data(), answer.size())));
  EXPECT_EQ(answer, "HTTP/1.1 400 Bad Request\r\n\r\n");
  b = net::Descriptor();
  ASSERT_TRUE(run_until([&] { return server->closed.has_value(); }));
}

TEST_F(TlsTransportTest, SaysThatAPeerSpeaksNoTls) {
  configure();
  for (const std::string_view bytes : {"SSH-2.0-OpenSSH_9\r\n", "\x01\x02\x03\x04\x05\x06"}) {
    auto [a, b] = test::make_sockets();
    server = std::make_unique<test::TlsEnd>(loop, blocks);
    server->start(server_context->new_connection(), std::move(a));
    ASSERT_GT(write(b.get(), bytes.data(), bytes.size()), 0);
    ASSERT_TRUE(run_until([&] { return server->over(); }));
    EXPECT_EQ(server->reason(), "not_tls");
  }
}

TEST_F(TlsTransportTest, SaysThatAPeerWentAwayOrIsSlow) {
  configure();
  auto [a, b] = test::make_sockets();
  server = std::make_unique<test::TlsEnd>(loop, blocks);
  server->start(server_context->new_connection(), std::move(a));
  b = net::Descriptor();
  ASSERT_TRUE(run_until([&] { return server->over(); }));
  EXPECT_EQ(server->reason(), "closed");

  auto [c, d] = test::make_sockets();
  server = std::make_unique<test::TlsEnd>(loop, blocks);
  server->start(server_context->new_connection(), std::move(c), 20);
  EXPECT_FALSE(server->over());
  for (int i = 0; i < 100 && !server->over(); ++i) loop.run_once(true);
  EXPECT_EQ(server->reason(), "timeout");
}

TEST_F(TlsTransportTest, SaysThatAPeerBrokeOff) {
  configure();
  begin();
  // A socket that is closed with bytes that nobody has read breaks the connection.
  ASSERT_TRUE(run_until([&] { return server->limits.writes > 0; }));
  ASSERT_FALSE(client->over());
  client.reset();
  ASSERT_TRUE(run_until([&] { return server->over(); }));
  EXPECT_EQ(server->reason(), "reset");

  meet();
  in_turn(loop, [&] { client->connection->pause(net::kPausedByOutput); });
  server->write("answer");
  in_turn(loop, [&] { client->connection->reset(); });
  ASSERT_TRUE(run_until([&] { return server->closed.has_value(); }));
  EXPECT_FALSE(server->ended);
  EXPECT_EQ(server->closed, net::CloseReason::Reset);
}

TEST_F(TlsTransportTest, TellsThePeerWhyItGaveUp) {
  server_spec.alpn = {"h2"};
  client_spec.alpn = {"http/1.1"};
  meet();
  EXPECT_EQ(server->reason(), "no_application_protocol");
  EXPECT_EQ(client->reason(), "alert_no_application_protocol");
}

TEST_F(TlsTransportTest, UnderstandsAClientThatComplainsInClear) {
  // As OpenSSL does with TLS 1.3.
  configure();
  auto [a, b] = test::make_sockets();
  event::Loop of_client;
  client = std::make_unique<test::TlsEnd>(of_client, blocks);
  client->start(client_context->new_connection(host, "peer"), std::move(b));
  server = std::make_unique<test::TlsEnd>(loop, blocks);
  server->start(server_context->new_connection(), std::move(a));
  ASSERT_TRUE(run_until([&] { return server->limits.writes > 0; }));
  const std::string alert("\x15\x03\x03\x00\x02\x02\x30", 7);
  ASSERT_EQ(write(client->connection->transport().raw_fd(), alert.data(), alert.size()), 7);
  ASSERT_TRUE(run_until([&] { return server->over(); }));
  EXPECT_EQ(server->reason(), "alert_unknown_ca");
  client.reset();
}

TEST_F(TlsTransportTest, FindsNoVersionAndNoCipherInCommon) {
  only(Version::Tls13);
  client_spec.protocol.max_version = Version::Tls12;
  meet();
  EXPECT_EQ(server->reason(), "protocol_version");
  EXPECT_EQ(client->reason(), "alert_protocol_version");

  only(Version::Tls12);
  server_spec.protocol.ciphers = {"ECDHE-ECDSA-AES256-GCM-SHA384"};
  client_spec.protocol.ciphers = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};
  configure();
  meet();
  EXPECT_EQ(server->reason(), "no_shared_cipher");
  EXPECT_EQ(client->reason(), "alert_handshake_failure");
}

TEST_F(TlsTransportTest, TakesTheCipherThatTheServerLikesBest) {
  only(Version::Tls12);
  const std::string aes128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
  const std::string aes256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
  server_spec.protocol.ciphers = {aes256, aes128};
  client_spec.protocol.ciphers = {aes128, aes256};
  meet();
  ASSERT_TRUE(server->handshake);
  EXPECT_EQ(server->handshake->cipher, aes256);
}

TEST_F(TlsTransportTest, MayBeDestroyedByWhoeverItTells) {
  configure();
  begin();
  server->at_handshake = [&] { server->connection->reset(); };
  client->at_handshake = [&] { client->connection.reset(); };
  client->at_failure = [&] { client->connection.reset(); };
  ASSERT_TRUE(run_until([&] { return server->over() && client->over(); }));
  for (int i = 0; i < 10; ++i) loop.run_once();
}

TEST_F(TlsTransportTest, EndsAHandshakeThatNobodyWantsAnyMore) {
  configure();
  begin();
  in_turn(loop, [&] { server->connection->close_when_flushed(); });
  ASSERT_TRUE(run_until([&] { return client->over() && server->closed.has_value(); }));
  EXPECT_EQ(client->reason(), "closed");
  EXPECT_FALSE(server->over());
}

TEST_F(TlsTransportTest, SharesItsContextsWithOtherThreads) {
  server_spec.client_certificates = ClientCertificates::Require;
  server_spec.client_trust.ca = {root.certificate(), "clients.crt"};
  client_spec.certificate = test::spec_of(root.issue({.common_name = "alice"}));
  configure();
  std::atomic<int> resumed = 0;
  const auto work = [&] {
    event::Loop own_loop;
    BlockPool pool;
    for (int i = 0; i < 20; ++i) {
      auto [a, b] = test::make_sockets();
      test::TlsEnd one(own_loop, pool);
      test::TlsEnd two(own_loop, pool);
      one.start(server_context->new_connection(), std::move(a));
      two.start(client_context->new_connection(host, "peer"), std::move(b));
      for (int round = 0; round < 1'000 && two.seen.empty(); ++round) {
        if (one.handshake && one.connection->bytes_out() == 0) one.write("answer");
        own_loop.run_once();
      }
      EXPECT_EQ(two.seen, "answer");
      if (one.handshake && one.handshake->resumed) ++resumed;
    }
  };
  std::thread other(work);
  work();
  other.join();
  EXPECT_GT(resumed.load(), 30);
}

}  // namespace
}  // namespace weir::tls
