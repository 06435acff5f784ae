#include "core/base/journal_socket.h"

#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/core/base/temporary_directory.h"

namespace weir {
namespace {

// Receives what a journal would.
class TestJournal {
 public:
  explicit TestJournal(const std::string& path) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~TestJournal() { close(fd_); }
  std::string receive() const {
    char bytes[8192];
    const ssize_t size = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
    return size < 0 ? "" : std::string(bytes, static_cast<std::size_t>(size));
  }

 private:
  int fd_;
};

class JournalSocketTest : public testing::Test {
 protected:
  const TemporaryDirectory directory_;
  const std::string path_ = directory_.path("journal");
};

TEST_F(JournalSocketTest, SendsFieldsNoneOfWhichAMessageCanAdd) {
  const TestJournal journal(path_);
  auto socket = JournalSocket::open(path_).value();
  ASSERT_TRUE(socket.send({LogLevel::Warning, "upstream", "refused\nPRIORITY=0", 2}));
  EXPECT_EQ(journal.receive(),
            "SYSLOG_IDENTIFIER=weir\nPRIORITY=4\nWEIR_PART=upstream\n"
            "MESSAGE=refused\\nPRIORITY=0 (and 2 more like this)\n");
}

TEST_F(JournalSocketTest, SaysThatNobodyListens) {
  const auto socket = JournalSocket::open(path_);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().message,
            "no journal listens at " + path_ + ": No such file or directory");
  EXPECT_FALSE(JournalSocket::open(std::string(108, 'x')));
}

TEST_F(JournalSocketTest, FindsAJournalThatStartedAnew) {
  auto first = std::make_unique<TestJournal>(path_);
  auto socket = JournalSocket::open(path_).value();
  first.reset();
  EXPECT_FALSE(socket.send({LogLevel::Info, "server", "lost"}));
  unlink(path_.c_str());
  EXPECT_FALSE(socket.send({LogLevel::Info, "server", "lost"}));
  const TestJournal second(path_);
  EXPECT_TRUE(socket.send({LogLevel::Info, "server", "kept"}));
  EXPECT_TRUE(second.receive().ends_with("MESSAGE=kept\n"));
}

TEST_F(JournalSocketTest, DoesNotWaitForAJournalThatReadsNothing) {
  const TestJournal journal(path_);
  auto socket = JournalSocket::open(path_).value();
  Result<void> taken;
  for (int i = 0; i < 10'000 && taken; ++i) taken = socket.send({LogLevel::Info, "server", "more"});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, EAGAIN);
}

}  // namespace
}  // namespace weir
